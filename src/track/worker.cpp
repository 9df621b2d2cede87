#include "track/worker.hpp"

#include <chrono>
#include <utility>

#include "call/check_options.hpp"
#include "call/flight.hpp"
#include "cancellation_state.hpp"
#include "http/thread_loop.hpp"
#include "track/checkpoint_line.hpp"

namespace chatapps::track {
namespace {

constexpr std::uint64_t kLastNumber = (std::uint64_t{1} << 62) - 1;  // with room for as many more

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
  call::checkGoal(options.goal);
  if (options.kept > kLastNumber) throw InvalidArgumentError("kept", "must be the number of a change");
  return options;
}

}  // namespace

Worker::Worker(TrackerOptions options, const call::Engine& engine)
    : options_(checked(std::move(options))),
      clock_(engine.clock),
      tracking_(options_, engine.isPaced() ? engine.interval : Clock::duration::zero(), engine.retry.random),
      told_(options_.kept),
      ticked_(told_) {
  if (options_.checkpointFile.empty()) return;
  file_.emplace(options_.checkpointFile);
  const std::string text = file_->read();
  if (text.empty()) {
    file_->replace(checkpointHeader(options_.goal));
  } else {
    const Tracking::Resumed resumed = tracking_.resume(text, now());
    file_->keep(resumed.bytes);
    file_->append("", true);  // what was read need not be on the disk yet
    told_ = ticked_ = resumed.told;
  }
}

bool Worker::follow(FollowedMessage message) {
  const std::lock_guard lock(mutex_);
  const bool isNew = tracking_.follow(std::move(message), now());
  wake();
  return isNew;
}

bool Worker::ingest(const DeliveryReceipt& receipt) {
  const std::lock_guard lock(mutex_);
  const Tracking::Heard heard = tracking_.heard(receipt, now());
  if (heard.isFollowed) wake();
  if (heard.looksAtIt) heardOf_.push_back(heard.looksAtIt);
  return heard.isFollowed;
}

std::size_t Worker::following() const {
  const std::lock_guard lock(mutex_);
  return tracking_.following();
}

std::optional<TrackedState> Worker::find(std::string_view umid) const {
  const std::lock_guard lock(mutex_);
  return tracking_.state(umid, clock_->now());
}

Clock::duration Worker::cycleTime(std::string_view subAccountId) const {
  const std::lock_guard lock(mutex_);
  return tracking_.cycleTime(subAccountId);
}

// A run that is under way hears of it.
void Worker::wake() {
  if (inbox_) inbox_->nudge();
}

void Worker::begin(std::shared_ptr<http::Inbox> inbox) {
  const std::lock_guard lock(mutex_);
  if (inbox_) throw InvalidArgumentError("run", "is under way already");
  inbox_ = std::move(inbox);
}

void Worker::end() noexcept {
  const std::lock_guard lock(mutex_);
  inbox_ = nullptr;
  heardOf_.clear();
  tracking_.dropLooks();  // of which no end was seen, because the run failed
}

// First it is written, then told, then ticked off.
void Worker::tellNews(const CancellationToken& cancellation) {
  {
    const std::lock_guard lock(mutex_);
    tracking_.takeNews(news_);
  }
  if (file_ && !news_.lines.empty()) file_->append(news_.lines, !news_.changes.empty());
  news_.lines.clear();
  if (file_ && ticked_ < told_) tick(toldLine(told_));  // the disk was full before
  for (const TrackedChange& change : news_.changes) {
    if (change.number <= told_) continue;
    if (cancellation.isCancelled()) return;  // the next run tells the others
    // Made before: nothing but the disk keeps it from being ticked off.
    const std::string line = file_ ? toldLine(change.number) : std::string();
    options_.onChange(change);
    told_ = change.number;
    if (file_) tick(line);
  }
  news_.changes.clear();
  tidy();
}

void Worker::tick(const std::string& line) {
  file_->append(line, false);
  ticked_ = told_;
}

void Worker::tidy() {
  std::string text;
  {
    const std::lock_guard lock(mutex_);
    if (!tracking_.isUntidy() || tracking_.hasNews()) return;
    text = tracking_.tidy(now(), told_);
  }
  if (file_) file_->replace(text);
  ticked_ = told_;
}

