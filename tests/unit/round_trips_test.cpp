#include "pacing/round_trips.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <random>
#include <thread>
#include <vector>

namespace chatapps::pacing {
namespace {

using namespace std::chrono_literals;

Duration milliseconds(double count) { return Duration(static_cast<Duration::rep>(count * 1e6)); }

TEST(RoundTrips, nothingIsAssumedBeforeEnoughHaveBeenSeen) {
  RoundTrips roundTrips;
  EXPECT_EQ(roundTrips.low(), 0s);
  EXPECT_EQ(roundTrips.typical(), 0s);
  for (int i = 0; i < 7; ++i) roundTrips.add(80ms);
  EXPECT_EQ(roundTrips.low(), 0s);
  EXPECT_EQ(roundTrips.typical(), 80ms);
  roundTrips.add(80ms);
  EXPECT_EQ(roundTrips.low(), 80ms);
}

TEST(RoundTrips, theShortestOfAFewIsNotTheShortestThereIs) {
  RoundTrips roundTrips;
  for (int i = 0; i < 20; ++i) roundTrips.add(100ms + i * 1ms);
  EXPECT_LT(roundTrips.low(), 100ms);
  EXPECT_GT(roundTrips.low(), 90ms);
  for (int i = 0; i < 1000; ++i) roundTrips.add(100ms + i % 20 * 1ms);
  EXPECT_EQ(roundTrips.low(), 100ms);
}

TEST(RoundTrips, howMuchShorterTheShortestMayBeIsCalculated) {
  RoundTrips roundTrips;
  for (int i = 0; i < 20; ++i) roundTrips.add(100ms + i * 1ms);
  EXPECT_EQ(roundTrips.typical(), 110ms);
  // One in a thousand of twenty: the distance from the median grows by the root of ln 1000 / ln 20.
  EXPECT_NEAR(std::chrono::duration<double>(roundTrips.low()).count(), 0.094815, 1e-6);
}

TEST(RoundTrips, aWideSpreadIsCutWhereThreeInAThousandAreShorter) {
  std::mt19937_64 random(2);
  std::normal_distribution<double> delay(160, 28);
  RoundTrips roundTrips;
  int shorter = 0;
  for (int i = 0; i < 21'000; ++i) {
    const Duration one = milliseconds(delay(random));
    if (i >= 1000 && one < roundTrips.low()) ++shorter;
    roundTrips.add(one);
  }
  EXPECT_GT(shorter, 20);
  EXPECT_LT(shorter, 120);
  EXPECT_NEAR(std::chrono::duration<double>(roundTrips.typical()).count(), 0.160, 0.005);
}

TEST(RoundTrips, aNarrowSpreadIsNotWorthTheRisk) {
  std::mt19937_64 random(3);
  std::gamma_distribution<double> above(4, 0.015);
  RoundTrips roundTrips;
  int shorter = 0;
  for (int i = 0; i < 50'000; ++i) {
    const Duration one = milliseconds(0.15 + above(random));
    if (i >= 1000 && one < roundTrips.low()) ++shorter;
    roundTrips.add(one);
  }
  EXPECT_LE(shorter, 2);
  EXPECT_GT(roundTrips.low(), 100us);
}

TEST(RoundTrips, aQuickerNetworkCountsFromItsFirstAnswers) {
  RoundTrips roundTrips;
  for (int i = 0; i < 2000; ++i) roundTrips.add(100ms + i % 10 * 1ms);
  ASSERT_GT(roundTrips.low(), 90ms);
  for (int i = 0; i < 12; ++i) roundTrips.add(20ms);
  EXPECT_LE(roundTrips.low(), 20ms);
}

TEST(RoundTrips, aSlowerNetworkCountsOnceTheQuickAnswersAreLongAgo) {
  RoundTrips roundTrips;
  for (int i = 0; i < 1000; ++i) roundTrips.add(20ms);
  for (int i = 0; i < 900; ++i) roundTrips.add(100ms);
  EXPECT_EQ(roundTrips.low(), 20ms);
  for (int i = 0; i < 116; ++i) roundTrips.add(100ms);
  EXPECT_EQ(roundTrips.low(), 100ms);
}

TEST(RoundTrips, theMedianIsThatOfTheLastThousand) {
  std::mt19937_64 random(4);
  RoundTrips roundTrips;
  std::deque<Duration> last;
  for (int i = 0; i < 16 * 300; ++i) {
    const Duration one(static_cast<Duration::rep>(random() % 50'000'000));
    roundTrips.add(one);
    last.push_back(one);
    if (last.size() > 1000) last.pop_front();
  }
  std::vector<Duration> sorted(last.begin(), last.end());
  std::sort(sorted.begin(), sorted.end());
  // The estimate may be a few answers old.
  EXPECT_GE(roundTrips.typical(), sorted[485]);
  EXPECT_LE(roundTrips.typical(), sorted[515]);
}

TEST(RoundTrips, aTimeThatRunsBackwardsCountsAsNone) {
  RoundTrips roundTrips;
  for (int i = 0; i < 20; ++i) roundTrips.add(-5ms);
  EXPECT_EQ(roundTrips.low(), 0s);
  EXPECT_EQ(roundTrips.typical(), 0s);
}

TEST(RoundTrips, areSharedByThreads) {
  RoundTrips roundTrips;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&roundTrips, thread] {
      for (int i = 0; i < 3000; ++i) {
        roundTrips.add(10ms + thread * 1ms);
        EXPECT_LE(roundTrips.low(), 13ms);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_GE(roundTrips.typical(), 10ms);
  EXPECT_LE(roundTrips.typical(), 13ms);
}

}  // namespace
}  // namespace chatapps::pacing
