#include "wait/wait.hpp"

#include <algorithm>
#include <utility>

#include "call/check_options.hpp"
#include "call/retry_policy.hpp"
#include "chatapps/errors.hpp"
#include "delivery/attempts.hpp"
#include "later.hpp"

namespace chatapps {
namespace {

using namespace std::chrono_literals;
using delivery::GoalAnswer;

WaitOptions checked(WaitOptions options) {
  call::checkTimeout("timeout", options.timeout);
  call::checkInterval("firstInterval", options.firstInterval);
  call::checkInterval("longestInterval", options.longestInterval);
  call::checkGrace("notFoundGrace", options.notFoundGrace);
  call::checkGrace("fallbackGrace", options.fallbackGrace);
  call::checkGoal(options.goal);
  call::checkPlan(options.plan);
  return options;
}

const char* wordFor(Goal goal) {
  switch (goal) {
    case Goal::Final: return "final";
    case Goal::Delivered: return "delivered";
    case Goal::Read: return "read";
  }
  return "";
}

// What the server calls it may hold anything, so only known words are repeated.
template <class Word>
std::string wordFor(const Word& word, const char* what) {
  if (word.text().empty()) return std::string("no ") + what;
  return word.isKnown() ? word.text() : std::string("an unknown ") + what;
}

}  // namespace

Wait::Wait(CallFacts call, WaitOptions options, std::function<double()> random, Time began)
    : options_(checked(std::move(options))),
      random_(std::move(random)),
      call_(std::move(call)),
      began_(began),
      deadline_(later(began, options_.timeout)),
      interval_(options_.firstInterval) {}

Wait::Next Wait::looked(const Outcome<MessageDetails>& outcome, Time now, SystemTime utcNow) {
  if (!outcome.ok()) return missed(outcome.error(), now);
  trouble_.clear();
  ++call_.attempts;
  call_.delivery = Delivery::Answered;
  return saw(outcome.value(), now, utcNow);
}

Wait::Next Wait::saw(const MessageDetails& details, Time now, SystemTime utcNow) {
  serverTime_.saw(details, now, utcNow);
  const SystemTime serverNow = serverTime_.at(now, utcNow);
  DeliveryReport report = summarize(details, options_.plan, serverNow);
  failedStep_.saw(report, options_.plan, options_.fallbackGrace, now);
  if (failedStep_.isOver(now)) report = delivery::withoutFurtherStep(std::move(report), serverNow);
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
  return lookLater(now, failedStep_.lookWithin(report, serverNow, now));
}

GoalAnswer Wait::judge(const DeliveryReport& report) const {
  if (!options_.until) return delivery::judgeGoal(options_.goal, report);
  if (report.steps.empty()) return GoalAnswer::NotYet;
  if (options_.until(report)) return GoalAnswer::Reached;
  if (report.certainty == Certainty::Unknowable) return GoalAnswer::Unreachable;
  return report.isFinal() ? GoalAnswer::EndedOtherwise : GoalAnswer::NotYet;
}

Wait::Next Wait::missed(const std::exception_ptr& error, Time now) {
  try {
    std::rethrow_exception(error);
  } catch (const ChatAppsError& known) {
    const auto* timeout = dynamic_cast<const TimeoutError*>(&known);
    trouble_ = known.what();
    call_.attempts += known.attempts();
    call_.delivery = known.delivery();
    const bool unknown = dynamic_cast<const NotFoundError*>(&known) != nullptr;
    const bool mayPass = unknown ? now - began_ < options_.notFoundGrace : timeout || known.retryable();
    if (!mayPass) return fail(error);
    if (timeout && now >= deadline_) return timedOut();
    return unknown ? lookLater(now, options_.notFoundGrace - (now - began_)) : lookLater(now);
  } catch (...) {
    return fail(error);
  }
}

Wait::Next Wait::lookLater(Time now, std::optional<Clock::duration> atMost) {
  const double spread = 0.8 + 0.4 * call::draw(random_);  // waiters that began together need not go on together
  Clock::duration wait = std::chrono::duration_cast<Clock::duration>(interval_ * spread);
  interval_ = std::min<Clock::duration>(interval_ * 3 / 2, options_.longestInterval);
  if (atMost) wait = std::min(wait, std::max<Clock::duration>(*atMost, 0s));
  // The last look comes just before the end rather than never.
  const Clock::duration left = deadline_ - now;
  const Clock::duration room = std::min<Clock::duration>(options_.firstInterval, 1s);
  if (wait >= left) wait = std::max(room, left - room);
  if (wait >= left) return timedOut();
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
  std::string text = "timed out waiting for umid ";
  text.append(call_.umid);
  if (!options_.until) text.append(" to become ").append(wordFor(options_.goal));
  text.append(last_ ? "; last seen: " : "; never seen");
  if (last_) text.append(wordFor(last_->state, "state"));
  if (!trouble_.empty()) text.append("; the last look failed: ").append(trouble_);
  return fail(std::make_exception_ptr(WaitTimeoutError(text, call)));
}

Wait::Next Wait::unreachable() const {
  std::string text = "unreachable goal: no channel of umid ";
  text.append(call_.umid).append(" will report ");
  if (options_.until) {
    text.append("anything more");
  } else {
    text.append("\"").append(wordFor(options_.goal)).append("\" any more");
  }
  text.append(" (last: ").append(wordFor(last_->channel, "channel")).append(")");
  return fail(std::make_exception_ptr(UnreachableGoalError(text, call_)));
}

}  // namespace chatapps
