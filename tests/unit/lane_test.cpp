#include "pacing/lane.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace chatapps::pacing {
namespace {

using namespace std::chrono_literals;
using Kind = Turn::Kind;

constexpr std::size_t kMany = 100'000;

// Tickets count how often they were called; time is a plain variable.
class LaneTest : public ::testing::Test {
 protected:
  struct Caller : Ticket {
    int calls = 0;
  };

  std::shared_ptr<Caller> make(const std::string& message = "", Duration timeout = 24h) {
    auto caller = std::make_shared<Caller>();
    caller->message = message;
    caller->interval = 1s;
    caller->deadline = now + timeout;
    caller->onTurn = [raw = caller.get()] { ++raw->calls; };
    return caller;
  }
  bool enter(const std::shared_ptr<Caller>& caller, Lane::End end = Lane::End::Back) {
    return lane.enter(caller, end, kMany, now);
  }
  std::shared_ptr<Caller> enter(const std::string& message = "") {
    auto caller = make(message);
    EXPECT_TRUE(enter(caller));
    return caller;
  }
  Kind ask(const std::shared_ptr<Caller>& caller) { return lane.ask(*caller, now).kind; }
  Duration later(const std::shared_ptr<Caller>& caller) {
    const Turn turn = lane.ask(*caller, now);
    EXPECT_EQ(turn.kind, Kind::Later);
    return turn.at - now;
  }
  void goAndSend(const std::shared_ptr<Caller>& caller) {
    ASSERT_EQ(ask(caller), Kind::Go);
    lane.sent(now);
  }
  void goAndFinish(const std::shared_ptr<Caller>& caller, Duration roundTrip = 0s) {
    goAndSend(caller);
    const Time sentAt = now;
    now += roundTrip;
    lane.answered(sentAt, now);
    lane.succeeded();
  }
  // Teaches the lane that answers take so long.
  void learn(Duration roundTrip, int times = 100) {
    for (int i = 0; i < times; ++i) {
      goAndFinish(enter(), roundTrip);
      now += 2s;
    }
  }

