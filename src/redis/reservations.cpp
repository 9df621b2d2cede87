#include "redis/reservations.hpp"

#include <algorithm>
#include <utility>

#include "later.hpp"

namespace chatapps::redis {

namespace {
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kStale = milliseconds(250);  // a slot that fell due longer ago is not used
constexpr Duration kShortPatience = milliseconds(100);
constexpr Duration kLongestHold = seconds(60);
constexpr Duration kLongestInterval = std::chrono::hours(24);
constexpr Duration kDoubt = milliseconds(25);       // an answer that takes longer is a bad sign
constexpr Duration kShortLook = microseconds(200);  // until a slot that fell due is asked for again
constexpr Duration kMostOneWay = microseconds(500);
constexpr Duration kAhead = milliseconds(10);  // a slot may be granted so long before
constexpr std::size_t kLookedAt = 4;           // lanes, whenever one is made

Question about(Question::What what, const std::string& key, Duration interval) {
  Question question;
  question.what = what;
  question.key = key;
  question.interval = interval;
  return question;
}

// How long the others wait for a request that was let go: as the script has it, and never longer than a slot is good.
Duration patience(Duration interval) noexcept { return std::clamp(interval / 4, kShortPatience, kStale); }
}  // namespace

Reservations::Reservations(Settings settings) : settings_(std::move(settings)), breaker_(settings_.random) {}

void Reservations::reserve(const std::string& key, Duration interval, Done&& done, Time now) {
  if (lanes_.count(key) == 0) dropSomeIdle(now);
  Lane& lane = lanes_[key];
  if (takesOver(lane, done, now)) return;
  ++lane.turn;
  lane.interval = std::max(interval, Duration::zero());
  lane.done = std::move(done);
  lane.phase = Phase::Asking;
  lane.waited = Duration::zero();
  try {
    if (!mayAsk(key, now)) return grantOwn(lane, now);
    Question question = about(Question::What::Reserve, key, lane.interval);
    question.grant = lane.grant = settings_.newGrant();
    ask(std::move(question), lane.turn, now, settings_.replyTimeout);
  } catch (...) {
    lane.phase = Phase::Idle;
    done = std::exchange(lane.done, nullptr);
    throw;
  }
}

// A call that gave up, since its slot lay beyond its deadline or it was cancelled, leaves its slot to the next one: a
// process has one reservation in a lane, however often it asks.
bool Reservations::takesOver(Lane& lane, Done& done, Time now) {
  if (lane.phase == Phase::Asking) {
    // Should the first one still be there, as where two clients share no lane, it looks again.
    callLater(lane.done, kStale);
    lane.done = std::move(done);
    return true;
  }
  if (lane.phase != Phase::Waiting && lane.phase != Phase::Granted) return false;
  const bool granted = lane.phase == Phase::Granted;
  const Time due = granted ? lane.leaveAt : std::max(lane.dueAt, lane.passAt);
  if (now > (granted ? lane.staleAt : later(due, kStale))) return false;
  callLater(done, std::max(due - now, Duration::zero()));
  return true;
}

std::optional<Duration> Reservations::confirm(const std::string& key, Time now) {
  const auto found = lanes_.find(key);
  if (found == lanes_.end()) return std::nullopt;
  Lane& lane = found->second;
  switch (lane.phase) {
    case Phase::Idle:
    case Phase::Left: return std::nullopt;
    case Phase::Asking:
    case Phase::Waiting: return std::max(lane.passAt - now, Duration::zero()) + kShortLook;
    case Phase::Granted: break;
  }
  if (lane.leaveAt > now) return lane.leaveAt - now;
  const bool stale = now > lane.staleAt;
  lane.phase = stale ? Phase::Idle : Phase::Left;
  if (stale) return std::nullopt;
  lane.leftWith = lane.grant;
  return Duration::zero();
}

void Reservations::passOn(const std::string& key, Duration untilNext, bool answerAwaited, Time now) {
  const auto found = lanes_.find(key);
  if (found == lanes_.end()) return;
  Lane& lane = found->second;
  if (lane.phase == Phase::Left) lane.phase = Phase::Idle;  // its request has left: it can not be given back
  if (!breaker_.isHealthy()) return;
  // Redis counts on it from the grant on that an answer is to come.
  if (answerAwaited && !lane.leftWith.empty() && now - lane.leaveAt < lane.interval / 4) return;
  Question question = about(Question::What::Note, key, lane.interval);
  question.grant = lane.leftWith;
  question.time = std::max(untilNext - oneWay(), Duration::zero());
  question.awaited = answerAwaited;
  ask(std::move(question), lane.turn, now, settings_.replyTimeout);
}

// What was let go and did not leave is there for the next call, as long as the others wait for it.
void Reservations::giveBack(const std::string& key) noexcept {
  const auto found = lanes_.find(key);
  if (found == lanes_.end() || found->second.phase != Phase::Left) return;
  found->second.phase = Phase::Granted;
  found->second.leftWith.clear();
}

void Reservations::hold(const std::string& key, Duration pause, Time now) {
  Lane& lane = lanes_[key];
  pause = std::min(pause, kLongestHold);
  lane.heldUntil = std::max(lane.heldUntil, later(now, pause));
  lane.holdUnwritten = !breaker_.isHealthy();
  if (lane.holdUnwritten) return;
  Question question = about(Question::What::Hold, key, intervalOf(key));
  question.time = pause;
  ask(std::move(question), lane.turn, now, settings_.replyTimeout);
}

std::vector<Command> Reservations::takeCommands(Time now) {
  while (!passes_.empty() && passes_.begin()->first <= now) {
    const auto [key, turn] = std::move(passes_.begin()->second);
    passes_.erase(passes_.begin());
    const auto found = lanes_.find(key);
    if (found == lanes_.end() || found->second.phase != Phase::Waiting || found->second.turn != turn) continue;
    Lane& lane = found->second;
    Question question = about(Question::What::Pass, key, lane.interval);
    question.grant = lane.grant;
    question.due = lane.due;
    question.time = std::max<Duration>(2 * lead(), kAhead);
    // A call has so much patience with Redis, not so much for each question.
    const Duration patience = std::max<Duration>(settings_.replyTimeout - lane.waited, milliseconds(10));
    ask(std::move(question), turn, now, std::max(lane.freeAt - now, Duration::zero()) + patience);
  }
  if (breaker_.probeAt() <= now) {
    breaker_.probing();
    ask(about(Question::What::Note, breaker_.suspect(), intervalOf(breaker_.suspect())), 0, now,
        settings_.replyTimeout);
  }
  return std::exchange(commands_, {});
}

Time Reservations::nextAt() const noexcept {
  if (!commands_.empty()) return Time::min();
  return std::min(passes_.empty() ? Time::max() : passes_.begin()->first, breaker_.probeAt());
}

void Reservations::answered(const Command& command, const SlotAnswer& answer, Time now) {
  underWay_.extract(command.askedAt);
  // A thread that did not get to run finds an old answer: what took longer than usual counts as its age.
  const Time saidAt = std::min(now, command.askedAt + roundTrips_.typical());
  roundTrips_.add(now - command.askedAt);
  redisAnswers(now);
  if (command.question.key == oddLane_.key) {
    oddLane_ = {};
    tell(true, false, "Redis answers");
  }
  const auto found = lanes_.find(command.question.key);
  const auto what = command.question.what;
  if (found == lanes_.end() || found->second.turn != command.turn) return;
  if (what != Question::What::Reserve && what != Question::What::Pass) return;
  Lane& lane = found->second;
  if (lane.phase != (what == Question::What::Reserve ? Phase::Asking : Phase::Waiting)) return;
  // What Redis says has been on its way for a while.
  const Duration wait =
      std::clamp(answer.wait - oneWay(), Duration::zero(), std::max<Duration>(kLongestHold, 64 * lane.interval));
  lane.due = answer.due;
  const Time couldGo = what == Question::What::Pass ? std::max(command.askedAt, lane.freeAt) : command.askedAt;
  if (what == Question::What::Pass || wait == Duration::zero())
    lane.waited += std::max(now - couldGo, Duration::zero());
  lane.freeAt = later(now, wait);
  if (answer.granted) {
    lane.phase = Phase::Granted;
    lane.leaveAt = lane.lastSlot = later(now, wait);
    lane.staleAt = later(saidAt, wait + patience(lane.interval));
  } else {
    if (what == Question::What::Reserve) lane.dueAt = lane.freeAt;
    lane.phase = Phase::Waiting;
    passLater(found->first, lane, now + untilPass(lane, wait, now));
  }
  if (what == Question::What::Reserve) callLater(lane.done, wait);
}

void Reservations::failed(const Command& command, const Failure& failure, Time now) {
  underWay_.extract(command.askedAt);
  const auto found = lanes_.find(command.question.key);
  if (failure.kind == Failure::Kind::LaneOnly) {
    redisAnswers(now);
    if (oddLane_.reason != failure.reason) tell(false, failure.needsAttention, failure.reason);
    oddLane_ = {command.question.key, failure.reason};
  } else if (failure.kind != Failure::Kind::Dragged) {
    breaker_.failed(command.question.key, failure.kind == Failure::Kind::Refused || failure.needsAttention, now);
    if (!away_) tell(false, failure.needsAttention, failure.reason);
    away_ = true;
    if (failure.kind != Failure::Kind::Refused) mayHaveLostHolds();
  }
  if (found == lanes_.end() || found->second.turn != command.turn) return;
  Lane& lane = found->second;
  const auto what = command.question.what;
  const bool asked = what == Question::What::Reserve && lane.phase == Phase::Asking;
  const bool passing = what == Question::What::Pass && lane.phase == Phase::Waiting;
  if (asked || passing) grantOwn(lane, now);  // what Redis may have granted counts as taken
}

void Reservations::lostAll(Time now) {
  if (!lanes_.empty()) {
    breaker_.failed(lanes_.begin()->first, true, now);
    if (!away_) tell(false, false, "memory ran out");
    away_ = true;
    mayHaveLostHolds();
  }
  failWhatIsUnderWay(now);
}

void Reservations::goOnAlone(Time now) {
  breaker_.failed({}, true, now);
  breaker_.probing();  // a probe that never ends
  failWhatIsUnderWay(now);
}

void Reservations::failWhatIsUnderWay(Time now) {
  commands_.clear();
  passes_.clear();
  underWay_.clear();
  for (auto& [key, lane] : lanes_) {
    if (lane.done || lane.phase == Phase::Waiting) grantOwn(lane, now);
  }
}

void Reservations::redisAnswers(Time now) {
  breaker_.succeeded();
  if (!std::exchange(away_, false)) return;
  tell(true, false, "Redis answers");
  writeBack(now);
}

bool Reservations::mayAsk(const std::string& key, Time now) const {
  if (!breaker_.mayAsk(key)) return false;
  if (underWay_.empty()) return true;
  const auto& [oldest, lane] = *underWay_.begin();
  const Duration typical = roundTrips_.typical();
  const Duration doubt = std::max({kDoubt, std::min<Duration>(4 * typical, settings_.replyTimeout / 2), 2 * typical});
  return lane == key || now - oldest < doubt;
}

// Of a lane that is not known the longest: what lies further ahead than many intervals counts as corrupt.
Duration Reservations::intervalOf(const std::string& key) const {
  const auto found = lanes_.find(key);
  return found != lanes_.end() && found->second.interval > Duration::zero() ? found->second.interval : kLongestInterval;
}

// How long before a slot falls due it is asked for.
Duration Reservations::lead() const noexcept {
  return std::clamp<Duration>(2 * roundTrips_.typical(), milliseconds(1), settings_.replyTimeout);
}

// Whose slot fell due longer ago asks a little sooner, so that the order among those who wait holds.
Duration Reservations::untilPass(const Lane& lane, Duration wait, Time now) const noexcept {
  const double late = std::chrono::duration<double>(later(now, wait) - lane.dueAt) /
                      std::max<std::chrono::duration<double>>(8 * lane.interval, milliseconds(1));
  const Duration most = std::max<Duration>(kAhead, 2 * lead()) - lead();
  const auto sooner = lead() + std::chrono::duration_cast<Duration>(most * std::clamp(late, 0.0, 1.0));
  return wait > sooner ? wait - sooner : std::max(wait / 2, kShortLook);
}

// How long a message is on its way, at least. Cautiously: the two ways need not be alike.
Duration Reservations::oneWay() const noexcept { return std::min<Duration>(roundTrips_.shortest() / 2, kMostOneWay); }

void Reservations::ask(Question question, std::uint64_t turn, Time now, Duration timeout) {
  commands_.push_back({std::move(question), now, later(now, timeout), turn});
  underWay_.emplace(now, commands_.back().question.key);  // last: nothing would ever take it out
}

// How far apart this process sends by itself.
Duration Reservations::shareOf(const Lane& lane) const noexcept {
  const Duration::rep share = settings_.whenAway == WhenRedisIsAway::SafeShare ? settings_.processes : 1;
  return lane.interval > Duration::max() / share ? Duration::max() : lane.interval * share;
}

void Reservations::grantOwn(Lane& lane, Time now) {
  if (settings_.whenAway == WhenRedisIsAway::FailClosed) {
    if (lane.done) callLater(lane.done, Duration::max());
    lane.grant.clear();
    lane.phase = Phase::Idle;
    return;
  }
  const Time next = lane.lastSlot == Time::min() ? now : later(lane.lastSlot, shareOf(lane));
  const Time leaveAt = std::max({now, next, lane.heldUntil});
  if (lane.done) callLater(lane.done, leaveAt - now);
  lane.grant.clear();
  lane.phase = Phase::Granted;
  lane.leaveAt = lane.lastSlot = leaveAt;
  lane.staleAt = later(leaveAt, kStale);
}

// Whoever waits is not lost where memory runs out: it takes that first.
void Reservations::callLater(Done& done, Duration wait) {
  calls_.push_back({nullptr, wait});
  calls_.back().done = std::exchange(done, nullptr);
}

void Reservations::passLater(const std::string& key, Lane& lane, Time at) {
  lane.passAt = at;
  passes_.emplace(at, std::make_pair(key, lane.turn));
}

void Reservations::tell(bool shared, bool needsAttention, const std::string& reason) {
  if (!settings_.onEvent) return;
  Done done = [onEvent = settings_.onEvent, event = RedisPacerEvent{shared, needsAttention, reason}](Duration) {
    onEvent(event);
  };
  callLater(done, Duration::zero());
}

// It may have restarted without them, and what was on its way is gone.
void Reservations::mayHaveLostHolds() noexcept {
  for (auto& entry : lanes_) entry.second.holdUnwritten = true;
}

// The others shall know of 429s that came while Redis was away. Each is written once: where Redis refuses it, what it
// answers to others must not have it written again and again.
void Reservations::writeBack(Time now) {
  for (auto& [key, lane] : lanes_) {
    if (!std::exchange(lane.holdUnwritten, false) || lane.heldUntil <= now) continue;
    Question question = about(Question::What::Hold, key, intervalOf(key));
    question.time = lane.heldUntil - now;
    ask(std::move(question), lane.turn, now, settings_.replyTimeout);
  }
}

void Reservations::dropSomeIdle(Time now) {
  for (std::size_t i = 0; i < std::min(kLookedAt, lanes_.size()); ++i) {
    auto it = lanes_.upper_bound(lookedAt_);
    if (it == lanes_.end()) it = lanes_.begin();
    lookedAt_ = it->first;
    const Lane& lane = it->second;
    const bool idle = lane.phase == Phase::Idle || lane.phase == Phase::Left || lane.phase == Phase::Granted;
    const bool past = lane.lastSlot == Time::min() || now > later(later(lane.lastSlot, shareOf(lane)), seconds(60));
    if (idle && past && lane.heldUntil <= now) lanes_.erase(it);
  }
}

}  // namespace chatapps::redis
