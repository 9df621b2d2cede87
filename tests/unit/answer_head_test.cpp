#include "http/answer_head.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace chatapps::http {
namespace {

using Kind = TransportFailure::Kind;
using Retry = TransportFailure::Retry;

constexpr std::size_t kMaxBody = 1000;

/// Gives the lines to `head`, each with its line end, up to the first that fails.
std::optional<TransportFailure> feed(AnswerHead& head, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    if (auto failure = head.add(line + "\r\n", kMaxBody)) return failure;
  }
  return std::nullopt;
}

std::optional<TransportFailure> failureOf(const std::vector<std::string>& lines) {
  AnswerHead head;
  return feed(head, lines);
}

TEST(AnswerHead, keepsTheHeadersThatTheLibraryReads) {
  AnswerHead head;
  ASSERT_FALSE(feed(head, {"HTTP/1.1 503 Service Unavailable", "Server: nginx", "retry-after:  7 ", "Retry-After: 9",
                           "Date: Sun, 06 Nov 1994 08:49:37 GMT", "Content-Type: text/html", "Set-Cookie: a=b", ""}));
  EXPECT_EQ(head.status(), 503);
  EXPECT_FALSE(head.isSuccess());
  const Headers expected = {{"retry-after", "7"},
                            {"Retry-After", "9"},
                            {"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
                            {"Content-Type", "text/html"}};
  EXPECT_EQ(head.takeHeaders(), expected);
}

TEST(AnswerHead, readsTheStatusOfHttp2) {
  AnswerHead head;
  ASSERT_FALSE(feed(head, {"HTTP/2 200 ", "content-length: 3", ""}));
  EXPECT_EQ(head.status(), 200);
  EXPECT_TRUE(head.isSuccess());
  EXPECT_EQ(head.contentLength(), std::uint64_t{3});
}

TEST(AnswerHead, aStatusLineWithoutANumberHasNoStatus) {
  AnswerHead head;
  ASSERT_FALSE(feed(head, {"HTTP/1.1", ""}));
  EXPECT_EQ(head.status(), 0);
  EXPECT_FALSE(head.isSuccess());
}

TEST(AnswerHead, whatAnInterimAnswerSaidIsForgotten) {
  AnswerHead head;
  ASSERT_FALSE(
      feed(head, {"HTTP/1.1 103 Early Hints", "Retry-After: 60", "Content-Length: 5", "Transfer-Encoding: chunked",
                  "Content-Encoding: gzip", "", "HTTP/1.1 200 OK", "Content-Length: 7", ""}));
  EXPECT_EQ(head.status(), 200);
  EXPECT_EQ(head.contentLength(), std::uint64_t{7});
  EXPECT_TRUE(head.takeHeaders().empty());
}

TEST(AnswerHead, aStatusIsReadWhereAHeadBeginsAlone) {
  AnswerHead head;
  ASSERT_FALSE(feed(head, {"HTTP/1.1 404 Not Found", "HTTP/1.1 200 OK: a header's name", "Retry-After: 5", ""}));
  EXPECT_EQ(head.status(), 404);
  ASSERT_FALSE(feed(head, {"HTTP/1.1 200 OK: of a trailer", "Retry-After: 77", "Content-Length: 9", ""}));
  EXPECT_EQ(head.status(), 404);
  EXPECT_FALSE(head.contentLength());
  EXPECT_EQ(head.takeHeaders(), (Headers{{"Retry-After", "5"}})) << "a trailer comes too late";
}

TEST(AnswerHead, trailersCountTowardsTheLimits) {
  std::vector<std::string> lines{"HTTP/1.1 200 OK", ""};
  lines.insert(lines.end(), 200, "X-Trailer: x");
  EXPECT_TRUE(failureOf(lines));
}

TEST(AnswerHead, thirtyTwoInterimAnswersPassAndOneMoreDoesNot) {
  std::vector<std::string> lines;
  for (int i = 0; i < 32; ++i) lines.insert(lines.end(), {"HTTP/1.1 102 Processing", ""});
  lines.emplace_back("HTTP/1.1 200 OK");
  EXPECT_FALSE(failureOf(lines));

  lines.insert(lines.begin(), {"HTTP/1.1 102 Processing", ""});
  const auto failure = failureOf(lines);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, Kind::Network);
  EXPECT_EQ(failure->retry, Retry::Never);
  EXPECT_EQ(failure->delivery, Delivery::MaybeSent);
}

TEST(AnswerHead, twoHundredLinesPassAndOneMoreDoesNot) {
  std::vector<std::string> lines{"HTTP/1.1 200 OK"};
  lines.insert(lines.end(), 200, "X-Filler: x");
  EXPECT_FALSE(failureOf(lines));
  lines.emplace_back("X-Filler: x");
  const auto failure = failureOf(lines);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->retry, Retry::Never);
  EXPECT_EQ(failure->httpStatus, 200);
}

