#include "wait/wait.hpp"

#include <algorithm>
#include <utility>

#include "call/check_options.hpp"
#include "chatapps/errors.hpp"
#include "chatapps/printable.hpp"
#include "delivery/attempts.hpp"

namespace chatapps {
namespace {

using namespace std::chrono_literals;
using delivery::GoalAnswer;

constexpr Clock::duration kAfterStep = 1s;  // the server needs a moment to begin a step that is due

WaitOptions checked(WaitOptions options) {
  call::checkTimeout("timeout", options.timeout);
  call::checkInterval("firstInterval", options.firstInterval);
  call::checkInterval("longestInterval", options.longestInterval);
  call::checkGrace("notFoundGrace", options.notFoundGrace);
  call::checkGrace("fallbackGrace", options.fallbackGrace);
  return options;
}

const char* name(Goal goal) {
  switch (goal) {
    case Goal::Final: return "final";
    case Goal::Delivered: return "delivered";
    case Goal::Read: return "read";
  }
  return "what was asked for";
}

}  // namespace

Wait::Wait(CallFacts call, WaitOptions options, std::function<double()> random, Time began)
    : options_(checked(std::move(options))),
      random_(std::move(random)),
      call_(std::move(call)),
      began_(began),
      deadline_(began + options_.timeout),
      interval_(options_.firstInterval) {}

Wait::Next Wait::looked(Outcome<MessageDetails> outcome, Time now, SystemTime utcNow) {
  return outcome.ok() ? saw(outcome.value(), now, utcNow) : missed(outcome.error(), now);
}

Wait::Next Wait::saw(const MessageDetails& details, Time now, SystemTime utcNow) {
  serverTime_.saw(delivery::lastKnownTime(details), now);
  const SystemTime serverNow = serverTime_.at(now, utcNow);
  DeliveryReport report = summarize(details, options_.plan, serverNow);
  if (hasSettled(report, now)) report = delivery::withoutFurtherStep(std::move(report), serverNow);
  last_ = std::make_shared<const DeliveryReport>(report);
  switch (judge(report)) {
    case GoalAnswer::Reached:
    case GoalAnswer::EndedOtherwise: {
      Next next;
      next.outcome = std::move(report);
      return next;
    }
    case GoalAnswer::Unreachable: return unreachable();
    case GoalAnswer::NotYet: break;
  }
  std::optional<Clock::duration> atMost;
  if (report.furtherStepBy && *report.furtherStepBy > serverNow) atMost = *report.furtherStepBy - serverNow + kAfterStep;
  if (failedSince_) atMost = *failedSince_ + options_.fallbackGrace - now;
  return lookLater(now, atMost);
}

GoalAnswer Wait::judge(const DeliveryReport& report) const {
  if (!options_.until) return delivery::judgeGoal(options_.goal, report);
  if (options_.until(report)) return GoalAnswer::Reached;
  if (report.certainty == Certainty::Unknowable) return GoalAnswer::Unreachable;
  return report.isFinal() ? GoalAnswer::EndedOtherwise : GoalAnswer::NotYet;
}

bool Wait::hasSettled(const DeliveryReport& report, Time now) {
  const bool waits = delivery::waitsForUnknownStep(report);
  if (!waits || std::exchange(stepsSeen_, report.steps.size()) != report.steps.size()) failedSince_.reset();
  if (!waits) return false;
  if (!failedSince_) failedSince_ = now;
  return now - *failedSince_ >= options_.fallbackGrace;
}

Wait::Next Wait::missed(std::exception_ptr error, Time now) {
  try {
    std::rethrow_exception(error);
  } catch (const NotFoundError&) {
    return now - began_ < options_.notFoundGrace ? lookLater(now) : fail(error);
  } catch (const TimeoutError& timeout) {
    return timeout.wouldWait() || now >= deadline_ ? timedOut() : lookLater(now);
  } catch (const ChatAppsError& other) {
    return other.retryable() ? lookLater(now) : fail(error);
  } catch (...) {
    return fail(error);
  }
}

Wait::Next Wait::lookLater(Time now, std::optional<Clock::duration> atMost) {
  const double spread = 0.8 + 0.4 * random_();  // waiters that began together need not go on together
  Clock::duration wait = std::chrono::duration_cast<Clock::duration>(interval_ * spread);
  interval_ = std::min<Clock::duration>(interval_ * 3 / 2, options_.longestInterval);
  if (atMost) wait = std::min(wait, std::max<Clock::duration>(*atMost, 0s));
  // The last look comes just before the end rather than never.
  if (wait >= deadline_ - now) wait = std::max<Clock::duration>(options_.firstInterval, deadline_ - now - options_.firstInterval);
  if (wait >= deadline_ - now) return timedOut();
  Next next;
  next.lookAt = now + wait;
  return next;
}

Wait::Next Wait::fail(std::exception_ptr error) const {
  try {
    std::rethrow_exception(error);
  } catch (ChatAppsError& known) {
    attachReport(known, last_);
  } catch (...) {  // NOLINT(bugprone-empty-catch): what the user's predicate threw goes out as it is
  }
  Next next;
  next.outcome = Outcome<DeliveryReport>(std::move(error));
  return next;
}

Wait::Next Wait::timedOut() const {
  CallFacts call = call_;
  call.retryable = true;
  const std::string seen = last_ ? "; last seen: " + (last_->state.text().empty() ? "no state" : printable(last_->state.text())) : "; never seen";
  return fail(std::make_exception_ptr(WaitTimeoutError("timed out waiting for umid " + call_.umid + " to become " + name(options_.goal) + seen, call)));
}

Wait::Next Wait::unreachable() const {
  return fail(std::make_exception_ptr(UnreachableGoalError("unreachable goal: the channels of umid " + call_.umid + " never report \"" +
                                                               name(options_.goal) + "\" (last: " + printable(last_->channel.text()) + ")",
                                                           call_)));
}

}  // namespace chatapps