  Lane lane;
  Time now{1000h};
};

// ---- Order ----

TEST_F(LaneTest, theFirstCallGoesAtOnce) { EXPECT_EQ(ask(enter()), Kind::Go); }

TEST_F(LaneTest, onlyTheHeadIsToldATime) {
  goAndFinish(enter());
  const auto a = enter(), b = enter();
  EXPECT_EQ(later(a), 1s);
  EXPECT_EQ(ask(b), Kind::Wait);
}

TEST_F(LaneTest, callsGoInTheOrderInWhichTheyCame) {
  const std::vector<std::shared_ptr<Caller>> callers{enter(), enter(), enter()};
  for (const auto& caller : callers) {
    goAndFinish(caller);
    now += 1s;
  }
}

TEST_F(LaneTest, nobodyElseGoesUntilTheRequestHasLeft) {
  const auto a = enter(), b = enter();
  ASSERT_EQ(ask(a), Kind::Go);
  now += 10s;
  EXPECT_EQ(ask(b), Kind::Wait);
  lane.sent(now);
  EXPECT_EQ(b->calls, 1);
  EXPECT_GE(later(b), 1s);
}

TEST_F(LaneTest, aRequestThatDoesNotLeaveGivesTheSlotToTheNext) {
  const auto a = enter(), b = enter();
  ASSERT_EQ(ask(a), Kind::Go);
  EXPECT_EQ(ask(b), Kind::Wait);
  lane.unsent(now);
  EXPECT_EQ(b->calls, 1);
  EXPECT_EQ(ask(b), Kind::Go);
}

TEST_F(LaneTest, aCancelledCallLeavesNoHole) {
  goAndFinish(enter());
  const auto a = enter(), b = enter(), c = enter();
  EXPECT_EQ(later(a), 1s);
  EXPECT_EQ(ask(b), Kind::Wait);
  lane.leave(*b, now);
  now += 500ms;
  EXPECT_EQ(c->calls, 0);
  lane.leave(*a, now);
  EXPECT_EQ(c->calls, 1);
  EXPECT_EQ(later(c), 500ms);
  now += 500ms;
  EXPECT_EQ(ask(c), Kind::Go);
}

TEST_F(LaneTest, leavingTwiceOrAfterGoIsHarmless) {
  const auto a = enter(), b = enter();
  ASSERT_EQ(ask(a), Kind::Go);
  lane.leave(*a, now);
  lane.leave(*b, now);
  lane.leave(*b, now);
  EXPECT_EQ(ask(b), Kind::Wait);
  lane.unsent(now);
  EXPECT_EQ(ask(enter()), Kind::Go);
}

TEST_F(LaneTest, anImpatientQuestionGetsTheSameAnswer) {
  goAndFinish(enter());
  const auto a = enter();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(later(a), 1s);
}

TEST_F(LaneTest, enteringTwiceIsOnce) {
  const auto a = enter(), b = enter();
  EXPECT_TRUE(enter(b));
  EXPECT_EQ(ask(a), Kind::Go);
  lane.unsent(now);
  EXPECT_EQ(ask(b), Kind::Go);
  lane.unsent(now);
  EXPECT_EQ(ask(b), Kind::Wait);
}

TEST_F(LaneTest, theLaneKeepsATicketThatItsOwnerForgets) {
  const auto first = enter();
  std::weak_ptr<Ticket> forgotten = enter();
  EXPECT_FALSE(forgotten.expired());
  lane.leave(*forgotten.lock(), now);
  EXPECT_TRUE(forgotten.expired());
}

// ---- Priorities ----

TEST_F(LaneTest, pollsGoWhenNobodyElseWaits) {
  const auto poll = make();
  poll->priority = Priority::Low;
  ASSERT_TRUE(enter(poll));
  const auto a = enter();
  EXPECT_EQ(ask(poll), Kind::Wait);
  goAndFinish(a);
  EXPECT_EQ(later(poll), 1s);
  const auto b = enter();
  EXPECT_EQ(ask(poll), Kind::Wait);
  EXPECT_EQ(later(b), 1s);
}

TEST_F(LaneTest, aCallThatMeetsA429GoesAgainBeforeTheOthersOfItsPriority) {
  const auto a = enter(), b = enter();
  goAndFinish(a);
  lane.rejected(1s, now);
  const auto poll = make();
  poll->priority = Priority::Low;
  ASSERT_TRUE(enter(poll, Lane::End::Front));
  ASSERT_TRUE(enter(a, Lane::End::Front));
  EXPECT_EQ(ask(b), Kind::Wait);
  now += 1s;
  goAndFinish(a);
  now += 1s;
  goAndFinish(b);
  now += 1s;
  goAndFinish(poll);
}

TEST_F(LaneTest, severalThatMetA429KeepTheirOrder) {
  const auto a = make(), b = make();
  ASSERT_TRUE(enter(a, Lane::End::Front));
  ASSERT_TRUE(enter(b, Lane::End::Front));
  goAndFinish(a);
  now += 1s;
  goAndFinish(b);
}

// ---- Sharing ----

TEST_F(LaneTest, callsForOneMessageShareASlot) {
  const auto other = enter("y");
  const auto a = enter("x"), b = enter("x"), c = enter("x");
  goAndFinish(other);
  now += 1s;
  EXPECT_EQ(ask(b), Kind::Wait);
  const Turn turn = lane.ask(*a, now);
  ASSERT_EQ(turn.kind, Kind::Go);
  EXPECT_EQ(turn.sharers, (std::vector<std::shared_ptr<Ticket>>{b, c}));
  lane.sent(now);
  EXPECT_EQ(ask(b), Kind::Wait) << "it has left the lane";
  const auto d = enter("x");
  EXPECT_EQ(b->calls + c->calls, 0);
  EXPECT_EQ(later(d), 1250ms) << "who comes after the request left needs one of its own";
}

TEST_F(LaneTest, whenTheFirstOfAPlaceLeavesTheNextGoesInItsStead) {
  goAndFinish(enter());
  const auto a = enter("x"), b = enter("x"), c = enter("x");
  EXPECT_EQ(later(a), 1s);
  lane.leave(*a, now);
  EXPECT_EQ(b->calls, 1);
  lane.leave(*c, now);
  now += 1s;
  const Turn turn = lane.ask(*b, now);
  EXPECT_EQ(turn.kind, Kind::Go);
  EXPECT_TRUE(turn.sharers.empty());
}

TEST_F(LaneTest, aCallLiftsThePollThatItShares) {
  const auto first = make("p"), poll = make("x");
  first->priority = poll->priority = Priority::Low;
  ASSERT_TRUE(enter(first));
  ASSERT_TRUE(enter(poll));
  const auto call = enter("x");
  EXPECT_EQ(poll->calls, 1);
  const Turn turn = lane.ask(*poll, now);
  ASSERT_EQ(turn.kind, Kind::Go);
  EXPECT_EQ(turn.sharers, (std::vector<std::shared_ptr<Ticket>>{call}));
}

TEST_F(LaneTest, aPollThatSharesACallsPlaceRidesAlong) {
  const auto call = enter("x");
  const auto poll = make("x");
  poll->priority = Priority::Low;
  ASSERT_TRUE(enter(poll));
  EXPECT_EQ(lane.ask(*call, now).sharers, (std::vector<std::shared_ptr<Ticket>>{poll}));
}

TEST_F(LaneTest, sharedPlacesCountOnce) {
  enter("x");
  enter("x");
  enter("x");
  EXPECT_TRUE(enter(make("y", 1s)));
  EXPECT_FALSE(enter(make("z", 1s)));
}

// ---- When a slot falls due ----

TEST_F(LaneTest, theIntervalCountsFromTheMomentOfSending) {
  const auto a = enter(), b = enter();
  ASSERT_EQ(ask(a), Kind::Go);
  now += 300ms;  // connecting
  lane.sent(now);
  lane.answered(now, now);
  EXPECT_EQ(later(b), 1s);
}

TEST_F(LaneTest, untilMuchIsKnownTheIntervalCountsFromTheAnswer) {
  goAndFinish(enter(), 80ms);
  EXPECT_EQ(later(enter()), 1s);
}

TEST_F(LaneTest, withConstantRoundTripsTheIntervalCountsFromTheSending) {
  learn(80ms);
  goAndFinish(enter(), 80ms);
  EXPECT_EQ(later(enter()), 920ms);
}

TEST_F(LaneTest, aSlowAnswerMovesTheNextSlotSinceTheRequestMayHaveArrivedLate) {
  learn(80ms);
  goAndFinish(enter(), 380ms);
  EXPECT_EQ(later(enter()), 920ms);
}

TEST_F(LaneTest, aQuickAnswerNeverMakesTheIntervalShorter) {
  learn(80ms);
  goAndFinish(enter(), 1ms);
  EXPECT_EQ(later(enter()), 999ms);
}

TEST_F(LaneTest, anAnswerThatTakesLongDoesNotStallTheLane) {
  learn(80ms);
  goAndSend(enter());
  const auto a = enter();
  EXPECT_EQ(later(a), 1250ms);
  now += 1250ms;
  EXPECT_EQ(ask(a), Kind::Go);
}

TEST_F(LaneTest, theHeadIsCalledWhenTheAnswerBringsItsTimeNearer) {
  learn(80ms);
  goAndSend(enter());
  const Time sentAt = now;
  const auto a = enter();
  EXPECT_EQ(later(a), 1250ms);
  now += 80ms;
  lane.answered(sentAt, now);
  EXPECT_EQ(a->calls, 1);
  EXPECT_EQ(later(a), 920ms);
}

TEST_F(LaneTest, whereAnswersAlwaysTakeLongerThanTheIntervalTheirSpreadIsTheMargin) {
  for (int i = 0; i < 100; ++i) {
    goAndFinish(enter(), 2s + i % 10 * 10ms);
    now += 5s;
  }
  goAndSend(enter());
  const Duration wait = later(enter());
  EXPECT_GE(wait, 1040ms);
  EXPECT_LE(wait, 1100ms);
}

TEST_F(LaneTest, anAnswerToAnEarlierRequestMovesNothing) {
  goAndSend(enter());
  const Time first = now;
  now += 2s;
  goAndSend(enter());
  const auto a = enter();
  EXPECT_EQ(later(a), 1250ms);
  now += 100ms;
  lane.answered(first, now);
  EXPECT_EQ(later(a), 1150ms);
}

TEST_F(LaneTest, aLongPauseGivesOneSlotAndNoBurst) {
  goAndFinish(enter());
  const auto a = enter(), b = enter();
  now += 23h;
  goAndFinish(a);
  EXPECT_EQ(later(b), 1s);
}

TEST_F(LaneTest, clientsOfDifferentRatesKeepTheirOwnIntervals) {
  const auto slow = make();
  slow->interval = 5s;
  goAndFinish(enter());
  ASSERT_TRUE(enter(slow));
  EXPECT_EQ(later(slow), 5s);
  now += 5s;
  goAndFinish(slow);
  EXPECT_EQ(later(enter()), 1s);
}

// ---- Deadlines and bounds ----

TEST_F(LaneTest, aPlaceBeyondTheDeadlineIsNotTaken) {
  goAndFinish(enter());
  EXPECT_FALSE(enter(make("", 999ms)));
  EXPECT_TRUE(enter(make("", 1s)));
  EXPECT_FALSE(enter(make("", 1999ms)));
  EXPECT_TRUE(enter(make("", 2s)));
}

TEST_F(LaneTest, aRequestUnderWayCountsForThoseBehind) {
  ASSERT_EQ(ask(enter()), Kind::Go);
  EXPECT_FALSE(enter(make("", 900ms)));
  EXPECT_TRUE(enter(make("", 1s)));
}

TEST_F(LaneTest, whileAnAnswerIsAwaitedItIsExpectedInTime) {
  learn(80ms);
  goAndSend(enter());
  const Time sentAt = now;
  const auto a = make("", 1100ms);
  ASSERT_TRUE(enter(a));
  EXPECT_EQ(later(a), 1100ms) << "not given up before its deadline";
  now += 80ms;
  lane.answered(sentAt, now);
  EXPECT_EQ(later(a), 920ms);
}

TEST_F(LaneTest, theHeadIsGivenUpAsSoonAsItsTimeLiesBeyondItsDeadline) {
  goAndSend(enter());
  const Time sentAt = now;
  const auto a = make("", 1s), b = enter();
  lane.leave(*b, now);
  ASSERT_TRUE(enter(a));
  ASSERT_TRUE(enter(b));
  now += 500ms;
  lane.answered(sentAt, now);
  EXPECT_EQ(ask(a), Kind::WontFit);
  EXPECT_EQ(ask(a), Kind::WontFit);
  EXPECT_GE(b->calls, 1);
  EXPECT_EQ(later(b), 1s);
}

TEST_F(LaneTest, theUsualLatenessOfAnswersCountsInEachPlace) {
  for (int i = 0; i < 200; ++i) {
    goAndFinish(enter(), 100ms + i % 20 * 20ms);
    now += 3s;
  }
  const Duration ten = lane.estimate(11, 1s, now);
  EXPECT_GT(ten, 11s);
  EXPECT_LT(ten, 13s);
}

TEST_F(LaneTest, aFullLaneTakesNobodyButThoseThatGoAgain) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(lane.enter(make(), Lane::End::Back, 3, now));
  EXPECT_FALSE(lane.enter(make(), Lane::End::Back, 3, now));
  EXPECT_TRUE(lane.enter(make(), Lane::End::Front, 3, now));
}

