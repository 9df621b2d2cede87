#include "chatapps/client.hpp"

#include <atomic>
#include <mutex>
#include <utility>

#include "bulk.hpp"
#include "call/background.hpp"
#include "call/check_options.hpp"
#include "call/engine.hpp"
#include "call/flight.hpp"
#include "call/request.hpp"
#include "chatapps/errors.hpp"
#include "process_id.hpp"

namespace chatapps {

/// What the copies of a client share.
class ChatAppsClient::Core {
 public:
  explicit Core(ClientOptions options) : options_(std::move(options)), live_(new Live(options_)) {}
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;
  ~Core() {
    Live* live = live_.load();
    if (live->process == processId()) delete live;
  }

  std::shared_ptr<call::Engine> engine() { return live().engine; }

  void start(call::CallRequest request, call::Flight::OnDone onDone) {
    Live& now = live();
    {
      const std::lock_guard lock(now.mutex);
      if (!now.background) now.background = std::make_unique<call::Background>(now.engine);
    }
    now.background->start(std::move(request), std::move(onDone));
  }

 private:
  struct Live {
    explicit Live(const ClientOptions& options) : engine(std::make_shared<call::Engine>(options)) {}

    const long process = processId();
    const std::shared_ptr<call::Engine> engine;
    std::mutex mutex;
    std::unique_ptr<call::Background> background;  ///< from the first asynchronous call on
  };

  // After fork() the child has none of the threads, and its connections and locks belong to the parent as well: it starts
  // afresh and leaves the old ones untouched, which means never freeing them.
  Live& live() {
    Live* current = live_.load();
    if (current->process == processId()) return *current;
    auto fresh = std::make_unique<Live>(options_);
    return live_.compare_exchange_strong(current, fresh.get()) ? *fresh.release() : *current;
  }

  const ClientOptions options_;
  std::atomic<Live*> live_;
};

namespace {

using OnDone = std::function<void(Outcome<MessageDetails>)>;

void callBack(const call::Engine& engine, const OnDone& onDone, Outcome<MessageDetails> outcome) {
  try {
    onDone(std::move(outcome));
  } catch (...) {
    engine.callbackFailed("onDone");
  }
}

// Where the executor fails, the callback runs here rather than never.
void deliver(const std::shared_ptr<call::Engine>& engine, const OnDone& onDone, Outcome<MessageDetails> outcome) {
  if (engine->executor) {
    try {
      return engine->executor([engine, onDone, outcome] { callBack(*engine, onDone, outcome); });
    } catch (...) {
      engine->callbackFailed("executor");
    }
  }
  callBack(*engine, onDone, std::move(outcome));
}

}  // namespace

ChatAppsClient::ChatAppsClient(ClientOptions options) : core_(std::make_shared<Core>(std::move(options))) {}

ChatAppsClient ChatAppsClient::fromEnvironment() { return ChatAppsClient(ClientOptions::fromEnvironment()); }

MessageDetails ChatAppsClient::getMessageDetails(std::string_view subAccountId, std::string_view umid, const CallOptions& call) const {
  const auto engine = core_->engine();
  call::CallRequest request = call::makeRequest(*engine, std::string(subAccountId), std::string(umid), call);
  http::Loop loop(engine->clock, engine->transport, engine->wires);
  const auto flight = std::make_shared<call::Flight>(loop, engine, std::move(request));
  std::optional<Outcome<MessageDetails>> outcome;
  flight->start([&](Outcome<MessageDetails> ended) { outcome = std::move(ended); });
  while (!outcome) loop.turn();
  return std::move(*outcome).value();
}

std::future<MessageDetails> ChatAppsClient::getMessageDetailsAsync(std::string subAccountId, std::string umid, CallOptions call) const {
  const auto promise = std::make_shared<std::promise<MessageDetails>>();
  const auto keep = [promise](Outcome<MessageDetails> outcome) {
    if (outcome.ok()) {
      promise->set_value(std::move(outcome).value());
    } else {
      promise->set_exception(outcome.error());
    }
  };
  const auto engine = core_->engine();
  try {
    core_->start(call::makeRequest(*engine, std::move(subAccountId), std::move(umid), std::move(call)), keep);
  } catch (...) {
    keep(Outcome<MessageDetails>(std::current_exception()));
  }
  return promise->get_future();
}

void ChatAppsClient::getMessageDetailsAsync(std::string subAccountId, std::string umid, CallOptions call,
                                            std::function<void(Outcome<MessageDetails>)> onDone) const {
  if (!onDone) throw InvalidArgumentError("onDone", "must be a function");
  const auto engine = core_->engine();
  const auto tell = [engine, onDone = std::move(onDone)](Outcome<MessageDetails> outcome) {
    deliver(engine, onDone, std::move(outcome));
  };
  try {
    core_->start(call::makeRequest(*engine, std::move(subAccountId), std::move(umid), std::move(call)), tell);
  } catch (...) {
    tell(Outcome<MessageDetails>(std::current_exception()));
  }
}

BulkSummary ChatAppsClient::getMany(MessageSource source, BulkSink sink, BulkOptions bulk) const {
  return runBulk(core_->engine(), source, sink, std::move(bulk));
}

std::chrono::milliseconds ChatAppsClient::estimate(std::string_view subAccountId, std::size_t messages) const {
  const auto engine = core_->engine();
  call::checkSubAccountId(subAccountId);
  if (!engine->isPaced()) return std::chrono::milliseconds(0);
  return std::chrono::ceil<std::chrono::milliseconds>(
      engine->lane(subAccountId)->estimate(messages, engine->interval, engine->clock->now()));
}

}  // namespace chatapps
