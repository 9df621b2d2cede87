#include "duration.hpp"

#include <gtest/gtest.h>

using namespace std::chrono_literals;
using chatapps::cli::parseDuration;
using chatapps::cli::showDuration;

TEST(CliDuration, hasUnitsAndFractions) {
  EXPECT_EQ(parseDuration("500ms"), 500ms);
  EXPECT_EQ(parseDuration("30s"), 30s);
  EXPECT_EQ(parseDuration("5m"), 5min);
  EXPECT_EQ(parseDuration("2h"), 2h);
  EXPECT_EQ(parseDuration("1.5s"), 1500ms);
  EXPECT_EQ(parseDuration("0.25m"), 15s);
  EXPECT_EQ(parseDuration("1.001s"), 1001ms);
  EXPECT_EQ(parseDuration("0s"), 0ms);
}

TEST(CliDuration, roundsALittleUpToOneMillisecond) { EXPECT_EQ(parseDuration("0.001ms"), 1ms); }

TEST(CliDuration, refusesEverythingElse) {
  for (const char* text :
       {"",    "30",    "s",      "-1s",  "+1s",  "1 s", " 1s",  "1s ", "1e3s",  "1.s",
        ".5s", "1..5s", "1.2.3s", "nans", "infs", "1S",  "1sec", "1d",  "0x10s", "99999999999999999999s"}) {
    EXPECT_EQ(parseDuration(text), std::nullopt) << text;
  }
}

TEST(CliDuration, isShownAsPeopleSayIt) {
  EXPECT_EQ(showDuration(400ms), "0.4s");
  EXPECT_EQ(showDuration(12s), "12s");
  EXPECT_EQ(showDuration(185s), "3m05s");
  EXPECT_EQ(showDuration(2h + 10min), "2h10m");
  EXPECT_EQ(showDuration(76h), "3d04h");
}