TEST_F(LaneTest, aSharerMustFitAsWell) {
  for (int i = 0; i < 5; ++i) enter();
  enter("x");
  for (int i = 0; i < 5; ++i) enter();
  EXPECT_FALSE(enter(make("x", 4900ms)));
  EXPECT_TRUE(enter(make("x", 5s)));
}

TEST_F(LaneTest, aCallThatLiftsAPollMustFitWhereItLandsNotWhereThePollStood) {
  enter("n");
  for (int i = 0; i < 5; ++i) {
    const auto poll = make(std::to_string(i));
    poll->priority = Priority::Low;
    ASSERT_TRUE(enter(poll));
  }
  EXPECT_FALSE(enter(make("4", 900ms)));
  EXPECT_TRUE(enter(make("4", 1s)));
}

TEST_F(LaneTest, intervalsAndDeadlinesAtTheEdgesDoNotOverflow) {
  const auto extreme = make();
  extreme->interval = Duration::max();
  extreme->deadline = Time::max();
  ASSERT_TRUE(enter(extreme));
  goAndFinish(extreme);
  for (int i = 0; i < 1000; ++i) {
    const auto another = make();
    another->interval = Duration::max();
    another->deadline = Time::max();
    ASSERT_TRUE(enter(another));
  }
  EXPECT_FALSE(enter(make("", -1h)));
  EXPECT_GT(lane.estimate(std::numeric_limits<std::size_t>::max() / 2, 1s, now), 24h * 365 * 200);
  lane.rejected(Duration::max(), now);
}

