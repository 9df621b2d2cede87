#include "pacing/rejections.hpp"

#include <gtest/gtest.h>

namespace chatapps::pacing {
namespace {

using namespace std::chrono_literals;

double stretchOf(const Rejections& rejections) {
  return std::chrono::duration<double>(rejections.stretched(1s)).count();
}

void succeed(Rejections& rejections, int times) {
  for (int i = 0; i < times; ++i) rejections.succeeded();
}

// A server that never takes two in a row at the usual pace.
void disappoint(Rejections& rejections, int times) {
  for (int i = 0; i < times; ++i) {
    rejections.rejected(0s, false);
    rejections.succeeded();
  }
}

TEST(Rejections, row42_thePauseIsAtLeastASecondAndDoublesUpToThirty) {
  Rejections rejections;
  for (const auto expected : {1s, 2s, 4s, 8s, 16s, 30s, 30s, 30s}) EXPECT_EQ(rejections.rejected(0s, false), expected);
}

TEST(Rejections, theServersWishCountsWhereItIsLonger) {
  Rejections rejections;
  EXPECT_EQ(rejections.rejected(5s, false), 5s);
  EXPECT_EQ(rejections.rejected(1s, false), 2s);
  EXPECT_EQ(rejections.rejected(-1s, false), 4s);
}

TEST(Rejections, row41_noPauseIsLongerThanAMinute) {
  Rejections rejections;
  EXPECT_EQ(rejections.rejected(24h, false), 60s);
  EXPECT_EQ(rejections.rejected(Duration::max(), false), 60s);
}

TEST(Rejections, anAnswerOfAnotherKindEndsTheDoubling) {
  Rejections rejections;
  rejections.rejected(0s, false);
  rejections.rejected(0s, false);
  rejections.succeeded();
  EXPECT_EQ(rejections.rejected(0s, false), 1s);
}

TEST(Rejections, requestsThatLeftBeforeTheHoldDoNotDouble) {
  Rejections rejections;
  EXPECT_EQ(rejections.rejected(0s, false), 1s);
  EXPECT_EQ(rejections.rejected(0s, true), 1s);
  EXPECT_EQ(rejections.rejected(3s, true), 3s);
  EXPECT_EQ(rejections.rejected(0s, false), 2s);
}

TEST(Rejections, seldomOnesLeaveTheIntervalAlone) {
  Rejections rejections;
  for (int i = 0; i < 50; ++i) {
    rejections.rejected(1s, false);
    succeed(rejections, 99);
  }
  EXPECT_EQ(rejections.stretched(1s), 1s);
}

TEST(Rejections, aStormIsNoReasonToStretchTheInterval) {
  Rejections rejections;
  for (int i = 0; i < 50; ++i) rejections.rejected(1s, false);
  EXPECT_EQ(rejections.stretched(1s), 1s);
}

TEST(Rejections, row44_repeatedOnesAtTheUsualPaceStretchTheIntervalUpToDouble) {
  Rejections rejections;
  disappoint(rejections, 3);
  EXPECT_EQ(rejections.stretched(1s), 1s);
  disappoint(rejections, 1);
  EXPECT_EQ(rejections.stretched(1s), 1250ms);
  disappoint(rejections, 100);
  EXPECT_EQ(rejections.stretched(1s), 2s);
}

TEST(Rejections, row44_calmBringsTheIntervalBack) {
  Rejections rejections;
  disappoint(rejections, 4);
  succeed(rejections, 31);
  EXPECT_LT(stretchOf(rejections), 1.25);
  succeed(rejections, 32);
  EXPECT_EQ(rejections.stretched(1s), 1s);
  EXPECT_TRUE(rejections.forgotten());
}

TEST(Rejections, whereComingBackWasTooEarlyTheNextTryComesLater) {
  Rejections rejections;
  disappoint(rejections, 20);
  ASSERT_EQ(rejections.stretched(1s), 2s);
  int calmBefore = 0;
  for (int round = 0; round < 3; ++round) {
    int calm = 0;
    while (rejections.stretched(1s) == 2s) {
      rejections.succeeded();
      ++calm;
    }
    EXPECT_GT(calm, calmBefore);
    calmBefore = calm;
    disappoint(rejections, 1);
    EXPECT_EQ(rejections.stretched(1s), 2s) << "a single one undoes the step";
  }
}

TEST(Rejections, aServerThatRecoversGetsTheWholeRateInTheEnd) {
  Rejections rejections;
  disappoint(rejections, 50);
  succeed(rejections, 10'000);
  EXPECT_EQ(rejections.stretched(1s), 1s);
  EXPECT_TRUE(rejections.forgotten());
  disappoint(rejections, 4);
  succeed(rejections, 64);
  EXPECT_EQ(rejections.stretched(1s), 1s) << "and as quickly as the first time";
}

}  // namespace
}  // namespace chatapps::pacing
