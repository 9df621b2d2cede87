#include "chatapps/tracker.hpp"

#include <chrono>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

#include "call/check_options.hpp"
#include "call/engine.hpp"
#include "call/flight.hpp"
#include "cancellation_state.hpp"
#include "http/thread_loop.hpp"
#include "track/checkpoint_file.hpp"
#include "track/checkpoint_line.hpp"
#include "track/tracking.hpp"

namespace chatapps {
namespace {

using track::Followed;
using track::Moment;
using track::Subaccount;
using track::Tracking;

Moment momentOf(const Clock& clock) { return {clock.now(), clock.utcNow()}; }

TrackerOptions checked(TrackerOptions options) {
  if (!options.onChange) throw InvalidArgumentError("onChange", "must be a function");
  call::checkTimeout("timeout", options.timeout);
  call::checkInterval("firstInterval", options.firstInterval);
  call::checkInterval("longestInterval", options.longestInterval);
  if (options.longestInterval < options.firstInterval)
    throw InvalidArgumentError("longestInterval", "must not be less than firstInterval");
  call::checkGrace("receiptPatience", options.receiptPatience);
  call::checkGrace("notFoundGrace", options.notFoundGrace);
  call::checkGrace("fallbackGrace", options.fallbackGrace);
  call::checkGrace("rememberEnded", options.rememberEnded);
  return options;
}

}  // namespace

/// What the threads share, and the run that may be under way.
class DeliveryTracker::Core {
 public:
  Core(ChatAppsClient client, TrackerOptions options, std::shared_ptr<call::Engine> engine)
      : client_(std::move(client)),
        options_(checked(std::move(options))),
        clock_(engine->clock),
        tracking_(options_, engine->isPaced() ? engine->interval : Clock::duration::zero(), engine->retry.random) {
    told_ = options_.kept;
    if (options_.checkpointFile.empty()) return;
    file_.emplace(options_.checkpointFile);
    const std::string text = file_->read();
    if (text.empty()) {
      file_->replace(track::checkpointHeader(options_.goal));
    } else {
      file_->keep(tracking_.resume(text, momentOf(*clock_)));
    }
  }

  /// Does something with what is known, from any thread; a run that is under way hears of it.
  template <class Work>
  auto with(Work work) {
    const std::lock_guard lock(mutex_);
    auto result = work(tracking_, momentOf(*clock_));
    if (inbox_) inbox_->post([] {});
    return result;
  }

  bool ingest(const DeliveryReceipt& receipt) {
    return with([&](Tracking& tracking, Moment at) {
      const Tracking::Heard heard = tracking.heard(receipt, at);
      if (heard.needless) needless_.push_back(heard.needless);
      return heard.isFollowed;
    });
  }

  template <class Look>
  auto look(Look look) const {
    const std::lock_guard lock(mutex_);
    return look(tracking_);
  }
  const Clock& clock() const noexcept { return *clock_; }

  bool run(const CancellationToken& cancellation);

 private:
  class Run;

  void begin(std::shared_ptr<http::Inbox> inbox) {
    const std::lock_guard lock(mutex_);
    if (inbox_) throw InvalidArgumentError("run", "is under way already");
    inbox_ = std::move(inbox);
  }
  void end() noexcept {
    const std::lock_guard lock(mutex_);
    inbox_ = nullptr;
    needless_.clear();
  }

  // Called on the thread of the run.
  void tellNews();
  void tidy();

  const ChatAppsClient client_;
  const TrackerOptions options_;
  const std::shared_ptr<Clock> clock_;

  mutable std::mutex mutex_;
  Tracking tracking_;
  std::vector<Subaccount*> needless_;   // whose look is not needed any more
  std::shared_ptr<http::Inbox> inbox_;  // of the run under way

