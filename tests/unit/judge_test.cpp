#include "call/judge.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "chatapps/testing/scripted_transport.hpp"
#include "support/caught.hpp"

namespace chatapps::call {
namespace {

using namespace std::chrono_literals;
using support::caught;
using testing::ScriptedTransport;

const CallFacts kCall{"sub_account_id", std::string(ScriptedTransport::kExampleUmid), 2, Delivery::Answered, false};
constexpr SystemTime kNow{1'700'000'000s};

const std::string kWholeError =
    R"({"code":1001,"message":"Illegal subAccountId","errorId":"c8a4e1b2-0000-4000-8000-000000000001","timestamp":"2020-06-17T04:17:21.06Z"})";

Verdict verdictOf(int status, std::string body, Headers headers = {}, std::string_view secret = "") {
  return judge({status, std::move(headers), std::move(body)}, kCall, secret, kNow);
}

Refusal refusalOf(int status, std::string body, Headers headers = {}, std::string_view secret = "") {
  return std::get<Refusal>(verdictOf(status, std::move(body), std::move(headers), secret));
}

template <class Error>
Error errorOf(const std::exception_ptr& error) {
  return caught<Error>([&] { std::rethrow_exception(error); });
}

template <class Error>
void expectType(int status) {
  for (const std::string& body :
       {kWholeError, std::string(), std::string("<html>502</html>"), std::string("{\"code\":"), std::string("[]")}) {
    const Refusal refusal = refusalOf(status, body);
    EXPECT_EQ(refusal.httpStatus, status);
    const auto error = errorOf<Error>(refusal.error);
    EXPECT_EQ(error.httpStatus(), status);
    EXPECT_EQ(error.body(), body);
    EXPECT_EQ(error.attempts(), 2);
    EXPECT_EQ(error.delivery(), Delivery::Answered);
    EXPECT_EQ(error.umid(), kCall.umid);
    EXPECT_EQ(error.subAccountId(), kCall.subAccountId);
  }
}

TEST(Judge, theStatusAloneDecidesTheType) {
  expectType<BadRequestError>(400);
  expectType<BadRequestError>(422);
  expectType<UnauthorizedError>(401);
  expectType<ForbiddenError>(403);
  expectType<NotFoundError>(404);
  expectType<NotFoundError>(410);
  expectType<UpgradeRequiredError>(426);
  expectType<RateLimitError>(429);
  for (const int status : {500, 501, 502, 503, 504, 505, 599}) expectType<ServerError>(status);
  for (const int status : {0, 100, 199, 301, 302, 304, 307, 402, 405, 409, 418, 451, 600, 999})
    expectType<ApiError>(status);
}

TEST(Judge, theBodyDecoratesTheError) {
  const auto error =
      errorOf<BadRequestError>(refusalOf(400, kWholeError, {{"Content-Type", "application/json"}}).error);
  EXPECT_EQ(error.code(), 1001);
  EXPECT_EQ(error.message(), "Illegal subAccountId");
  EXPECT_EQ(error.errorId(), "c8a4e1b2-0000-4000-8000-000000000001");
  ASSERT_TRUE(error.timestamp());
  EXPECT_EQ(error.timestamp()->text(), "2020-06-17T04:17:21.06Z");
  EXPECT_EQ(error.contentType(), "application/json");
  EXPECT_NE(std::string(error.what()).find("c8a4e1b2-0000-4000-8000-000000000001"), std::string::npos);
}

TEST(Judge, whatCouldBeReadOfABrokenBodyIsKept) {
  const auto error =
      errorOf<NotFoundError>(refusalOf(404, R"({"code":4018,"message":7,"errorId":"e-1","timest)").error);
  EXPECT_EQ(error.code(), 4018);
  EXPECT_FALSE(error.message());
  EXPECT_EQ(error.errorId(), "e-1");
  EXPECT_FALSE(error.timestamp());
}

TEST(Judge, onlyWhatMaySucceedLaterIsRetryable) {
  for (const int status : {429, 500, 502, 503, 504}) {
    EXPECT_THROW(
        {
          try {
            std::rethrow_exception(refusalOf(status, "").error);
          } catch (const ApiError& error) {
            EXPECT_TRUE(error.retryable()) << status;
            throw;
          }
        },
        ApiError);
  }
  EXPECT_FALSE(errorOf<ServerError>(refusalOf(501, "").error).retryable());
  EXPECT_FALSE(errorOf<ServerError>(refusalOf(505, "").error).retryable());
  EXPECT_FALSE(errorOf<UnauthorizedError>(refusalOf(401, "").error).retryable());
  EXPECT_FALSE(errorOf<NotFoundError>(refusalOf(404, "").error).retryable());
}

TEST(Judge, theWaitComesFromHeaderOrMessageWhicheverIsLonger) {
  const std::string quota = R"({"code":429,"message":"Quota exceeded. Please try again in 3 second(s)."})";
  EXPECT_EQ(refusalOf(429, quota).retryAfter, 3s);
  EXPECT_EQ(refusalOf(429, quota, {{"Retry-After", "1"}}).retryAfter, 3s);
  EXPECT_EQ(refusalOf(429, quota, {{"retry-after", "7"}}).retryAfter, 7s);
  EXPECT_EQ(refusalOf(429, "").retryAfter, std::nullopt);
  EXPECT_EQ(errorOf<RateLimitError>(refusalOf(429, quota).error).retryAfter(), 3s);
  EXPECT_EQ(errorOf<ServerError>(refusalOf(503, "", {{"Retry-After", "20"}}).error).retryAfter(), 20s);
}

TEST(Judge, aDateInTheFarFutureIsNoOverflow) {
  const Headers headers = {{"Date", "Fri, 01 Jan 1700 00:00:00 GMT"}, {"Retry-After", "Fri, 01 Jan 2200 00:00:00 GMT"}};
  const auto wait = refusalOf(503, "", headers).retryAfter;
  ASSERT_TRUE(wait);
  EXPECT_GT(*wait, 24h);
  EXPECT_LE(*wait, std::chrono::duration_cast<std::chrono::milliseconds>(Clock::duration::max()))
      << "it is counted in nanoseconds later";
}

TEST(Judge, row68_aServerThatEchoesTheKeyDoesNotShowIt) {
  const std::string body =
      R"({"code":1200,"message":"bad key canary-key!","errorId":"canary-key","timestamp":"at Bearer canary-key"})";
  const Headers headers = {{"Content-Type", "text/canary-key"}};
  const auto error = errorOf<UnauthorizedError>(refusalOf(401, body, headers, "canary-key").error);
  EXPECT_EQ(std::string(error.what()).find("canary"), std::string::npos);
  EXPECT_EQ(error.message()->find("canary"), std::string::npos);
  EXPECT_EQ(error.errorId()->find("canary"), std::string::npos);
  EXPECT_FALSE(error.timestamp());
  EXPECT_EQ(error.body().find("canary"), std::string::npos);
  EXPECT_EQ(error.contentType().find("canary"), std::string::npos);
  EXPECT_EQ(error.code(), 1200);

  const auto number = errorOf<UnauthorizedError>(refusalOf(401, R"({"code":12345678901})", {}, "12345678901").error);
  EXPECT_EQ(std::string(number.what()).find("12345678901"), std::string::npos) << number.what();
  EXPECT_FALSE(number.code());
}

TEST(Judge, row68_evenInEscapesOrOfAnAnswerThatCanNotBeRead) {
  const auto error =
      errorOf<UnauthorizedError>(refusalOf(401, R"({"message":"canary\/key is bad"})", {}, "canary/key").error);
  EXPECT_EQ(error.body().find("canary"), std::string::npos) << error.body();
  const Headers headers = {{"Content-Type", "text/canary-key"}};
  for (const int status : {200, 206}) {
    HttpResponse response{status, headers, "{"};
    CallFacts call;
    call.umid = ScriptedTransport::kExampleUmid;
    const auto verdict = judge(std::move(response), call, "canary-key", {});
    const auto unreadable = errorOf<DecodeError>(std::get<Unreadable>(verdict).error);
    EXPECT_EQ(unreadable.contentType().find("canary"), std::string::npos) << status;
  }
}

TEST(Judge, aKeyAsShortAsAWordHidesNothing) {
  const auto error = errorOf<ForbiddenError>(refusalOf(403, R"({"message":"Invalid API key"})", {}, "key").error);
  EXPECT_EQ(error.message(), "Invalid API key");
  EXPECT_EQ(error.body(), R"({"message":"Invalid API key"})");
}

TEST(Judge, row66_serverTextNeverReachesATerminalRaw) {
  const auto error =
      errorOf<BadRequestError>(refusalOf(400, R"({"errorId":"\u001b[2J\r\n\u202e","message":"\u001b[31m"})").error);
  for (const char c : std::string(error.what())) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << error.what();
  EXPECT_EQ(error.message(), "\x1b[31m") << "raw through the accessor";
}

TEST(Judge, aSuccessGivesItsRecords) {
  const auto details = std::get<MessageDetails>(verdictOf(200, ScriptedTransport::exampleBody()));
  ASSERT_EQ(details.size(), 1u);
  EXPECT_EQ(details[0].umid, ScriptedTransport::kExampleUmid);
  EXPECT_EQ(details[0].step, 2);
}

TEST(Judge, noRecordsAreASuccess) { EXPECT_TRUE(std::get<MessageDetails>(verdictOf(200, R"({"data":[]})")).empty()); }

TEST(Judge, recordsMatchWithoutRegardToCase) {
  EXPECT_TRUE(std::holds_alternative<MessageDetails>(
      verdictOf(200, ScriptedTransport::exampleBody("DEC02E44-C76F-4A0A-B69F-6AC2A4386EB9"))));
}

TEST(Judge, recordsOfAnotherMessageAreADesync) {
  EXPECT_TRUE(std::holds_alternative<Desync>(
      verdictOf(200, ScriptedTransport::exampleBody("00000000-0000-4000-8000-000000000000"))));
  EXPECT_TRUE(std::holds_alternative<Desync>(verdictOf(200, ScriptedTransport::exampleBody(""))));
}

TEST(Judge, theSubAccountOfTheAnswerIsNotChecked) {
  std::string body = ScriptedTransport::exampleBody();
  body.replace(body.find("sub_account_id"), 14, "other_account!");
  EXPECT_TRUE(std::holds_alternative<MessageDetails>(verdictOf(200, body)));
}

TEST(Judge, a2xxThatIsNotTheDocumentedShapeIsADecodeErrorAndNeverNotFound) {
  for (const auto& [status, body] : {std::pair<int, std::string>{200, ""},
                                     {204, ""},
                                     {200, "<html>Please log in</html>"},
                                     {200, "null"},
                                     {200, "{}"},
                                     {200, R"({"data":{}})"},
                                     {203, "[]"},
                                     {299, "\xff\xfe"}}) {
    const auto unreadable = std::get<Unreadable>(verdictOf(status, body, {{"Content-Type", "text/html"}}));
    const auto error = errorOf<DecodeError>(unreadable.error);
    EXPECT_EQ(error.httpStatus(), status);
    EXPECT_EQ(error.contentType(), "text/html");
    EXPECT_EQ(error.delivery(), Delivery::Answered);
    EXPECT_EQ(error.attempts(), 2);
    EXPECT_EQ(std::string(error.what()).find("Please log in"), std::string::npos) << "a body may hold personal data";
  }
}

TEST(Judge, aPartOfAnAnswerIsNeverASuccess) {
  const auto unreadable = std::get<Unreadable>(verdictOf(206, ScriptedTransport::exampleBody()));
  EXPECT_FALSE(unreadable.cut);
  EXPECT_EQ(errorOf<DecodeError>(unreadable.error).httpStatus(), 206);
}

TEST(Judge, aBodyThatEndsBeforeItsDocumentIsCut) {
  const std::string whole = ScriptedTransport::exampleBody();
  for (const std::size_t length : {whole.size() - 1, whole.size() / 2, std::size_t{1}}) {
    const auto unreadable = std::get<Unreadable>(verdictOf(200, whole.substr(0, length)));
    EXPECT_TRUE(unreadable.cut) << length;
    EXPECT_TRUE(errorOf<DecodeError>(unreadable.error).retryable()) << length;
  }
  EXPECT_FALSE(std::get<Unreadable>(verdictOf(200, whole + "x")).cut);
}

TEST(Judge, aDecodeErrorPointsToThePlace) {
  std::string body = ScriptedTransport::exampleBody();
  body.replace(body.find("\"step\":2"), 8, "\"step\":\"2\"");
  const auto error = errorOf<DecodeError>(std::get<Unreadable>(verdictOf(200, body)).error);
  EXPECT_EQ(error.where(), "/data/0/step");
  EXPECT_NE(std::string(error.what()).find("/data/0/step"), std::string::npos);
}

}  // namespace
}  // namespace chatapps::call
