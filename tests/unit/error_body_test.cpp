#include "decode/error_body.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "support/test_data.hpp"

namespace chatapps::decode {
namespace {

using testing::testData;

void expectExample(const std::string& name, std::int64_t code, const std::string& message, const std::string& errorId,
                   const std::string& timestamp) {
  const ErrorBody body = errorBody(testData(name));
  EXPECT_EQ(body.code, code) << name;
  EXPECT_EQ(body.message, message) << name;
  EXPECT_EQ(body.errorId, errorId) << name;
  ASSERT_TRUE(body.timestamp) << name;
  EXPECT_EQ(body.timestamp->text(), timestamp) << name;
  EXPECT_TRUE(body.timestamp->time()) << name;
}

bool isEmpty(const ErrorBody& body) { return !body.code && !body.message && !body.errorId && !body.timestamp; }

TEST(ErrorBody, readsThePublishedExamplesWhole) {
  for (const std::string status : {"400", "401", "404", "429"}) {
    expectExample("error_" + status + "_foreign_subaccount.json", 1001,
                  "Provided subAccountId doesn't belongs to your account", "91b106f0-c0da-4aba-a43a-7af9c5893a80",
                  "2017-04-19T02:31:19.4297387+00:00");
  }
  expectExample("error_400_invalid_msisdn.json", 1002, "Invalid MSISDN format (not E.164 international number)",
                "b4478860-b76c-e811-814e-022a35cc1c71", "2018-08-04T09:25:40.9235752+00:00");
  expectExample("error_401_not_authenticated.json", 1200, "Request was not authenticated properly",
                "db9dced4-3534-4d86-9d18-6b448af0d621", "2018-08-02T09:42:38.8988997+00:00");
  expectExample("error_404_invalid_job.json", 4018, "Invalid jobId", "aa400d4b-fffe-ea11-8277-00155d4ff7ed",
                "2020-09-25T07:18:22.78Z");
  expectExample("error_429_quota_exceeded.json", 429, "Quota exceeded. Please try again in 1 second(s).",
                "c8a41b47-57bf-ea11-8273-00155d466a31", "2020-07-06T07:07:00.30Z");
}

TEST(ErrorBody, whatIsMissingNullOrOfAnotherTypeIsAbsent) {
  EXPECT_TRUE(isEmpty(errorBody("{}")));
  EXPECT_TRUE(isEmpty(errorBody(R"({"code":null,"message":null,"errorId":null,"timestamp":null})")));
  EXPECT_TRUE(isEmpty(errorBody(R"({"code":"1","message":2,"errorId":{"a":"b"},"timestamp":[]})")));
  const ErrorBody partial = errorBody(R"({"message":5,"errorId":"e","trace":[{"errorId":"other"}],"code":-7})");
  EXPECT_EQ(partial.code, -7);
  EXPECT_EQ(partial.errorId, "e");
  EXPECT_FALSE(partial.message);
}

TEST(ErrorBody, row34_onlyExactIntegersAreACode) {
  EXPECT_EQ(errorBody(R"({"code":4294967297})").code, 4294967297);
  for (const std::string code : {"3.9", "5.0", "3e0", "1e300", "1e400", "true", "\"5\"", "9223372036854775808"}) {
    const ErrorBody body = errorBody("{\"code\":" + code + ",\"errorId\":\"after\"}");
    EXPECT_FALSE(body.code) << code;
    EXPECT_EQ(body.errorId, "after") << code;
  }
}

TEST(ErrorBody, row31_ofAFieldThatStandsTwiceTheLastOneCounts) {
  EXPECT_EQ(errorBody(R"({"code":1,"code":2})").code, 2);
  EXPECT_FALSE(errorBody(R"({"code":1,"code":"2"})").code);
  EXPECT_FALSE(errorBody(R"({"errorId":"a","errorId":null})").errorId);
}

TEST(ErrorBody, keepsWhatStoodBeforeABreak) {
  const ErrorBody cut = errorBody(R"({"code":1000,"errorId":"e","message":"cut he)");
  EXPECT_EQ(cut.code, 1000);
  EXPECT_EQ(cut.errorId, "e");
  EXPECT_FALSE(cut.message);
  EXPECT_EQ(errorBody(R"({"code":1000}<html>)").code, 1000);
  EXPECT_EQ(errorBody("{\"code\":1000,\"message\":\"\xFF\",\"errorId\":\"e\"}").code, 1000);
  EXPECT_EQ(errorBody("{\"code\":1000,\"deep\":" + std::string(100000, '[')).code, 1000);
}

TEST(ErrorBody, whatIsNoErrorBodyIsEmpty) {
  for (const std::string body : {"", "<html>502</html>", "null", "[]", "5", "\"code\"", R"([{"code":1}])",
                                 R"({"error":{"code":1,"message":"m"}})"}) {
    EXPECT_TRUE(isEmpty(errorBody(body))) << body;
  }
}

TEST(ErrorBody, keepsTheTextAsItCame) {
  EXPECT_EQ(errorBody(R"({"message":"a\u0000b\u001b[2J"})").message, std::string("a\0b\x1b[2J", 7));
  const ErrorBody body = errorBody(R"({"timestamp":"yesterday"})");
  ASSERT_TRUE(body.timestamp);
  EXPECT_EQ(body.timestamp->text(), "yesterday");
  EXPECT_FALSE(body.timestamp->time());
}

}  // namespace
}  // namespace chatapps::decode
