#include "track/tracking.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "call/check_options.hpp"
#include "call/request.hpp"
#include "call/retry_policy.hpp"
#include "chatapps/printable.hpp"
#include "delivery/attempts.hpp"
#include "delivery/goal.hpp"
#include "later.hpp"
#include "lower_case.hpp"
#include "track/checkpoint_line.hpp"
#include "track/knowledge.hpp"

namespace chatapps::track {
namespace {

using namespace std::chrono_literals;
using delivery::GoalAnswer;

constexpr Clock::duration kReceiptsFlow = 5min;  // so long after the last one, more are expected
constexpr Clock::duration kYear = 24h * 365;     // longer than anything is followed
constexpr std::size_t kShownProblem = 300;

/// Whether the steps are all there will be: those of the plan, and none is missing.
bool isWhole(const DeliveryReport& report, const FallbackPlan& plan) noexcept {
  return !plan.steps.empty() && report.planFits && report.steps.size() == plan.steps.size() &&
         report.steps.back().step == static_cast<int>(report.steps.size());
}

Ending endingOf(GoalAnswer answer) noexcept {
  switch (answer) {
    case GoalAnswer::Reached: return Ending::Reached;
    case GoalAnswer::EndedOtherwise: return Ending::EndedOtherwise;
    case GoalAnswer::Unreachable: return Ending::Unreachable;
    case GoalAnswer::NotYet: break;
  }
  return Ending::None;
}

bool mayBeFollowedAnew(Ending ending) noexcept { return ending == Ending::TimedOut || ending == Ending::Refused; }

}  // namespace

Tracking::Tracking(const TrackerOptions& options, Clock::duration interval, std::function<double()> random)
    : options_(options), interval_(interval), random_(std::move(random)), lastNumber_(options.kept) {}

Followed* Tracking::find(std::string_view umid) const {
  const auto found = messages_.find(lowerCase(umid));
  return found == messages_.end() ? nullptr : static_cast<Followed*>(found->second.get());
}

Subaccount& Tracking::subaccount(const std::string& name) {
  const auto found = subaccounts_.find(name);
  if (found != subaccounts_.end()) return static_cast<Subaccount&>(*found->second);
  auto made = std::make_unique<Subaccount>();
  made->order = made->index = subaccounts_.size();
  Subaccount& subaccount = *made;
  subaccounts_[name] = std::move(made);
  return subaccount;
}

bool Tracking::follow(FollowedMessage asked, Moment at) {
  call::checkSubAccountId(asked.subAccountId);
  call::checkUmid(asked.umid);
  call::checkPlan(asked.plan);
  if (asked.priority < LookPriority::High || asked.priority > LookPriority::Low)
    throw InvalidArgumentError("priority", "must be one of LookPriority");
  if (const Followed* const before = find(asked.umid);
      before && !mayBeFollowedAnew(before->ending) && !isForgotten(*before, at)) {
    if (before->subAccountId == asked.subAccountId) return false;
    throw InvalidArgumentError("subAccountId",
                               "is another one than that in which this umid is followed: " + before->subAccountId);
  }
  auto message = std::make_unique<Followed>();
  message->umid = std::move(asked.umid);
  message->subAccountId = std::move(asked.subAccountId);
  message->plan = std::move(asked.plan);
  message->priority = asked.priority;
  message->since = at.utc;
  Followed& followed = *message;
  const std::string key = lowerCase(followed.umid);
  prepare(followed);
  write(followed, [&] { messages_[key] = std::move(message); });
  enter(followed, at);
  place(followed, at.now);
  return true;
}

// With room in the heaps, nothing fails when it takes its place there, now or later.
void Tracking::prepare(Followed& message) {
  message.of = &subaccount(message.subAccountId);
  message.of->waiting.reserve(message.of->following + 1);
  due_.reserve(subaccounts_.size());
  deadlines_.reserve(following_ + 1);
}

void Tracking::enter(Followed& message, Moment at) noexcept {
  // Those that are due together are looked at by priority, then in the order in which they came.
  message.order = (static_cast<std::uint64_t>(message.priority) << 56) + entered_++;
  message.began = at.now - std::clamp<Clock::duration>(at.utc - message.since, 0s, kYear);
  message.deadline.of = &message;
  message.deadline.at = later(message.began, options_.timeout);
  message.deadline.order = message.order;
  message.heardAt = at.now;
  if (message.ended()) return;
  ++following_;
  ++message.of->following;
}

Tracking::Heard Tracking::heard(const DeliveryReceipt& receipt, Moment at) {
  Followed* const message = find(receipt.umid);
  if (!message) return {};
  Subaccount& subaccount = *message->of;
  subaccount.receiptAt = at.now;
  if (message->ended()) return {};
  Heard heard{true, nullptr};
  const bool mustAsk = saysNothing(receipt);
  if (!mustAsk && !learn(message->known, receipt, message->plan)) return heard;
  message->heardAt = at.now;
  serverTime_.saw(receipt.status, at.now, at.utc);
  if (mustAsk) mustLook(*message);
  try {
    judge(*message, at, false);
  } catch (...) {
    mustLook(*message);  // to the same receipt there would be nothing new in it
    throw;
  }
  if (subaccount.looking == message) heard.looksAtIt = &subaccount;
  return heard;
}

bool Tracking::isNeedless(Subaccount& subaccount) noexcept {
  Followed* const message = subaccount.looking;
  if (!message) return false;
  message->askAgain = false;
  return message->ended() || !message->mustLook;
}

Followed* Tracking::nextLook(Moment at) {
  while (auto* const late = static_cast<Deadline*>(deadlines_.first())) {
    if (late->at > at.now) break;
    end(*late->of, Ending::TimedOut, "", at);
  }
  while (true) {
    auto* const subaccount = static_cast<Subaccount*>(due_.first());
    if (!subaccount || subaccount->at > at.now) return nullptr;
    auto& message = *static_cast<Followed*>(subaccount->waiting.first());
    if (const auto patient = patientUntil(message, at.now)) {
      place(message, *patient);
    } else {
      subaccount->waiting.remove(message);
      deadlines_.remove(message.deadline);
      subaccount->looking = &message;
      message.askAgain = false;
      place(*subaccount);
      return &message;
    }
  }
}

Clock::time_point Tracking::nextLookAt() const noexcept {
  const Due* const look = due_.first();
  const Due* const end = deadlines_.first();
  return std::min(look ? look->at : Time::max(), end ? end->at : Time::max());
}

// Where receipts come in, the next one is likely on its way.
std::optional<Clock::time_point> Tracking::patientUntil(const Followed& message, Time now) const {
  const auto& receiptAt = message.of->receiptAt;
  if (!receiptAt || message.mustLook || message.owesLook) return std::nullopt;
  const Time until = std::min(later(message.heardAt, options_.receiptPatience), later(*receiptAt, kReceiptsFlow));
  return until > now ? std::optional<Time>(until) : std::nullopt;
}

// Goes back to its place first: it must not be lost where what comes after fails.
void Tracking::putBack(Followed& message) noexcept {
  message.of->looking = nullptr;
  message.ended() ? place(*message.of) : place(message, message.at);
}

void Tracking::dropLooks() noexcept {
  for (const auto& entry : subaccounts_) {
    Followed* const message = static_cast<const Subaccount&>(*entry.second).looking;
    if (message) putBack(*message);
  }
}

std::exception_ptr Tracking::looked(Followed& message, const Outcome<MessageDetails>& outcome, Moment at) {
  putBack(message);
  if (message.ended()) return nullptr;  // a receipt was quicker
  if (!outcome.ok()) return missed(message, outcome.error(), at) ? outcome.error() : nullptr;
  message.heardAt = at.now;
  message.owesLook = false;
  message.mustLook = message.askAgain;
  serverTime_.saw(outcome.value(), at.now, at.utc);
  learn(message.known, outcome.value());
  judge(message, at, true);
  return nullptr;
}

/// Whether the error would meet every other message as well.
bool Tracking::missed(Followed& message, const std::exception_ptr& error, Moment at) {
  Time again = later(at.now, intervalOf(message, at.now));
  bool meetsAll = false, cancelled = false;
  try {
    std::rethrow_exception(error);
  } catch (const ApiError& refusal) {
    switch (refusal.httpStatus()) {
      case 404:
      case 410:
        if (at.now - message.began < options_.notFoundGrace) break;
        [[fallthrough]];
      case 400:
      case 403:
      case 422: end(message, Ending::Refused, refusal.what(), at); return false;
      case 401:
      case 426: meetsAll = true; break;
      default: break;  // it may pass, and the message's own time ends it if it does not
    }
  } catch (const TlsError&) {
    meetsAll = true;
  } catch (const InvalidArgumentError&) {  // of what is asked each time: the key
    meetsAll = true;
  } catch (const CancelledError&) {
    again = message.at;
    cancelled = true;
  } catch (...) {  // NOLINT(bugprone-empty-catch): as above
  }
  // A look that was cancelled, or that needs another key or certificate first, has not been.
  message.owesLook = message.owesLook && (meetsAll || cancelled);
  place(message, meetsAll ? at.now : again);
  return meetsAll;
}

// A look that is under way may have left before the question came.
void Tracking::mustLook(Followed& message) noexcept {
  message.mustLook = true;
  message.askAgain = message.of->looking == &message;
}

// What is final by absence alone is final only in a look, which sees all there is.
void Tracking::judge(Followed& message, Moment at, bool byLook) {
  message.judgedAt = serverTime_.at(at.now, at.utc);
  message.settled = false;
  DeliveryReport report = reportOf(message);
  message.failedStep.saw(report, message.plan, options_.fallbackGrace, at.now);
  if (byLook && message.failedStep.isOver(at.now)) {
    message.settled = true;
    report = delivery::withoutFurtherStep(std::move(report), message.judgedAt);
  }
  const GoalAnswer answer = delivery::judgeGoal(options_.goal, report);
  if (answer != GoalAnswer::NotYet) {
    if (byLook || (answer == GoalAnswer::Reached && report.delivered()) || isWhole(report, message.plan)) {
      message.ending = endingOf(answer);
    } else {
      mustLook(message);
    }
  }
  if (!message.ended()) schedule(message, report, at);
  if (!byLook && !message.ended()) {
    message.judgedAt = {};
    report = reportOf(message);
  }
  tell(message, std::move(report));
}

void Tracking::tell(Followed& message, DeliveryReport report) {
  const std::uint64_t print = fingerprintOf(report, message.ending);
  if (print == message.told || (report.steps.empty() && !message.ended())) return;
  const std::uint64_t before = std::exchange(message.number, lastNumber_ + 1);
  try {
    write(message, [&] {
      news_.changes.push_back(
          {message.number, message.subAccountId, message.umid, std::move(report), message.ending, message.problem});
    });
  } catch (...) {
    message.number = before;
    message.ending = Ending::None;
    message.problem.clear();
    throw;
  }
  message.told = print;
  ++lastNumber_;
  if (message.ended()) leave(message);
}

// The line and what it is about: both, or none.
template <class Commit>
void Tracking::write(const Followed& message, Commit commit) {
  const std::size_t before = news_.lines.size();
  if (!options_.checkpointFile.empty()) news_.lines += messageLine(message);
  try {
    commit();
  } catch (...) {
    news_.lines.resize(before);
    throw;
  }
  ++written_;
}

void Tracking::end(Followed& message, Ending ending, const std::string& problem, Moment at) {
  message.judgedAt = serverTime_.at(at.now, at.utc);
  DeliveryReport report = reportOf(message);
  message.problem = printable(problem, kShownProblem);
  message.ending = ending;
  tell(message, std::move(report));
}

void Tracking::leave(Followed& message) noexcept {
  --following_;
  --message.of->following;
  message.known = {};
  message.plan = {};
  deadlines_.remove(message.deadline);
  message.of->waiting.remove(message);
  place(*message.of);
}

// A slow rate times many messages may be more than a number can hold.
Clock::duration Tracking::cycleOf(const Subaccount& subaccount) const noexcept {
  const auto count = static_cast<Clock::duration::rep>(subaccount.following);
  const bool fits = count == 0 || interval_ <= (Clock::duration::max)() / count;
  return fits ? interval_ * count : (Clock::duration::max)();
}

Clock::duration Tracking::intervalOf(const Followed& message, Time now) {
  const auto byAge =
      std::clamp<Clock::duration>((now - message.began) / 2, options_.firstInterval, options_.longestInterval);
  // More often than once in a cycle would only make others late.
  const auto cycle = std::min<Clock::duration>(cycleOf(*message.of), kYear);
  constexpr double kShares[] = {0.5, 1, 2};
  // Messages that were followed together need not go on together.
  const double spread = 0.8 + 0.4 * call::draw(random_);
  return std::chrono::duration_cast<Clock::duration>((std::max)(byAge, cycle) *
                                                     (kShares[static_cast<int>(message.priority)] * spread));
}

void Tracking::schedule(Followed& message, const DeliveryReport& report, Moment at) {
  Time due = later(at.now, intervalOf(message, at.now));
  const auto within = message.failedStep.lookWithin(report, message.judgedAt, at.now);
  if (within) due = std::min(due, at.now + *within);
  place(message, message.mustLook || message.owesLook ? at.now : due);
}

void Tracking::place(Followed& message, Time at) noexcept {
  if (message.of->looking == &message) {
    message.at = at;  // it goes back to its place when the look is over
    return;
  }
  message.of->waiting.put(message, at);
  if (!message.owesLook) deadlines_.put(message.deadline, message.deadline.at);
  place(*message.of);
}

void Tracking::place(Subaccount& subaccount) noexcept {
  const Due* const first = subaccount.looking ? nullptr : subaccount.waiting.first();
  first ? due_.put(subaccount, first->at) : due_.remove(subaccount);
}

void Tracking::takeNews(News& news) {
  news.changes.reserve(news.changes.size() + news_.changes.size());
  news.lines += news_.lines;
  for (TrackedChange& change : news_.changes) news.changes.push_back(std::move(change));
  news_ = {};
}

std::optional<TrackedState> Tracking::state(std::string_view umid, Clock::time_point now) const {
  const Followed* const message = find(umid);
  if (!message) return std::nullopt;
  using std::chrono::ceil;
  using std::chrono::milliseconds;
  TrackedState state;
  state.ending = message->ending;
  state.age = ceil<milliseconds>(now - message->began);
  if (message->ended()) return state;
  state.report = reportOf(*message);
  const bool isUnderWay = message->of->looking == message;
  const Time due = (std::max)(message->at, patientUntil(*message, now).value_or(now));
  const Time next = isUnderWay ? now : (std::max)(now, (std::min)(due, message->deadline.at));
  state.nextLook = ceil<milliseconds>(next - now);
  return state;
}

Clock::duration Tracking::cycleTime(std::string_view subAccountId) const {
  const auto found = subaccounts_.find(std::string(subAccountId));
  return found == subaccounts_.end() ? Clock::duration::zero()
                                     : cycleOf(static_cast<const Subaccount&>(*found->second));
}

}  // namespace chatapps::track