  // Of the thread of the run.
  std::optional<track::CheckpointFile> file_;
  std::string unwritten_;
  std::deque<TrackedChange> untold_;
  std::uint64_t told_ = 0;
};

// First it is written, then told, then ticked off.
void DeliveryTracker::Core::tellNews() {
  {
    const std::lock_guard lock(mutex_);
    Tracking::News news = tracking_.takeNews();
    unwritten_ += news.lines;
    for (TrackedChange& change : news.changes) untold_.push_back(std::move(change));
  }
  if (file_ && !unwritten_.empty()) file_->append(unwritten_, !untold_.empty());
  unwritten_.clear();
  while (!untold_.empty()) {
    options_.onChange(untold_.front());
    told_ = untold_.front().number;
    untold_.pop_front();
    if (file_) file_->append(track::toldLine(told_), false);
  }
  tidy();
}

void DeliveryTracker::Core::tidy() {
  std::string text;
  {
    const std::lock_guard lock(mutex_);
    if (!tracking_.isUntidy() || tracking_.hasNews()) return;
    text = tracking_.tidy(momentOf(*clock_), told_);
  }
  if (file_) file_->replace(text);
}

/// The looks of one run.
class DeliveryTracker::Core::Run {
 public:
  Run(Core& core, std::shared_ptr<call::Engine> engine)
      : core_(core), engine_(std::move(engine)), loop_(engine_->clock, engine_->transport, engine_->wires) {
    core_.begin(loop_->inbox());
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() {
    core_.end();
    loop_->cancel(timer_);
  }

  bool untilEnd(const CancellationToken& cancellation) {
    const CancellationWatch watch(cancellation, [inbox = loop_->inbox()] { inbox->post([] {}); });
    bool allEnded = false;
    try {
      loop_->runUntil([&] {
        core_.tellNews();
        if (failure_) std::rethrow_exception(failure_);
        if (cancellation.isCancelled()) return true;
        dropNeedless();
        startLooks();
        if (hasNews()) loop_->hurry();  // what has ended while looks were started
        return allEnded = isOver();
      });
    } catch (...) {
      stop();
      throw;
    }
    stop();
    return allEnded;
  }

 private:
  bool hasNews() const {
    const std::lock_guard lock(core_.mutex_);
    return core_.tracking_.hasNews() || failure_;
  }
  bool isOver() const {
    const std::lock_guard lock(core_.mutex_);
    return !core_.options_.keepRunning && core_.tracking_.following() == 0 && !core_.tracking_.hasNews();
  }

  void dropNeedless() {
    std::vector<Subaccount*> needless;
    {
      const std::lock_guard lock(core_.mutex_);
      needless.swap(core_.needless_);
    }
    for (const Subaccount* subaccount : needless) {
      if (subaccount->index >= flights_.size()) continue;
      const auto flight = flights_[subaccount->index];
      // One that is under way costs no more than its answer, which may tell something after all.
      if (flight && flight->isWaiting()) flight->cancel();
    }
  }

  void startLooks() {
    loop_->cancel(timer_);
    while (true) {
      Followed* message = nullptr;
      {
        const std::lock_guard lock(core_.mutex_);
        message = core_.tracking_.nextLook(momentOf(*engine_->clock));
        if (!message) {
          timer_ = loop_->at(core_.tracking_.nextLookAt(), [this] { timer_.reset(); });
          return;
        }
      }
      start(*message);
    }
  }

  void start(Followed& message) {
    call::CallRequest request = call::makeRequest(*engine_, message.subAccountId, message.umid, {});
    request.priority = pacing::Priority::Low;
    request.timeoutFromSlot = true;
    const std::size_t index = message.of->index;
    if (index >= flights_.size()) flights_.resize(index + 1);
    const auto flight = std::make_shared<call::Flight>(*loop_, engine_, std::move(request));
    flights_[index] = flight;
    flight->start([this, index, &message](const Outcome<MessageDetails>& outcome) {
      flights_[index].reset();
      ended(message, outcome);
    });
  }

  void ended(Followed& message, const Outcome<MessageDetails>& outcome) {
    const std::lock_guard lock(core_.mutex_);
    if (isCancelled(outcome)) return core_.tracking_.dropped(message);
    auto failure = core_.tracking_.looked(message, outcome, momentOf(*engine_->clock));
    if (failure) failure_ = std::move(failure);
  }

  static bool isCancelled(const Outcome<MessageDetails>& outcome) {
    if (outcome.ok()) return false;
    try {
      std::rethrow_exception(outcome.error());
    } catch (const CancelledError&) {
      return true;
    } catch (...) {
      return false;
    }
  }

  void stop() {
    for (std::size_t i = 0; i < flights_.size(); ++i) {
      if (const auto flight = flights_[i]) flight->cancel();
    }
  }

  Core& core_;
  const std::shared_ptr<call::Engine> engine_;
  const http::ThreadLoop loop_;
  http::Loop::Timer timer_;
  std::vector<std::shared_ptr<call::Flight>> flights_;  // of each subaccount
  std::exception_ptr failure_;
};

bool DeliveryTracker::Core::run(const CancellationToken& cancellation) {
  return Run(*this, client_.engine()).untilEnd(cancellation);
}

DeliveryTracker::DeliveryTracker(ChatAppsClient client, TrackerOptions options) {
  auto engine = client.engine();
  core_ = std::make_unique<Core>(std::move(client), std::move(options), std::move(engine));
}

DeliveryTracker::~DeliveryTracker() = default;

bool DeliveryTracker::follow(FollowedMessage message) {
  return core_->with([&](Tracking& tracking, Moment at) { return tracking.follow(std::move(message), at); });
}

bool DeliveryTracker::ingest(const DeliveryReceipt& receipt) { return core_->ingest(receipt); }

bool DeliveryTracker::run(const CancellationToken& cancellation) { return core_->run(cancellation); }

std::size_t DeliveryTracker::following() const {
  return core_->look([](const Tracking& tracking) { return tracking.following(); });
}

std::optional<TrackedState> DeliveryTracker::find(std::string_view umid) const {
  return core_->look([&](const Tracking& tracking) { return tracking.state(umid, core_->clock().now()); });
}

std::chrono::milliseconds DeliveryTracker::cycleTime(std::string_view subAccountId) const {
  return std::chrono::ceil<std::chrono::milliseconds>(
      core_->look([&](const Tracking& tracking) { return tracking.cycleTime(subAccountId); }));
}

}  // namespace chatapps
