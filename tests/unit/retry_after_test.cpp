#include "call/retry_after.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "decode/error_body.hpp"
#include "support/test_data.hpp"

namespace chatapps::call {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

const SystemTime kNow(1'592'367'441s);  // Wed, 17 Jun 2020 04:17:21 GMT

std::optional<milliseconds> ofHeaders(const Headers& headers, const std::optional<std::string>& message = {}) {
  HttpResponse response;
  response.status = 429;
  response.headers = headers;
  return retryAfter(response, message, kNow);
}

std::optional<milliseconds> ofValue(const std::string& value) { return ofHeaders({{"Retry-After", value}}); }
std::optional<milliseconds> ofMessage(const std::string& message) { return ofHeaders({}, message); }

TEST(RetryAfter, readsThePublishedExamplesMessage) {
  EXPECT_EQ(ofHeaders({}, decode::errorBody(testing::testData("error_429_quota_exceeded.json")).message), 1s);
  EXPECT_EQ(ofHeaders({}, decode::errorBody(testing::testData("error_404_invalid_job.json")).message), std::nullopt);
  EXPECT_EQ(ofHeaders({}), std::nullopt);
}

TEST(RetryAfter, readsSecondsFromTheHeader) {
  EXPECT_EQ(ofValue("1"), 1s);
  EXPECT_EQ(ofValue("0"), 0s);
  EXPECT_EQ(ofValue("007"), 7s);
  EXPECT_EQ(ofValue("86400"), 86'400s);
  EXPECT_EQ(ofValue(" \t120\t "), 120s);
  EXPECT_EQ(ofHeaders({{"retry-AFTER", "5"}}), 5s);
  EXPECT_EQ(ofHeaders({{"X-Retry-After", "5"}}), std::nullopt);
}

TEST(RetryAfter, row39_secondsGoUpToTenToTheNinth) {
  EXPECT_EQ(ofValue("1000000000"), 1'000'000'000s);
  EXPECT_EQ(ofValue("0000000000000000000000001"), 1s);
  EXPECT_EQ(ofValue("1000000001"), std::nullopt);
  EXPECT_EQ(ofValue("100000000000000000000"), std::nullopt);
  EXPECT_EQ(ofValue(std::string(5000, '9')), std::nullopt);
}

TEST(RetryAfter, row39_whatIsNoNumberOfSecondsIsIgnored) {
  for (const std::string value : {"", " ", "-5", "+5", "1.5", "120junk", "1 2", "1,2", "1e3", "0x10", "soon", "1\r\n 2",
                                  "1\r\n", "1\n", "\xD9\xA1", "1 second"}) {
    EXPECT_EQ(ofValue(value), std::nullopt) << value;
  }
}

TEST(RetryAfter, row39_ofSeveralHeadersTheLargestValidOneCounts) {
  EXPECT_EQ(ofHeaders({{"Retry-After", "1"}, {"Retry-After", "30"}, {"Retry-After", "2"}}), 30s);
  EXPECT_EQ(ofHeaders({{"Retry-After", "junk"}, {"Retry-After", "2"}, {"Retry-After", "-9"}}), 2s);
  EXPECT_EQ(ofHeaders({{"Retry-After", "5"}, {"Retry-After", "Wed, 17 Jun 2020 04:18:21 GMT"}}), 60s);
}

TEST(RetryAfter, row41_aDateTooFarForNanosecondsIsADateAsAnyOther) {
  EXPECT_EQ(ofValue("Fri, 31 Dec 9999 23:59:59 GMT"), 1'000'000'000s);
}

TEST(RetryAfter, row40_aDateCountsFromTheAnswersOwnDate) {
  const std::string later = "Wed, 17 Jun 2020 05:18:21 GMT";
  EXPECT_EQ(ofHeaders({{"Retry-After", later}, {"Date", "Wed, 17 Jun 2020 05:17:21 GMT"}}), 60s)
      << "the local clock is an hour off";
  EXPECT_EQ(ofHeaders({{"Retry-After", later}}), 1h + 60s);
  EXPECT_EQ(ofHeaders({{"Retry-After", later}, {"Date", "yesterday"}}), 1h + 60s);
  EXPECT_EQ(ofHeaders({{"date", " Wed, 17 Jun 2020 05:18:20 GMT "}, {"Retry-After", " " + later}}), 1s);
}

TEST(RetryAfter, aDateInThePastIsNoDelay) {
  EXPECT_EQ(ofValue("Wed, 17 Jun 2020 04:17:21 GMT"), 0s);
  EXPECT_EQ(ofValue("Wed, 17 Jun 2020 04:17:20 GMT"), 0s);
  EXPECT_EQ(ofValue("Fri, 01 Jan 1700 00:00:00 GMT"), 0s);
}

TEST(RetryAfter, datesAtTheEndsOfTimeDoNotOverflow) {
  const Headers headers = {{"Retry-After", "Fri, 01 Jan 2261 00:00:00 GMT"}, {"Date", "Sat, 01 Jan 1678 00:00:00 GMT"}};
  EXPECT_EQ(ofHeaders(headers), 1'000'000'000s) << "as long as seconds may be";
}

TEST(RetryAfter, row38_readsSecondsFromTheMessageInAnyCase) {
  EXPECT_EQ(ofMessage("Quota exceeded. Please try again in 17 second(s)."), 17s);
  EXPECT_EQ(ofMessage("TRY AGAIN IN 2 SECONDS"), 2s);
  EXPECT_EQ(ofMessage("try again in 0 second"), 0s);
  EXPECT_EQ(ofMessage("Try again in a moment, or try again in 3 seconds"), 3s);
  EXPECT_EQ(ofMessage("try again in 86400 second(s)"), 86'400s);
}

TEST(RetryAfter, row38_aMessageThatSaysNothingSensibleIsIgnored) {
  for (const std::string message :
       {"", "try again", "try again in ", "try again in second(s)", "try again in 1 minute",
        "try again in -1 second(s)", "try again in 1.5 second(s)", "try again in 86401 second(s)",
        "try again in 99999999999999999999 second(s)", "try again in 5", "5 second(s)", "retry in 5 second(s)"}) {
    EXPECT_EQ(ofMessage(message), std::nullopt) << message;
  }
}

TEST(RetryAfter, row38_ofHeaderAndMessageTheLargerCounts) {
  const std::string message = "Quota exceeded. Please try again in 10 second(s).";
  EXPECT_EQ(ofHeaders({{"Retry-After", "5"}}, message), 10s);
  EXPECT_EQ(ofHeaders({{"Retry-After", "15"}}, message), 15s);
  EXPECT_EQ(ofHeaders({{"Retry-After", "junk"}}, message), 10s);
  EXPECT_EQ(ofHeaders({{"Retry-After", "15"}}, "junk"), 15s);
}

}  // namespace
}  // namespace chatapps::call
