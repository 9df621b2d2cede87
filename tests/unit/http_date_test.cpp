#include "call/http_date.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace chatapps::call {
namespace {

using namespace std::chrono_literals;

TEST(HttpDate, readsTheThreeFormsOfTheStandard) {
  const auto expected = 784'111'777s;
  EXPECT_EQ(httpDate("Sun, 06 Nov 1994 08:49:37 GMT"), expected);
  EXPECT_EQ(httpDate("Sunday, 06-Nov-94 08:49:37 GMT"), expected);
  EXPECT_EQ(httpDate("Sun Nov  6 08:49:37 1994"), expected);
  EXPECT_EQ(httpDate("Wed Jun 17 04:17:21 2020"), 1'592'367'441s);
}

TEST(HttpDate, readsEveryMonth) {
  const char* const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  for (int i = 0; i < 12; ++i) {
    const std::string month = months[i];
    const std::chrono::seconds expected = std::chrono::hours(24) * before[i];
    EXPECT_EQ(httpDate("Thu, 01 " + month + " 1970 00:00:00 GMT"), expected);
    EXPECT_EQ(httpDate("Thursday, 01-" + month + "-70 00:00:00 GMT"), expected);
    EXPECT_EQ(httpDate("Thu " + month + "  1 00:00:00 1970"), expected);
  }
}

TEST(HttpDate, aYearOfTwoDigitsLiesFrom1970To2069) {
  EXPECT_EQ(httpDate("Saturday, 01-Jan-00 00:00:00 GMT"), httpDate("Sat, 01 Jan 2000 00:00:00 GMT"));
  EXPECT_EQ(httpDate("Tuesday, 31-Dec-69 23:59:59 GMT"), httpDate("Tue, 31 Dec 2069 23:59:59 GMT"));
  EXPECT_EQ(httpDate("Thursday, 01-Jan-70 00:00:01 GMT"), 1s);
}

TEST(HttpDate, aLeapSecondIsTheSecondAfter) {
  EXPECT_EQ(httpDate("Sat, 31 Dec 2016 23:59:60 GMT"), httpDate("Sun, 01 Jan 2017 00:00:00 GMT"));
  EXPECT_EQ(httpDate("Sat, 31 Dec 2016 22:59:60 GMT"), std::nullopt);
}

TEST(HttpDate, anythingElseIsNoDate) {
  for (const std::string good :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    for (std::size_t at = 0; at <= good.size(); ++at) {
      std::string longer = good;
      EXPECT_EQ(httpDate(good.substr(0, at)).has_value(), at == good.size()) << good.substr(0, at);
      EXPECT_EQ(httpDate(longer.insert(at, "~")), std::nullopt) << longer;
    }
  }
  for (const std::string text :
       {"06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT", "Xxx, 06 Nov 1994 08:49:37 GMT", "2020-06-17T04:17:21Z", "784111777"}) {
    EXPECT_EQ(httpDate(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace chatapps::call
