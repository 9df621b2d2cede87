#include "output/record_json.hpp"

#include <gtest/gtest.h>

using chatapps::MessageDetail;
using chatapps::cli::Json;
using chatapps::cli::jsonText;
using chatapps::cli::recordJson;

namespace {

MessageDetail smallest() {
  MessageDetail record;
  record.umid = "u";
  record.subAccountId = "s";
  record.channel = chatapps::Channel("Telegram");
  record.channelId = "c";
  record.direction = chatapps::Direction("Outbound");
  record.contentType = chatapps::ContentType::Text;
  record.createdAt = chatapps::Timestamp("2020-06-17T04:15:21.06Z");
  record.step = 2;
  return record;
}

}  // namespace

TEST(CliRecordJson, hasTheWiresNamesAndLeavesAbsentFieldsOut) {
  EXPECT_EQ(jsonText(recordJson(smallest())),
            R"({"umid":"u","subAccountId":"s","channel":"Telegram","channelId":"c","direction":"Outbound","status":{},)"
            R"("contentType":"Text","createdAt":"2020-06-17T04:15:21.06Z","step":2})");
}

TEST(CliRecordJson, writesAllThatIsThere) {
  auto record = smallest();
  record.country = "SG";
  record.status = {chatapps::State::Delivered, chatapps::StatusDetail("delivered_to_carrier"), 0, "",
                   chatapps::Timestamp("t")};
  record.user = chatapps::User{"+65", "id"};
  record.content = "hi";
  record.clientMessageId = "cm";
  record.clientBatchId = "cb";
  record.batchId = "b";
  EXPECT_EQ(
      jsonText(recordJson(record)),
      R"({"umid":"u","subAccountId":"s","channel":"Telegram","channelId":"c","direction":"Outbound","country":"SG",)"
      R"("status":{"state":"delivered","detail":"delivered_to_carrier","errorCode":0,"errorMessage":"","timestamp":"t"},)"
      R"("user":{"msisdn":"+65","channelUserId":"id"},"contentType":"Text","content":"hi",)"
      R"("createdAt":"2020-06-17T04:15:21.06Z","clientMessageId":"cm","clientBatchId":"cb","batchId":"b","step":2})");
}

TEST(CliRecordJson, escapesWhatATerminalCouldActOnAndMeansTheSame) {
  auto record = smallest();
  record.content = std::string("\x1b\x7f\xC2\x9B\xE2\x80\xAE\xF3\xA0\x80\x81\0\n", 13) + "\xE0\xB8\x81";
  const auto text = jsonText(recordJson(record));
  EXPECT_NE(text.find(R"("\u001b\u007f\u009b\u202e\udb40\udc01\u0000\n)"
                      "\xE0\xB8\x81\""),
            std::string::npos)
      << text;
  EXPECT_EQ(Json::parse(text)["content"].get<std::string>(), *record.content);
}

TEST(CliRecordJson, replacesBytesThatAreNotUtf8) { EXPECT_EQ(jsonText(Json("\xFF")), "\"\xEF\xBF\xBD\""); }
