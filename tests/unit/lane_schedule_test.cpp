#include "lane_schedule.hpp"

#include <gtest/gtest.h>

namespace chatapps::pacing {
namespace {

using namespace std::chrono_literals;

// Many seeds of the same weather; each must see what the weather is made of.
void runDays(const Weather& weather, Duration length, int seeds) {
  int went = 0, rode = 0, turnedAway = 0, left = 0, rejected = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Schedule schedule(weather, static_cast<std::uint64_t>(seed));
    schedule.run(length);
    if (::testing::Test::HasFailure()) return;
    went += schedule.went;
    rode += schedule.rode;
    turnedAway += schedule.refused + schedule.putOut;
    left += schedule.left;
    rejected += schedule.rejected;
  }
  EXPECT_GT(went, 100 * seeds);
  EXPECT_GT(left, 0);
  EXPECT_EQ(rode > 0, weather.messages > 0);
  EXPECT_EQ(rejected > 0, weather.rejected > 0);
  if (weather.load > 1) {
    EXPECT_GT(turnedAway, 0);
  }
}

TEST(LaneSchedule, quietDays) {
  Weather weather;
  weather.load = 0.3;
  runDays(weather, 4h, 4);
}

TEST(LaneSchedule, busyDays) {
  Weather weather;
  weather.load = 1.5;
  runDays(weather, 2h, 6);
}

TEST(LaneSchedule, overloadedDaysWithASlowNetwork) {
  Weather weather;
  weather.load = 3;
  weather.roundTrip = 120ms;
  weather.jitter = 80ms;
  weather.setUp = 300ms;
  runDays(weather, 2h, 6);
}

TEST(LaneSchedule, daysWithFewMessagesThatManyAskFor) {
  Weather weather;
  weather.load = 3;
  weather.messages = 20;
  weather.low = 0.5;
  runDays(weather, 2h, 6);
}

TEST(LaneSchedule, daysWithManyMessagesThatSomeShare) {
  Weather weather;
  weather.load = 2;
  weather.messages = 500;
  weather.setUp = 100ms;
  runDays(weather, 2h, 6);
}

TEST(LaneSchedule, daysOf429s) {
  Weather weather;
  weather.load = 1.2;
  weather.rejected = 0.5;
  weather.messages = 100;
  runDays(weather, 3h, 6);
}

TEST(LaneSchedule, daysOnWhichNothingWorks) {
  Weather weather;
  weather.cancelled = 0.7;
  weather.unsent = 0.4;
  weather.unanswered = 0.4;
  weather.load = 2;
  weather.setUp = 2s;
  runDays(weather, 2h, 6);
}

TEST(LaneSchedule, daysOnWhichAnswersTakeLongerThanTheInterval) {
  Weather weather;
  weather.load = 1.5;
  weather.roundTrip = 2s;
  weather.jitter = 3s;
  weather.messages = 50;
  runDays(weather, 2h, 6);
}

TEST(LaneSchedule, daysOfClientsWithDifferentRates) {
  Weather weather;
  weather.oneInSlow = 0.3;
  weather.roundTrip = 20ms;
  weather.jitter = 20ms;
  runDays(weather, 2h, 6);
}

TEST(LaneSchedule, fiftyRequestsASecond) {
  Weather weather;
  weather.interval = 20ms;
  weather.load = 1.5;
  weather.roundTrip = 150us;
  weather.jitter = 250us;
  weather.rejected = 0.001;
  weather.longestTimeout = 2s;
  runDays(weather, 2min, 6);
}

}  // namespace
}  // namespace chatapps::pacing
