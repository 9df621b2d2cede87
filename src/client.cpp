#include "chatapps/client.hpp"

#include <atomic>
#include <list>
#include <mutex>
#include <new>
#include <utility>

#include "bulk.hpp"
#include "call/background.hpp"
#include "call/engine.hpp"
#include "call/flight.hpp"
#include "call/request.hpp"
#include "chatapps/errors.hpp"
#include "http/thread_loop.hpp"
#include "process_id.hpp"
#include "wait/wait_run.hpp"

namespace chatapps {

namespace {

template <class T>
using OnDone = std::function<void(Outcome<T>)>;

/// Calls back exactly once: when it is run first, or else when the last one lets go of it.
template <class T>
class Telling {
 public:
  Telling(std::shared_ptr<call::Engine> engine, std::shared_ptr<const OnDone<T>> onDone, Outcome<T> outcome)
      : engine_(std::move(engine)), onDone_(std::move(onDone)), outcome_(std::move(outcome)) {}
  Telling(const Telling&) = delete;
  Telling& operator=(const Telling&) = delete;
  ~Telling() { run(); }

  void run() noexcept {
    if (ran_.exchange(true)) return;
    try {
      (*onDone_)(std::move(outcome_));
    } catch (...) {
      engine_->callbackFailed("onDone");
    }
  }

 private:
  std::shared_ptr<call::Engine> engine_;
  std::shared_ptr<const OnDone<T>> onDone_;
  Outcome<T> outcome_;
  std::atomic<bool> ran_{false};
};

// An executor that throws, or drops what it was given, does not lose the callback; nor does memory that ran out.
template <class T>
void deliver(const std::shared_ptr<call::Engine>& engine, const std::shared_ptr<const OnDone<T>>& onDone,
             Outcome<T> outcome) {
  std::shared_ptr<Telling<T>> telling;
  try {
    if (engine->executor) telling = std::make_shared<Telling<T>>(engine, onDone, std::move(outcome));
  } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): nothing was moved, the loop's thread can tell it
  }
  if (!telling) return Telling<T>(engine, onDone, std::move(outcome)).run();  // NOLINT(bugprone-use-after-move)
  try {
    engine->executor([telling] { telling->run(); });
  } catch (...) {
    engine->callbackFailed("executor");
  }
}

/// The two asynchronous forms of a call: `keepIn` fills a future, `giveTo` calls back.
template <class T>
OnDone<T> keepIn(const std::shared_ptr<std::promise<T>>& promise) {
  return [promise](Outcome<T> outcome) {
    if (outcome.ok()) {
      promise->set_value(std::move(outcome).value());
    } else {
      promise->set_exception(outcome.error());
    }
  };
}

template <class T>
OnDone<T> giveTo(const std::shared_ptr<call::Engine>& engine, OnDone<T> onDone) {
  if (!onDone) throw InvalidArgumentError("onDone", "must be a function");
  return [engine, kept = std::make_shared<const OnDone<T>>(std::move(onDone))](Outcome<T> outcome) {
    deliver<T>(engine, kept, std::move(outcome));
  };
}

}  // namespace

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

  /// `onDone` is called exactly once, on the client's own thread.
  void startCall(std::string subAccountId, std::string umid, CallOptions call, OnDone<MessageDetails> onDone);
  void startWaiting(const std::string& subAccountId, const std::string& umid, WaitOptions wait,
                    const OnDone<DeliveryReport>& onDone);

 private:
  // For a call about this message.
  call::Background& background(std::string_view subAccountId = {}, std::string_view umid = {}) {
    Live& now = live();
    const std::lock_guard lock(now.mutex);
    if (now.background) return *now.background;
    try {
      now.background = std::make_unique<call::Background>(now.engine);
    } catch (const std::system_error& error) {
      CallFacts facts{std::string(subAccountId), std::string(umid)};
      facts.retryable = true;
      throw TransportError(std::string("no thread could be started: ") + error.what(), facts, error.code().value());
    }
    return *now.background;
  }

  // Never on the thread that asks, which may hold a lock that the callback takes; unless there can be no other thread.
  template <class T>
  void fail(const OnDone<T>& onDone, const std::exception_ptr& error) {
    bool programEnds = false;
    try {
      return background().run([onDone, error] { onDone(Outcome<T>(error)); });
    } catch (const CancelledError&) {
      programEnds = true;
    } catch (...) {  // NOLINT(bugprone-empty-catch): told here
    }
    thread_local std::list<std::function<void()>>* askedMeanwhile = nullptr;
    if (askedMeanwhile && programEnds) return;  // a callback that asks again at each end would ask for good
    if (askedMeanwhile) return askedMeanwhile->push_back([onDone, error] { onDone(Outcome<T>(error)); });
    std::list<std::function<void()>> next;
    askedMeanwhile = &next;
    onDone(Outcome<T>(error));
    for (; !next.empty(); next.pop_front()) next.front()();
    askedMeanwhile = nullptr;
  }

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