TEST(AnswerHead, sixtyFourKibibytesPassAndMoreDoesNot) {
  EXPECT_FALSE(failureOf({"HTTP/1.1 200 OK", "X: " + std::string(65'000, 'x')}));
  EXPECT_TRUE(failureOf({"HTTP/1.1 200 OK", "X: " + std::string(65'600, 'x')}));
}

TEST(AnswerHead, conflictingLengthsAreRetriedOnce) {
  for (const std::vector<std::string>& lines :
       {std::vector<std::string>{"HTTP/1.1 200 OK", "Content-Length: 5", "Content-Length: 6"},
        {"HTTP/1.1 200 OK", "Content-Length: 5, 5"},
        {"HTTP/1.1 200 OK", "Content-Length: -1"},
        {"HTTP/1.1 200 OK", "Content-Length: +5"},
        {"HTTP/1.1 200 OK", "Content-Length: 5x"},
        {"HTTP/1.1 200 OK", "Content-Length:"},
        {"HTTP/1.1 200 OK", "Content-Length: 9223372036854775808"},
        {"HTTP/1.1 200 OK", "Content-Length: 99999999999999999999999"},
        {"HTTP/1.1 200 OK", "Content-Length: 5", "Transfer-Encoding: chunked", ""},
        {"HTTP/1.1 404 Not Found", "Transfer-Encoding: chunked", "Content-Length: 5", ""}}) {
    const auto failure = failureOf(lines);
    ASSERT_TRUE(failure) << lines[1];
    EXPECT_EQ(failure->kind, Kind::Network) << lines[1];
    EXPECT_EQ(failure->retry, Retry::Once) << lines[1];
    EXPECT_EQ(failure->delivery, Delivery::MaybeSent) << lines[1];
    EXPECT_FALSE(failure->reason.empty()) << lines[1];
  }
}

TEST(AnswerHead, theSameLengthTwiceIsOneLength) {
  EXPECT_FALSE(failureOf({"HTTP/1.1 200 OK", "Content-Length: 5", "content-length: 5", ""}));
}

TEST(AnswerHead, aNulInAHeaderIsNeverRetried) {
  const auto failure = failureOf({"HTTP/1.1 200 OK", std::string("X: a\0b", 6)});
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->retry, Retry::Never);
}

TEST(AnswerHead, aSuccessThatSaysItIsTooLargeFailsAtOnce) {
  const auto failure = failureOf({"HTTP/1.1 200 OK", "Content-Length: 1001", ""});
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, Kind::BodyTooLarge);
  EXPECT_EQ(failure->retry, Retry::Never);
  EXPECT_EQ(failure->delivery, Delivery::Answered);
  EXPECT_NE(failure->reason.find("larger than 1000 bytes"), std::string::npos);
  EXPECT_FALSE(failureOf({"HTTP/1.1 200 OK", "Content-Length: 1000", ""}));
  EXPECT_FALSE(failureOf({"HTTP/1.1 500 Oops", "Content-Length: 100000", ""})) << "the status says enough";
}

TEST(AnswerHead, anEncodingThatWasNotAskedForFailsASuccess) {
  for (const char* value : {"gzip", "br", "identity, gzip", "x"}) {
    const auto failure = failureOf({"HTTP/1.1 200 OK", std::string("Content-Encoding: ") + value, ""});
    ASSERT_TRUE(failure) << value;
    EXPECT_EQ(failure->kind, Kind::BadEncoding) << value;
    EXPECT_EQ(failure->retry, Retry::Never) << value;
  }
  EXPECT_FALSE(failureOf({"HTTP/1.1 200 OK", "Content-Encoding: identity", ""}));
  EXPECT_FALSE(failureOf({"HTTP/1.1 404 Not Found", "Content-Encoding: gzip", ""})) << "the status says enough";
}

TEST(AnswerHead, row39_aFoldedLineGoesOnWithTheHeaderBefore) {
  AnswerHead head;
  ASSERT_FALSE(feed(head, {"HTTP/1.1 429 Too Many Requests", "Retry-After: 1", "\t20", " 5", ""}));
  const Headers expected = {{"Retry-After", "1 20 5"}};
  EXPECT_EQ(head.takeHeaders(), expected) << "so that no part of it is taken for a number of its own";
}

TEST(AnswerHead, row19_theLengthOfAnInterimAnswerIsNobodys) {
  EXPECT_FALSE(failureOf({"HTTP/1.1 103 Early Hints", "Content-Length: junk", "", "HTTP/1.1 200 OK", ""}));
}

TEST(AnswerHead, row39_aLineOfBlanksEndsNothing) {
  AnswerHead head;
  ASSERT_FALSE(feed(head, {"HTTP/1.1 429 Too Many Requests", "X-Other: a", " ", "Retry-After: 3"}));
  EXPECT_FALSE(head.isWhole());
  ASSERT_FALSE(feed(head, {""}));
  EXPECT_TRUE(head.isWhole());
  const Headers expected = {{"Retry-After", "3"}};
  EXPECT_EQ(head.takeHeaders(), expected);
}

TEST(AnswerHead, aFoldedLineAfterAHeaderThatIsNotReadBelongsToThatOne) {
  AnswerHead head;
  ASSERT_FALSE(feed(head, {"HTTP/1.1 429 Too Many Requests", "Retry-After: 1", "X-Other: a", " b", ""}));
  const Headers expected = {{"Retry-After", "1"}};
  EXPECT_EQ(head.takeHeaders(), expected);
}

TEST(AnswerHead, aFoldedLineOfALengthIsPartOfIt) {
  EXPECT_TRUE(failureOf({"HTTP/1.1 200 OK", "Content-Length: 5", " 6", ""})) << "5 6 is no number";
}

TEST(AnswerHead, oddLinesAreTakenAsTheyCome) {
  AnswerHead head;
  EXPECT_FALSE(
      feed(head, {"HTTP/1.1 200 OK", "no colon here", ":", ": value", "Retry-After", "Retry-After :5", " folded", ""}));
  EXPECT_EQ(head.status(), 200);
}

TEST(AnswerHead, startsOverAfterReset) {
  AnswerHead head;
  ASSERT_FALSE(feed(head, {"HTTP/1.1 200 OK", "Content-Length: 5", "Date: x"}));
  head.reset();
  EXPECT_EQ(head.status(), 0);
  EXPECT_FALSE(head.contentLength());
  EXPECT_TRUE(head.takeHeaders().empty());
  EXPECT_FALSE(feed(head, {"HTTP/1.1 200 OK", "Content-Length: 6", ""}));
}

}  // namespace
}  // namespace chatapps::http