TEST_F(LaneTest, anIntervalOfZeroOrLessIsNone) {
  const auto a = make(), b = make();
  a->interval = b->interval = -1s;
  ASSERT_TRUE(enter(a));
  ASSERT_TRUE(enter(b));
  goAndFinish(a);
  EXPECT_EQ(ask(b), Kind::Go);
}

// ---- 429 ----

TEST_F(LaneTest, a429HoldsTheWholeLane) {
  const auto a = enter(), b = enter();
  goAndSend(a);
  const Time sentAt = now;
  now += 200ms;
  lane.answered(sentAt, now);
  lane.rejected(3s, now);
  EXPECT_EQ(later(b), 3s);
  now += 3s;
  EXPECT_EQ(ask(b), Kind::Go);
}

TEST_F(LaneTest, repeated429sHoldLongerAndLonger) {
  auto caller = enter();
  for (const auto expected : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
    goAndSend(caller);
    lane.answered(now, now);
    lane.rejected(0s, now);
    caller = enter();
    EXPECT_EQ(later(caller), expected);
    now += expected;
  }
}

TEST_F(LaneTest, a429DuringAHoldDoesNotDoubleIt) {
  const auto a = enter();
  lane.rejected(0s, now);
  now += 100ms;
  lane.rejected(0s, now);
  EXPECT_EQ(later(a), 1s);
  now += 1s;
  lane.rejected(0s, now);
  EXPECT_EQ(later(a), 2s);
}

