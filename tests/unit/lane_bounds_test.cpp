// Who is turned away, and what a lane tells.
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "lane_fixture.hpp"

namespace chatapps::pacing {
namespace {

// ---- Deadlines and bounds ----

TEST_F(LaneTest, row45_aPlaceBeyondTheDeadlineIsNotTaken) {
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
  lane.leave(*b);
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

TEST_F(LaneTest, sharersCountAmongThoseThatWait) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(lane.enter(make("x"), Lane::End::Back, 3, now));
  EXPECT_FALSE(lane.enter(make("x"), Lane::End::Back, 3, now));
}

TEST_F(LaneTest, pollsGoBehindAndTakeNobodysRoom) {
  for (int i = 0; i < 5; ++i) {
    const auto poll = make();
    poll->priority = Priority::Low;
    ASSERT_TRUE(lane.enter(poll, Lane::End::Back, 2, now));
  }
  const auto a = make("", 0s), b = make("", 1s);
  EXPECT_TRUE(lane.enter(a, Lane::End::Back, 2, now)) << "its place lies before theirs";
  EXPECT_TRUE(lane.enter(b, Lane::End::Back, 2, now));
  EXPECT_FALSE(lane.enter(make(), Lane::End::Back, 2, now));
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
  EXPECT_GT(lane.estimate(std::numeric_limits<std::size_t>::max(), 1s, now), 24h * 365 * 200);
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
  for (std::size_t i = 0; i < callers.size(); i += 2) lane.leave(*callers[callers.size() - 1 - i]);
  for (const auto& caller : callers) lane.leave(*caller);
  EXPECT_EQ(lane.estimate(0, 1s, now), 0s);
}

}  // namespace
}  // namespace chatapps::pacing
