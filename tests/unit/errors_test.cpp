#include "chatapps/errors.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <future>
#include <memory>
#include <string>
#include <type_traits>

namespace chatapps {
namespace {

using namespace std::chrono_literals;

const CallFacts kCall{"sub_account_id", "dec02e44-c76f-4a0a-b69f-6ac2a4386eb9", 3, Delivery::MaybeSent, true};

ApiAnswer answerOf(int status) {
  ApiAnswer answer;
  answer.httpStatus = status;
  answer.code = 4018;
  answer.message = "the recipient +6591234567 is unknown";
  answer.errorId = "c8a4e1b2-0000-4000-8000-000000000001";
  answer.timestamp = Timestamp("2020-06-17T04:17:21.06Z");
  answer.retryAfter = 2s;
  answer.body = "raw body";
  answer.contentType = "application/json";
  return answer;
}

/// Throws a copy of a copy, catches it as the root, and compares.
template <class Error>
void expectCopiesWithoutLoss(const Error& original) {
  static_assert(std::is_base_of_v<ChatAppsError, Error>);
  static_assert(std::is_nothrow_copy_constructible_v<Error>);
  static_assert(std::is_nothrow_copy_assignable_v<Error>);
  const Error copy = original;  // NOLINT(performance-unnecessary-copy-initialization): that is what is tested
  const auto carried = std::async(std::launch::async, [copy]() -> std::exception_ptr {
                         try {
                           throw copy;
                         } catch (const ChatAppsError&) {
                           return std::current_exception();
                         }
                       }).get();
  try {
    std::rethrow_exception(carried);
  } catch (const ChatAppsError& caught) {
    EXPECT_EQ(typeid(caught), typeid(Error));
    EXPECT_STREQ(caught.what(), original.what());
    EXPECT_EQ(caught.attempts(), original.attempts());
    EXPECT_EQ(caught.delivery(), original.delivery());
    EXPECT_EQ(caught.retryable(), original.retryable());
    EXPECT_EQ(caught.umid(), original.umid());
    EXPECT_EQ(caught.subAccountId(), original.subAccountId());
    EXPECT_EQ(caught.baseUrl(), original.baseUrl());
  }
}

TEST(Errors, copyWithoutLoss) {
  expectCopiesWithoutLoss(ChatAppsError("text", kCall));
  expectCopiesWithoutLoss(InvalidArgumentError("umid", "must be a UUID", kCall));
  expectCopiesWithoutLoss(ApiError(answerOf(302), kCall));
  expectCopiesWithoutLoss(BadRequestError(answerOf(400), kCall));
  expectCopiesWithoutLoss(UnauthorizedError(answerOf(401), kCall));
  expectCopiesWithoutLoss(ForbiddenError(answerOf(403), kCall));
  expectCopiesWithoutLoss(NotFoundError(answerOf(404), kCall));
  expectCopiesWithoutLoss(UpgradeRequiredError(answerOf(426), kCall));
  expectCopiesWithoutLoss(RateLimitError(answerOf(429), kCall));
  expectCopiesWithoutLoss(ServerError(answerOf(503), kCall));
  expectCopiesWithoutLoss(TransportError("refused", kCall, 111));
  expectCopiesWithoutLoss(TlsError("expired", kCall, 0));
  expectCopiesWithoutLoss(TimeoutError("late", kCall, true));
  expectCopiesWithoutLoss(CancelledError("cancelled", kCall));
  expectCopiesWithoutLoss(DecodeError("no number", "/data/0/step", kCall, 200, "text/html"));
}

TEST(Errors, aCopyKeepsWhatItsTypeAdds) {
  const NotFoundError original(answerOf(404), kCall);
  const ApiError copy = original;  // NOLINT(cppcoreguidelines-slicing): the parent's part is all there
  EXPECT_EQ(copy.httpStatus(), 404);
  EXPECT_EQ(copy.code(), 4018);
  EXPECT_EQ(copy.message(), "the recipient +6591234567 is unknown");
  EXPECT_EQ(copy.errorId(), "c8a4e1b2-0000-4000-8000-000000000001");
  EXPECT_EQ(copy.timestamp()->text(), "2020-06-17T04:17:21.06Z");
  EXPECT_EQ(copy.retryAfter(), 2s);
  EXPECT_EQ(copy.body(), "raw body");
  EXPECT_EQ(copy.contentType(), "application/json");
}

TEST(Errors, aMovedFromErrorIsStillWhole) {
  TimeoutError original("late", kCall, true);
  const TimeoutError moved = std::move(original);
  EXPECT_EQ(original.umid(), kCall.umid);  // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_STREQ(original.what(), "late");
  EXPECT_TRUE(moved.wouldWait());
}

TEST(Errors, whatBeginsWithTheMeaning) {
  const auto beginsWith = [](const std::exception& error, const std::string& meaning) {
    EXPECT_EQ(std::string(error.what()).substr(0, meaning.size()), meaning);
  };
  beginsWith(BadRequestError(answerOf(400), kCall), "bad request: HTTP 400");
  beginsWith(BadRequestError(answerOf(422), kCall), "bad request: HTTP 422");
  beginsWith(UnauthorizedError(answerOf(401), kCall), "unauthorized: HTTP 401");
  beginsWith(ForbiddenError(answerOf(403), kCall), "forbidden: HTTP 403");
  beginsWith(NotFoundError(answerOf(404), kCall), "message not found: HTTP 404");
  beginsWith(NotFoundError(answerOf(410), kCall), "message not found: HTTP 410");
  beginsWith(UpgradeRequiredError(answerOf(426), kCall), "upgrade required");
  beginsWith(RateLimitError(answerOf(429), kCall), "rate limit exceeded: HTTP 429");
  beginsWith(ServerError(answerOf(503), kCall), "server error: HTTP 503");
  beginsWith(ApiError(answerOf(302), kCall), "unexpected answer: HTTP 302");
  beginsWith(InvalidArgumentError("umid", "must be a UUID"), "invalid argument: umid must be a UUID");
  beginsWith(DecodeError("no number", "/data/0/step", kCall), "unreadable answer: no number at /data/0/step");
  EXPECT_NE(std::string(UpgradeRequiredError(answerOf(426), kCall).what()).find("TLS 1.3"), std::string::npos);
}

TEST(Errors, whatCarriesCodeErrorIdAndIdsButNoServerText) {
  const std::string what = NotFoundError(answerOf(404), kCall).what();
  EXPECT_NE(what.find("code 4018"), std::string::npos);
  EXPECT_NE(what.find("errorId c8a4e1b2-0000-4000-8000-000000000001"), std::string::npos);
  EXPECT_NE(what.find(kCall.umid), std::string::npos);
  EXPECT_NE(what.find(kCall.subAccountId), std::string::npos);
  EXPECT_EQ(what.find("+6591234567"), std::string::npos);
  EXPECT_EQ(what.find("raw body"), std::string::npos);
}

TEST(Errors, aBareAnswerHasABareText) {
  ApiAnswer answer;
  answer.httpStatus = 502;
  const std::string what = ServerError(answer, kCall).what();
  EXPECT_EQ(what, "server error: HTTP 502 for umid " + kCall.umid + " of subaccount " + kCall.subAccountId);
}

TEST(Errors, theTextOfAnAnswerNamesWhoGaveIt) {
  CallFacts call = kCall;
  call.baseUrl = std::make_shared<const std::string>("https://chatapps.8x8.id");
  const UnauthorizedError error(answerOf(401), call);
  EXPECT_EQ(std::string(error.what()).rfind("unauthorized: HTTP 401 from https://chatapps.8x8.id for umid ", 0), 0u)
      << error.what();
  EXPECT_EQ(error.baseUrl(), "https://chatapps.8x8.id");
  EXPECT_EQ(ServerError(answerOf(500), kCall).baseUrl(), "");
}

TEST(Errors, aHostileErrorIdStaysPrintableAndShort) {
  ApiAnswer answer = answerOf(400);
  answer.errorId = "\x1b]0;owned\x07\r\n" + std::string(100'000, 'x');
  const std::string what = BadRequestError(answer, kCall).what();
  EXPECT_LT(what.size(), 400u);
  for (const char c : what) EXPECT_TRUE(c >= 0x20 && c < 0x7f);
}

TEST(Errors, aDecodeErrorKnowsItsPlace) {
  const DecodeError error("must be an object", "/data/7\x1b/status", kCall, 200, "text/html");
  EXPECT_EQ(error.where(), "/data/7\x1b/status");
  EXPECT_EQ(error.httpStatus(), 200);
  EXPECT_EQ(error.contentType(), "text/html");
  EXPECT_EQ(std::string(error.what()).find('\x1b'), std::string::npos);
  EXPECT_STREQ(DecodeError("is empty", "", kCall).what(), "unreadable answer: is empty");
}

TEST(Errors, areCaughtByTheirParents) {
  EXPECT_THROW(throw TlsError("x", kCall), TransportError);
  EXPECT_THROW(throw ServerError(answerOf(500), kCall), ApiError);
  EXPECT_THROW(throw TimeoutError("x", kCall), ChatAppsError);
  EXPECT_THROW(throw CancelledError("x", kCall), std::runtime_error);
}

}  // namespace
}  // namespace chatapps
