#include "http/loop.hpp"

#include <algorithm>
#include <utility>

#include "http/wire.hpp"
#include "later.hpp"

namespace chatapps::http {
namespace {

constexpr Clock::duration kLongestLeaving = std::chrono::seconds(1);

thread_local Loop* innermost = nullptr;

// A transport that answers at once, after a time, or never: the answer waits in the timers.
struct Simulated {
  Loop::Timer timer;
};

}  // namespace

Loop::Loop(std::shared_ptr<Clock> clock, std::shared_ptr<Transport> transport, std::shared_ptr<WirePool> wires)
    : clock_(std::move(clock)),
      transport_(std::move(transport)),
      wires_(std::move(wires)),
      inbox_(std::make_shared<Inbox>(clock_)) {
  clock_->enter(inbox_->sleeper_);
}

Loop::~Loop() {
  inbox_->close();
  clock_->leave(inbox_->sleeper_);
  if (wire_) wires_->giveBack(std::move(wire_));
}

Loop::Timer Loop::at(Time time, std::function<void()> job) {
  if (time == Time::max()) return std::nullopt;
  return timers_.emplace(time, std::move(job));
}

void Loop::cancel(Timer& timer) {
  if (timer) timers_.erase(*timer);
  timer.reset();
}

void Loop::send(Transfer& transfer) {
  if (transport_) return sendSimulated(transfer);
  if (!wire_) {
    wire_ = wires_->lease();
    inbox_->listenAt(wire_.get());
  }
  wire_->start(transfer);
}

void Loop::sendSimulated(Transfer& transfer) {
  transfer.sentAt = now();
  transfer.onSent();
  Reply reply;
  const Running running(*this);  // of a call that the transport makes in turn, this loop is the outer one
  const bool wasTurning = std::exchange(turning_, true);
  try {
    reply = transport_->send(transfer.request, *clock_);
  } catch (...) {
    TransportFailure failure;
    failure.delivery = Delivery::MaybeSent;
    failure.reason = "the transport threw an exception";
    reply = std::move(failure);
  }
  turning_ = wasTurning;
  auto* simulated = new Simulated;
  transfer.place_ = simulated;
  const Time due = later(now(), std::max(reply.after, Clock::duration::zero()));
  TransferResult result = std::move(reply.response);
  if (!reply.answered) result = std::move(reply.failure);
  simulated->timer = at(due, [&transfer, simulated, result = std::move(result)]() mutable {
    delete simulated;
    transfer.place_ = nullptr;
    transfer.onDone(std::move(result));
  });
}

void Loop::abort(Transfer& transfer) {
  if (transport_) {
    auto* simulated = static_cast<Simulated*>(std::exchange(transfer.place_, nullptr));
    if (simulated) cancel(simulated->timer);
    delete simulated;
    return;
  }
  if (wire_) wire_->abort(transfer);  // else there was no memory for one
}

void Loop::beginLeaving() noexcept {
  if (leaving_++ == 0) leavingSince_ = now();
}

bool Loop::isLeaving() const noexcept { return leaving_ > 0 && now() - leavingSince_ < kLongestLeaving; }

void Loop::dropConnections() {
  if (wire_) wire_->dropConnections();
}

Loop::Running::Running(Loop& loop) noexcept : before_(innermost) {
  if (before_ == &loop) return;
  loop.outer_ = before_;
  innermost = &loop;
}

Loop::Running::~Running() { innermost = before_; }

Loop* Loop::aroundThis(const WirePool* wires) noexcept {
  return innermost && !innermost->turning_ && innermost->wires_.get() == wires ? innermost : nullptr;
}

// The loops around this one stand still as long as it sleeps: to a clock that waits for all, they are not at work.
void Loop::sleep(Time until) {
  for (Loop* loop = outer_; loop; loop = loop->outer_) loop->clock_->leave(loop->inbox_->sleeper_);
  clock_->sleep(inbox_->sleeper_, until);
  for (Loop* loop = outer_; loop; loop = loop->outer_) loop->clock_->enter(loop->inbox_->sleeper_);
}

void Loop::turn() {
  turning_ = true;
  try {
    waitAndWork();
  } catch (...) {
    turning_ = false;
    throw;
  }
  turning_ = false;
}

// Sockets come before timers: an answer that is there already must not lose to a deadline that has just passed.
void Loop::waitAndWork() {
  const bool worked = runJobs() || hurry_;
  hurry_ = false;
  Time next = worked ? now() : timers_.empty() ? Time::max() : timers_.begin()->first;
  if (isLeaving()) next = std::min(next, leavingSince_ + kLongestLeaving);
  if (wire_) {
    Clock::duration wait = next == Time::max() ? Clock::duration::max() : next - now();
    if (!clock_->isReal()) wait = std::min(wait, kLookAtVirtualClock);
    wire_->poll(std::max(wait, Clock::duration::zero()));
    releaseWireIfIdle();
  } else if (!worked) {
    sleep(next);
  }
  runTimers();
}

bool Loop::runJobs() {
  Inbox::Taken taken = inbox_->takeAll();
  for (Inbox::Job& job : taken.jobs) {
    job();
    job = nullptr;
  }
  return taken.nudged || !taken.jobs.empty();
}

// Only what was due at the start: a timer that sets another one that is due must not keep sockets waiting.
void Loop::runTimers() {
  const Time until = now();
  while (!timers_.empty() && timers_.begin()->first <= until) {
    auto due = timers_.extract(timers_.begin());
    due.mapped()();
  }
}

void Loop::releaseWireIfIdle() {
  if (!wire_ || wire_->inFlight() > 0) return;
  inbox_->listenAt(nullptr);
  wires_->giveBack(std::move(wire_));
}

}  // namespace chatapps::http
