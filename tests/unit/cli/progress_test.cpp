#include "progress.hpp"

#include <gtest/gtest.h>

using namespace std::chrono_literals;
using chatapps::cli::Progress;

namespace {

constexpr Progress::Time kStart{std::chrono::hours(1)};

void count(Progress& progress, int items) {
  for (int i = 0; i < items; ++i) progress.count(false);
}

}  // namespace

TEST(CliProgress, saysDoneFailedRateAndTimeLeft) {
  Progress progress(100, kStart);
  count(progress, 24);
  progress.count(true);
  EXPECT_EQ(progress.bar(kStart + 25s, 80),
            "[#######.......................]  25%  25/100 done, 1 failed, 1.0/s, 1m15s left");
}

TEST(CliProgress, takesTheRateOfTheLastSeconds) {
  Progress progress(1000, kStart);
  count(progress, 500);
  progress.bar(kStart + 5s, 80);
  progress.bar(kStart + 60s, 80);
  count(progress, 20);
  EXPECT_NE(progress.bar(kStart + 80s, 80).find(" 1.0/s"), std::string::npos);
}

TEST(CliProgress, knowsNoTimeLeftWithoutATotal) {
  Progress progress(std::nullopt, kStart);
  count(progress, 3);
  EXPECT_EQ(progress.bar(kStart + 2s, 80), "3 done, 0 failed, 1.5/s");
}

TEST(CliProgress, staysWithinTheTerminal) {
  Progress progress(123'456'789, kStart);
  count(progress, 7);
  for (const int columns : {20, 40, 60, 80, 200}) {
    EXPECT_LT(progress.bar(kStart + 1s, columns).size(), static_cast<std::size_t>(columns));
  }
}

TEST(CliProgress, isFullWhenAllIsDone) {
  Progress progress(2, kStart);
  count(progress, 2);
  EXPECT_NE(progress.bar(kStart + 1s, 80).find("] 100%  2/2 done"), std::string::npos);
}

TEST(CliProgress, isDrawnAtMostTenTimesASecond) {
  Progress progress(10, kStart);
  EXPECT_TRUE(progress.isDue(kStart));
  progress.bar(kStart, 80);
  EXPECT_FALSE(progress.isDue(kStart + 99ms));
  EXPECT_TRUE(progress.isDue(kStart + 100ms));
}

TEST(CliProgress, sumsUpTheWholeRun) {
  Progress progress(10, kStart);
  count(progress, 9);
  progress.count(true);
  EXPECT_EQ(progress.summary(kStart + 10s), "10 done, 1 failed in 10s, 1.0/s");
}
