#include "output/csv.hpp"

#include <gtest/gtest.h>

using chatapps::MessageDetail;
using chatapps::cli::csvHeader;
using chatapps::cli::csvLines;

namespace {

MessageDetail smallest() {
  MessageDetail record;
  record.umid = "u";
  record.subAccountId = "s";
  record.step = 1;
  return record;
}

}  // namespace

TEST(CliCsv, hasTheDocumentedColumns) {
  EXPECT_EQ(
      csvHeader(),
      "subAccountId,umid,step,channel,channelId,direction,country,state,detail,errorCode,errorMessage,"
      "statusTimestamp,msisdn,channelUserId,contentType,content,createdAt,clientMessageId,clientBatchId,batchId\r\n");
}

TEST(CliCsv, leavesAbsentFieldsEmpty) { EXPECT_EQ(csvLines({smallest()}), "s,u,1,,,,,,,,,,,,,,,,,\r\n"); }

TEST(CliCsv, writesEveryFieldInItsColumn) {
  auto record = smallest();
  record.channel = chatapps::Channel::SMS;
  record.channelId = "c";
  record.direction = chatapps::Direction("Outbound");
  record.country = "SG";
  record.status = {chatapps::State::Failed, chatapps::StatusDetail("detail"), -3, "message",
                   chatapps::Timestamp("then")};
  record.user = chatapps::User{"+65", "id"};
  record.contentType = chatapps::ContentType::Text;
  record.content = "hi";
  record.createdAt = chatapps::Timestamp("first");
  record.clientMessageId = "cm";
  record.clientBatchId = "cb";
  record.batchId = "b";
  EXPECT_EQ(csvLines({record}),
            "s,u,1,SMS,c,Outbound,SG,failed,detail,-3,message,then,+65,id,Text,hi,first,cm,cb,b\r\n");
}

TEST(CliCsv, quotesWhatNeedsQuotes) {
  auto record = smallest();
  record.content = "a,b \"c\"\r\nd";
  EXPECT_NE(csvLines({record}).find(",\"a,b \"\"c\"\"\r\nd\","), std::string::npos);
}

TEST(CliCsv, escapesWhatATerminalCouldActOn) {
  auto record = smallest();
  record.content = "\x1b[31m\x7f\xC2\x9B\xE2\x80\xAE\xF3\xA0\x80\x81 ok \xE0\xB8\x81";
  EXPECT_NE(csvLines({record}).find(",\\u001b[31m\\u007f\\u009b\\u202e\\udb40\\udc01 ok \xE0\xB8\x81,"),
            std::string::npos);
}
