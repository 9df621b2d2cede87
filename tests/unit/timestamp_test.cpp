#include "chatapps/timestamp.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <clocale>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <optional>
#include <string>

namespace chatapps {
namespace {

std::optional<std::int64_t> nanoseconds(const std::string& text) {
  const std::optional<SystemTime> time = Timestamp(text).time();
  return time ? std::make_optional(std::int64_t{time->time_since_epoch().count()}) : std::nullopt;
}

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kNoon = 1'592'395'200 * kSecond;  // 2020-06-17T12:00:00Z

TEST(Timestamp, readsTheFormsSeenFromTheApi) {
  EXPECT_EQ(nanoseconds("2020-06-17T04:17:21.06Z"), 1'592'367'441'060'000'000);
  EXPECT_EQ(nanoseconds("2020-12-22T01:24:30.6030893Z"), 1'608'600'270'603'089'300);
  EXPECT_EQ(nanoseconds("2018-08-04T09:25:40.9235752+00:00"), 1'533'374'740'923'575'200);
  EXPECT_EQ(nanoseconds("2020-09-25T07:18:22.78Z"), 1'601'018'302'780'000'000);
}

TEST(Timestamp, keepsTheTextAsItCame) {
  EXPECT_EQ(Timestamp("2020-06-17T04:17:21.06Z").text(), "2020-06-17T04:17:21.06Z");
  EXPECT_EQ(Timestamp("soon").text(), "soon");
  EXPECT_EQ(Timestamp().text(), "");
  EXPECT_EQ(Timestamp().time(), std::nullopt);
  EXPECT_TRUE(Timestamp("a") == Timestamp("a"));
  EXPECT_TRUE(Timestamp("a") != Timestamp("A"));
}

TEST(Timestamp, row36_readsFractionsOfAnyLengthAndCutsThemAtTheNinthDigit) {
  const std::string digits = "123456789987654321";
  std::int64_t expected = 0, unit = kSecond;
  for (std::size_t count = 1; count <= digits.size(); ++count) {
    unit /= 10;
    expected += unit * (digits[count - 1] - '0');
    EXPECT_EQ(nanoseconds("2020-06-17T12:00:00." + digits.substr(0, count) + "Z"), kNoon + expected) << count;
    EXPECT_EQ(nanoseconds("2020-06-17T12:00:00," + digits.substr(0, count) + "Z"), kNoon + expected) << count;
  }
  EXPECT_EQ(nanoseconds("2020-06-17T12:00:00Z"), kNoon);
  EXPECT_EQ(nanoseconds("2020-06-17T12:00:00.000Z"), kNoon);
  EXPECT_EQ(nanoseconds("2020-06-17T12:00:00.Z"), std::nullopt);
}

TEST(Timestamp, row36_readsZonesAndOffsets) {
  for (const std::string zone : {"Z", "z", "+00:00", "-00:00", "+0000", "+00"}) {
    EXPECT_EQ(nanoseconds("2020-06-17T12:00:00" + zone), kNoon) << zone;
  }
  EXPECT_EQ(nanoseconds("2020-06-17T20:00:00+08:00"), kNoon);
  EXPECT_EQ(nanoseconds("2020-06-17T17:45:00+0545"), kNoon);
  EXPECT_EQ(nanoseconds("2020-06-17T09:00:00-03"), kNoon);
  EXPECT_EQ(nanoseconds("2020-06-18T11:59:00.5+23:59"), kNoon + kSecond / 2);
  EXPECT_EQ(nanoseconds("2020-06-17t12:00:00z"), kNoon);
  EXPECT_EQ(nanoseconds("2020-06-17 12:00:00Z"), kNoon);
}

TEST(Timestamp, row36_aTimeWithoutAZoneIsNoInstant) {
  for (const std::string text : {"2020-06-17T12:00:00", "2020-06-17T12:00:00.5", "2020-06-17T12:00Z", "2020-06-17",
                                 "2020-06-17Z", "12:00:00Z"}) {
    EXPECT_EQ(nanoseconds(text), std::nullopt) << text;
  }
}

TEST(Timestamp, row36_aLeapSecondIsTheSecondAfterAndOnlyTheLastOfADay) {
  EXPECT_EQ(nanoseconds("2016-12-31T23:59:60Z"), nanoseconds("2017-01-01T00:00:00Z"));
  EXPECT_EQ(nanoseconds("2016-12-31T23:59:60.25Z"), nanoseconds("2017-01-01T00:00:00.25Z"));
  EXPECT_EQ(nanoseconds("2017-01-01T07:59:60+08:00"), nanoseconds("2017-01-01T00:00:00Z"));
  EXPECT_EQ(nanoseconds("2016-12-31T23:58:60Z"), std::nullopt);
  EXPECT_EQ(nanoseconds("2016-12-31T12:00:60Z"), std::nullopt);
  EXPECT_EQ(nanoseconds("2016-12-31T23:59:60+08:00"), std::nullopt);
  EXPECT_EQ(nanoseconds("2016-12-31T23:59:61Z"), std::nullopt);
}

TEST(Timestamp, row36_twentyFourHoursAreTheNextMidnight) {
  EXPECT_EQ(nanoseconds("2020-06-16T24:00:00Z"), nanoseconds("2020-06-17T00:00:00Z"));
  EXPECT_EQ(nanoseconds("2019-12-31T24:00:00.000Z"), nanoseconds("2020-01-01T00:00:00Z"));
  for (const std::string time : {"24:00:01Z", "24:01:00Z", "24:00:00.001Z", "25:00:00Z"}) {
    EXPECT_EQ(nanoseconds("2020-06-16T" + time), std::nullopt) << time;
  }
}

TEST(Timestamp, row36_daysAndTimesThatDoNotExistAreNoInstant) {
  for (const std::string text :
       {"2020-02-30T00:00:00Z", "2019-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2020-04-31T00:00:00Z",
        "2020-13-01T00:00:00Z", "2020-00-01T00:00:00Z", "2020-01-00T00:00:00Z", "2020-01-32T00:00:00Z",
        "2020-01-01T00:60:00Z", "2020-01-01T00:00:00+24:00", "2020-01-01T00:00:00+01:60"}) {
    EXPECT_EQ(nanoseconds(text), std::nullopt) << text;
  }
  EXPECT_TRUE(nanoseconds("2020-02-29T00:00:00Z"));
  EXPECT_TRUE(nanoseconds("2000-02-29T00:00:00Z"));
}

TEST(Timestamp, whatIsNoDateIsNoInstant) {
  const std::string good = "2020-06-17T12:00:00.5+08:00";
  EXPECT_TRUE(nanoseconds(good));
  for (std::size_t length = 0; length < good.size(); ++length) {
    const bool whole = length == good.size() - 3;  // "+08"
    EXPECT_EQ(nanoseconds(good.substr(0, length)).has_value(), whole) << good.substr(0, length);
  }
  for (std::size_t at = 0; at <= good.size(); ++at) {
    for (const char c : {'x', ' ', '\0', '\xC3'}) {
      std::string longer = good;
      EXPECT_EQ(nanoseconds(longer.insert(at, 1, c)), std::nullopt) << longer;
    }
  }
  for (const std::string text :
       {"0", "1592367441", "Wed, 17 Jun 2020 04:17:21 GMT", "2020-06-17T12:00:00 Z", "2020-06-17T12:00:00+8:00",
        "2020-06-17T12:00:00+08:0", "20200617T120000Z", "+2020-06-17T12:00:00Z", "-2020-06-17T12:00:00Z",
        "2020-6-17T12:00:00Z", "2020-06-17T12:00:-1Z", "2020-06-17T12:00:00.-5Z"}) {
    EXPECT_EQ(nanoseconds(text), std::nullopt) << text;
  }
}

TEST(Timestamp, row36_whatNanosecondsCanNotHoldIsNoInstantAndKeepsItsText) {
  for (const std::string text :
       {"0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "1677-09-21T00:12:42Z", "2262-04-11T23:47:16.854775808Z",
        "2262-04-11T23:47:17Z", "9999-12-31T23:59:59.9999999Z", "9999-12-31T24:00:00-23:59",
        "0000-01-01T00:00:00+23:59"}) {
    EXPECT_EQ(nanoseconds(text), std::nullopt) << text;
    EXPECT_EQ(Timestamp(text).text(), text);
  }
  EXPECT_EQ(nanoseconds("2262-04-11T23:47:16.854775807Z"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(nanoseconds("1678-01-01T00:00:00Z"), -9'214'560'000 * kSecond);
  EXPECT_EQ(nanoseconds("1969-12-31T23:59:59.9Z"), -kSecond / 10);
  EXPECT_EQ(nanoseconds("1970-01-01T00:00:00Z"), 0);
}

TEST(Timestamp, countsEveryDayFrom1678To2261) {
  std::int64_t day = -106'650;  // 1678-01-01
  for (int year = 1678; year <= 2261; ++year) {
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    const int lengths[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int month = 1; month <= 12; ++month) {
      for (int date = 1; date <= lengths[month - 1]; ++date, ++day) {
        char text[40];
        std::snprintf(text, sizeof text, "%04d-%02d-%02dT00:00:01Z", year, month, date);
        ASSERT_EQ(nanoseconds(text), (day * 86'400 + 1) * kSecond) << text;
      }
    }
  }
  EXPECT_EQ(day, 106'650 + 1);  // 2262-01-01
}

}  // namespace
}  // namespace chatapps