ChatAppsClient::ChatAppsClient(ClientOptions options) : core_(std::make_shared<Core>(std::move(options))) {}

ChatAppsClient ChatAppsClient::fromEnvironment() { return ChatAppsClient(ClientOptions::fromEnvironment()); }

std::shared_ptr<call::Engine> ChatAppsClient::engine() const { return core_->engine(); }

MessageDetails ChatAppsClient::getMessageDetails(std::string_view subAccountId, std::string_view umid,
                                                 const CallOptions& call) const {
  const auto engine = core_->engine();
  call::CallRequest request = call::makeRequest(*engine, std::string(subAccountId), std::string(umid), call);
  const http::ThreadLoop loop(engine->clock, engine->transport, engine->wires);
  const auto flight = std::make_shared<call::Flight>(*loop, engine, std::move(request));
  std::optional<Outcome<MessageDetails>> outcome;
  flight->start([&](Outcome<MessageDetails> ended) { outcome = std::move(ended); });
  loop->runUntil([&] { return outcome.has_value(); });
  return std::move(*outcome).value();
}

void ChatAppsClient::Core::startCall(std::string subAccountId, std::string umid, CallOptions call,
                                     OnDone<MessageDetails> onDone) {
  try {
    background(subAccountId, umid)
        .start(call::makeRequest(*engine(), std::move(subAccountId), std::move(umid), std::move(call)), onDone);
  } catch (...) {
    fail<MessageDetails>(onDone, std::current_exception());
  }
}

void ChatAppsClient::Core::startWaiting(const std::string& subAccountId, const std::string& umid, WaitOptions wait,
                                        const OnDone<DeliveryReport>& onDone) {
  try {
    // Between two looks nothing of the wait is under way, so the client may be gone at the next.
    startWait(engine(), subAccountId, umid, std::move(wait), background(subAccountId, umid).starter(), onDone);
  } catch (...) {
    fail<DeliveryReport>(onDone, std::current_exception());
  }
}

std::future<MessageDetails> ChatAppsClient::getMessageDetailsAsync(std::string subAccountId, std::string umid,
                                                                   CallOptions call) const {
  const auto promise = std::make_shared<std::promise<MessageDetails>>();
  const auto core = core_;
  core->startCall(std::move(subAccountId), std::move(umid), std::move(call), keepIn(promise));
  return promise->get_future();
}

void ChatAppsClient::getMessageDetailsAsync(std::string subAccountId, std::string umid, CallOptions call,
                                            std::function<void(Outcome<MessageDetails>)> onDone) const {
  const auto core = core_;  // the callback may destroy this handle before we are back
  core->startCall(std::move(subAccountId), std::move(umid), std::move(call), giveTo(core->engine(), std::move(onDone)));
}

DeliveryReport ChatAppsClient::waitFor(std::string_view subAccountId, std::string_view umid, WaitOptions wait) const {
  return runWait(core_->engine(), std::string(subAccountId), std::string(umid), std::move(wait));
}

// Taken by value, as the other forms are. NOLINTBEGIN(performance-unnecessary-value-param)
std::future<DeliveryReport> ChatAppsClient::waitForAsync(std::string subAccountId, std::string umid,
                                                         WaitOptions wait) const {
  const auto promise = std::make_shared<std::promise<DeliveryReport>>();
  const auto core = core_;
  core->startWaiting(subAccountId, umid, std::move(wait), keepIn(promise));
  return promise->get_future();
}

void ChatAppsClient::waitForAsync(std::string subAccountId, std::string umid, WaitOptions wait,
                                  std::function<void(Outcome<DeliveryReport>)> onDone) const {
  const auto core = core_;
  core->startWaiting(subAccountId, umid, std::move(wait), giveTo(core->engine(), std::move(onDone)));
}

BulkSummary ChatAppsClient::getMany(MessageSource source, BulkSink sink, BulkOptions bulk) const {
  return runBulk(core_->engine(), source, sink, std::move(bulk));
}
// NOLINTEND(performance-unnecessary-value-param)

std::chrono::milliseconds ChatAppsClient::estimate(std::string_view subAccountId, std::size_t messages) const {
  const auto engine = core_->engine();
  call::checkSubAccountId(subAccountId);
  if (!engine->isPaced()) return std::chrono::milliseconds(0);
  return std::chrono::ceil<std::chrono::milliseconds>(
      engine->lane(subAccountId)->estimate(messages, engine->interval, engine->clock->now()));
}

}  // namespace chatapps