TEST_F(LaneTest, thosePutOutByA429AreToldAtOnce) {
  goAndSend(enter());
  const auto a = make("x", 2s), b = make("x", 24h), c = make("", 3s), d = make("", 5s);
  for (const auto& caller : {a, b, c, d}) ASSERT_TRUE(enter(caller));
  EXPECT_EQ(ask(c), Kind::Wait);
  lane.rejected(4s, now);  // b goes at 4 s, d would at 5 s
  EXPECT_EQ(a->calls, 1);
  EXPECT_EQ(ask(a), Kind::WontFit);
  EXPECT_EQ(c->calls, 1);
  EXPECT_EQ(ask(c), Kind::WontFit);
  EXPECT_EQ(d->calls, 0);
  EXPECT_EQ(later(b), 4s);
  lane.leave(*a, now);
  EXPECT_TRUE(enter(make("", 6s)));
}

TEST_F(LaneTest, aTicketThatWasPutOutMayEnterAgain) {
  const auto a = make("", 1s);
  ASSERT_TRUE(enter(a));
  lane.rejected(4s, now);
  ASSERT_EQ(ask(a), Kind::WontFit);
  EXPECT_FALSE(enter(a));
  a->deadline = now + 4s;
  EXPECT_TRUE(enter(a));
  EXPECT_EQ(later(a), 4s);
}

TEST_F(LaneTest, aServerThatRejectsEveryOtherRequestGetsThemLessOften) {
  std::vector<Duration> gaps;
  for (int i = 0; i < 40; ++i) {
    goAndFinish(enter());
    if (i % 2 == 1) {
      lane.rejected(0s, now);
      const auto again = enter();
      now += later(again);
      lane.leave(*again, now);
    } else {
      const auto next = enter();
      gaps.push_back(later(next));
      now += gaps.back();
      lane.leave(*next, now);
    }
  }
  EXPECT_EQ(gaps.front(), 1s);
  EXPECT_EQ(gaps.back(), 2s);
}

// ---- What it tells ----

TEST_F(LaneTest, theEstimateCountsThoseThatWait) {
  EXPECT_EQ(lane.estimate(0, 1s, now), 0s);
  EXPECT_EQ(lane.estimate(1, 1s, now), 0s);
  EXPECT_EQ(lane.estimate(10, 1s, now), 9s);
  const auto a = enter();
  enter();
  EXPECT_EQ(lane.estimate(10, 1s, now), 11s);
  EXPECT_EQ(lane.estimate(0, 1s, now), 1s);
  goAndFinish(a);
  EXPECT_EQ(lane.estimate(0, 1s, now), 1s);
}

TEST_F(LaneTest, aLaneIsIdleOnceItWouldLetACallGoAtOnce) {
  EXPECT_TRUE(lane.isIdle(now));
  const auto slow = make();
  slow->interval = 5s;
  ASSERT_TRUE(enter(slow));
  EXPECT_FALSE(lane.isIdle(now));
  ASSERT_EQ(ask(slow), Kind::Go);
  EXPECT_FALSE(lane.isIdle(now + 1h));
  lane.sent(now);
  lane.answered(now, now);
  EXPECT_FALSE(lane.isIdle(now + 4999ms));
  EXPECT_TRUE(lane.isIdle(now + 5s));
}

TEST_F(LaneTest, aLaneThatMet429sIsNotIdleBeforeTheyAreHistory) {
  lane.rejected(2s, now);
  EXPECT_FALSE(lane.isIdle(now + 3s));
  EXPECT_TRUE(lane.isIdle(now + 2s + 60s));
}

TEST_F(LaneTest, aHundredThousandMayWaitAndLeave) {
  goAndFinish(enter());
  std::vector<std::shared_ptr<Caller>> callers;
  for (int i = 0; i < 100'000; ++i) {
    callers.push_back(make(std::to_string(i % 70'000), 24h * 365));
    ASSERT_TRUE(lane.enter(callers.back(), Lane::End::Back, kMany, now));
  }
  for (std::size_t i = 0; i < callers.size(); i += 2) lane.leave(*callers[callers.size() - 1 - i], now);
  for (const auto& caller : callers) lane.leave(*caller, now);
  EXPECT_EQ(lane.estimate(0, 1s, now), 0s);
}

}  // namespace
}  // namespace chatapps::pacing