/// The looks of one run.
class Worker::Run {
 public:
  Run(Worker& worker, std::shared_ptr<call::Engine> engine)
      : worker_(worker), engine_(std::move(engine)), loop_(engine_->clock, engine_->transport, engine_->wires) {
    worker_.begin(loop_->inbox());
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() {
    worker_.end();
    loop_->cancel(timer_);
  }

  bool untilEnd(const CancellationToken& cancellation) {
    const CancellationWatch watch(cancellation, [inbox = loop_->inbox()] { inbox->nudge(); });
    bool allEnded = false;
    try {
      loop_->runUntil([&] {
        if (loop_->isLeaving() && !cancellation.isCancelled())
          return false;  // `onChange` may take its time, and the lane's other calls would wait for both
        worker_.tellNews(cancellation);
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
    const std::lock_guard lock(worker_.mutex_);
    return worker_.tracking_.hasNews() || failure_;
  }
  bool isOver() const {
    const std::lock_guard lock(worker_.mutex_);
    return !worker_.options_.keepRunning && worker_.tracking_.following() == 0 && !worker_.tracking_.hasNews();
  }

  // A look that is under way costs no more than its answer, which may tell something after all.
  void dropNeedless() {
    std::vector<std::shared_ptr<call::Flight>> needless;
    {
      const std::lock_guard lock(worker_.mutex_);
      for (Subaccount* subaccount : std::exchange(worker_.heardOf_, {})) {
        if (subaccount->index >= flights_.size()) continue;
        const auto& flight = flights_[subaccount->index];
        if (flight && flight->isWaiting() && Tracking::isNeedless(*subaccount)) needless.push_back(flight);
      }
    }
    for (const auto& flight : needless) flight->cancel();
  }

  void startLooks() {
    loop_->cancel(timer_);
    while (!failure_) {  // a look may end at once
      Followed* message = nullptr;
      Clock::time_point notAfter{};
      {
        const std::lock_guard lock(worker_.mutex_);
        message = worker_.tracking_.nextLook(worker_.now());
        if (!message) {
          timer_ = loop_->at(worker_.tracking_.nextLookAt(), [this] { timer_.reset(); });
          return;
        }
        notAfter = message->owesLook ? Clock::time_point::max() : message->deadline.at;
      }
      start(*message, notAfter);
    }
  }

  void start(Followed& message, Clock::time_point notAfter) {
    call::CallRequest request = call::makeRequest(*engine_, message.subAccountId, message.umid, {});
    request.priority = pacing::Priority::Low;
    request.timeoutFromSlot = true;
    request.notAfter = notAfter;
    const std::size_t index = message.of->index;
    if (index >= flights_.size()) flights_.resize(index + 1);
    const auto flight = std::make_shared<call::Flight>(*loop_, engine_, std::move(request));
    flights_[index] = flight;
    flight->start([this, index, &message](const Outcome<MessageDetails>& outcome) {
      flights_[index].reset();
      ended(message, outcome);
    });
  }

  // What is thrown here would end in the flight, which is over: the run throws it.
  void ended(Followed& message, const Outcome<MessageDetails>& outcome) noexcept {
    const std::lock_guard lock(worker_.mutex_);
    try {
      auto failure = worker_.tracking_.looked(message, outcome, worker_.now());
      if (failure) failure_ = std::move(failure);
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  void stop() {
    // By index: a flight that is cancelled may change them. NOLINTNEXTLINE(modernize-loop-convert)
    for (std::size_t i = 0; i < flights_.size(); ++i) {
      if (const auto flight = flights_[i]) flight->cancel();
    }
  }

  Worker& worker_;
  const std::shared_ptr<call::Engine> engine_;
  const http::ThreadLoop loop_;
  http::Loop::Timer timer_;
  std::vector<std::shared_ptr<call::Flight>> flights_;  // of each subaccount
  std::exception_ptr failure_;
};

bool Worker::run(const std::shared_ptr<call::Engine>& engine, const CancellationToken& cancellation) {
  if (file_) file_->refuseInChild();
  return Run(*this, engine).untilEnd(cancellation);
}

}  // namespace chatapps::track
