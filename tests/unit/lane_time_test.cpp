// When the next one goes: round trips and 429s.
#include <gtest/gtest.h>

#include "lane_fixture.hpp"

namespace chatapps::pacing {
namespace {

// ---- When a slot falls due ----

TEST_F(LaneTest, row44_theIntervalCountsFromTheMomentOfSending) {
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

TEST_F(LaneTest, row44_aSlowAnswerMovesTheNextSlotSinceTheRequestMayHaveArrivedLate) {
  learn(80ms);
  goAndFinish(enter(), 380ms);
  EXPECT_EQ(later(enter()), 920ms);
}

TEST_F(LaneTest, row44_aQuickAnswerNeverMakesTheIntervalShorter) {
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

TEST_F(LaneTest, row44_whereAnswersAlwaysTakeLongerThanTheIntervalTheirSpreadIsTheMargin) {
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
  lane.leave(*a);
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
      lane.leave(*again);
    } else {
      const auto next = enter();
      gaps.push_back(later(next));
      now += gaps.back();
      lane.leave(*next);
    }
  }
  EXPECT_EQ(gaps.front(), 1s);
  EXPECT_EQ(gaps.back(), 2s);
}

}  // namespace
}  // namespace chatapps::pacing
