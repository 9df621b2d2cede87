#include <gtest/gtest.h>

#include <chatapps/errors.hpp>

#include "error_json.hpp"
#include "error_kind.hpp"
#include "error_text.hpp"

using namespace chatapps;
using cli::errorJsonLine;
using cli::errorKind;
using cli::errorText;

namespace {

const CallFacts kFacts{"demo", "dec02e44-c76f-4a0a-b69f-6ac2a4386eb9", 1, Delivery::Answered, false};

ApiAnswer answer(int status) {
  ApiAnswer answer;
  answer.httpStatus = status;
  return answer;
}

NotFoundError notFound(const std::string& message = "Invalid jobId") {
  auto full = answer(404);
  full.code = 4018;
  full.message = message;
  full.errorId = "aa400d4b-fffe-ea11-8277-00155d4ff7ed";
  full.timestamp = Timestamp("2020-09-25T07:18:22.78Z");
  return {full, kFacts};
}

}  // namespace

TEST(CliError, hasTheDocumentedNameAndExitCode) {
  const auto check = [](const std::exception& error, const std::string& type, int exitCode) {
    EXPECT_EQ(errorKind(error).type, type);
    EXPECT_EQ(errorKind(error).exitCode, exitCode) << type;
  };
  check(InvalidArgumentError("umid", "must be a UUID"), "InvalidArgumentError", 2);
  check(BadRequestError(answer(400), kFacts), "BadRequestError", 3);
  check(UnauthorizedError(answer(401), kFacts), "UnauthorizedError", 4);
  check(ForbiddenError(answer(403), kFacts), "ForbiddenError", 4);
  check(NotFoundError(answer(404), kFacts), "NotFoundError", 5);
  check(RateLimitError(answer(429), kFacts), "RateLimitError", 6);
  check(ServerError(answer(503), kFacts), "ServerError", 7);
  check(ApiError(answer(302), kFacts), "ApiError", 7);
  check(TransportError("refused", kFacts), "TransportError", 8);
  check(TimeoutError("late", kFacts), "TimeoutError", 9);
  check(DecodeError("no JSON", "", kFacts), "DecodeError", 10);
  check(TlsError("expired", kFacts), "TlsError", 13);
  check(UpgradeRequiredError(answer(426), kFacts), "UpgradeRequiredError", 13);
  check(CancelledError("cancelled", kFacts), "CancelledError", 130);
}

TEST(CliError, isOneJsonLineOfWhatTheAnswerSaid) {
  EXPECT_EQ(errorJsonLine(notFound()),
            R"({"error":{"type":"NotFoundError","httpStatus":404,"code":4018,"message":"Invalid jobId",)"
            R"("errorId":"aa400d4b-fffe-ea11-8277-00155d4ff7ed","timestamp":"2020-09-25T07:18:22.78Z","attempts":1}})"
            "\n");
}

TEST(CliError, leavesOutOfTheJsonWhatTheAnswerDidNotSay) {
  const ServerError error(answer(502), kFacts);
  const auto json = cli::errorJson(error);
  EXPECT_EQ(json["httpStatus"], 502);
  EXPECT_EQ(json["message"], error.what());
  for (const char* name : {"code", "errorId", "timestamp"}) EXPECT_FALSE(json.contains(name)) << name;
}

TEST(CliError, pointsIntoAnAnswerThatCouldNotBeRead) {
  const auto json = cli::errorJson(DecodeError("wrong type", "/data/0/step", kFacts, 200));
  EXPECT_EQ(json["where"], "/data/0/step");
  EXPECT_EQ(json["httpStatus"], 200);
}

TEST(CliError, tellsAPersonWhatHappenedTheErrorIdAndWhatToDo) {
  const auto text = errorText(notFound());
  EXPECT_NE(text.find("message not found"), std::string::npos);
  EXPECT_NE(text.find("aa400d4b-fffe-ea11-8277-00155d4ff7ed"), std::string::npos);
  EXPECT_NE(text.find("8x8 says \"Invalid jobId\". Check the umid"), std::string::npos);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

TEST(CliError, row66_escapesTheServersTextInBothForms) {
  const auto error = notFound("\x1b[2J\nfake line");
  EXPECT_EQ(errorText(error).find('\x1b'), std::string::npos);
  EXPECT_NE(errorText(error).find("\\x1b[2J\\nfake line"), std::string::npos);
  EXPECT_NE(errorJsonLine(error).find("\\u001b[2J\\nfake line"), std::string::npos);
}
