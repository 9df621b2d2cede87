#include "decode/message_details.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>

#include "support/test_data.hpp"

namespace chatapps::decode {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::testData;

MessageDetails recordsOf(const std::string& body) {
  auto decoded = messageDetails(body);
  if (const Problem* problem = std::get_if<Problem>(&decoded)) {
    ADD_FAILURE() << problem->what << " at '" << problem->where << "' in " << body;
    return MessageDetails(1);
  }
  return std::get<MessageDetails>(std::move(decoded));
}

MessageDetail recordOf(const std::string& body) {
  const MessageDetails records = recordsOf(body);
  EXPECT_EQ(records.size(), 1u) << body;
  return records.at(0);
}

/// Where the problem is, or "none".
std::string placeOf(const std::string& body) {
  const auto decoded = messageDetails(body);
  const Problem* problem = std::get_if<Problem>(&decoded);
  if (problem == nullptr) return "none";
  EXPECT_THAT(problem->what, HasSubstr("expected "));
  return problem->where;
}

json example() { return json::parse(testData("success_delivered.json")); }

/// The published example with one field of its record replaced.
std::string with(const std::string& pointer, const json& value) {
  json document = example();
  document[json::json_pointer("/data/0" + pointer)] = value;
  return document.dump();
}

std::string without(const std::string& name) {
  json document = example();
  document["data"][0].erase(name);
  return document.dump();
}

/// The published example with text before its record's last brace: `,"step":2` makes a duplicate.
std::string extended(const std::string& text) {
  std::string body = example()["data"][0].dump();
  body.insert(body.size() - 1, text);
  return R"({"data":[)" + body + "]}";
}

TEST(MessageDetails, readsThePublishedExampleOfADeliveredMessageWhole) {
  const MessageDetail record = recordOf(testData("success_delivered.json"));
  EXPECT_EQ(record.umid, "dec02e44-c76f-4a0a-b69f-6ac2a4386eb9");
  EXPECT_EQ(record.subAccountId, "string");
  EXPECT_TRUE(record.channel == Channel::WhatsApp);
  EXPECT_EQ(record.channelId, "8e4d1303-5754-e911-8154-020897df5459");
  EXPECT_TRUE(record.direction == Direction::Outbound);
  EXPECT_EQ(record.country, "SG");
  EXPECT_TRUE(record.status.state == State::Delivered);
  ASSERT_TRUE(record.status.detail);
  EXPECT_EQ(record.status.detail->text(), "delivered_to_carrier");
  EXPECT_FALSE(record.status.detail->isKnown());
  EXPECT_EQ(record.status.errorCode, 0);
  EXPECT_EQ(record.status.errorMessage, "Invalid message length");
  EXPECT_EQ(record.status.timestamp, Timestamp("2020-06-17T04:17:21.06Z"));
  ASSERT_TRUE(record.user);
  EXPECT_EQ(record.user->msisdn, "+63922110xxxx");
  EXPECT_EQ(record.user->channelUserId, "string");
  EXPECT_TRUE(record.contentType == ContentType::Text);
  EXPECT_EQ(record.content, "**MASKED**");
  EXPECT_EQ(record.createdAt, Timestamp("2020-06-17T04:17:21.06Z"));
  EXPECT_EQ(record.clientMessageId, "string");
  EXPECT_EQ(record.clientBatchId, "string");
  EXPECT_EQ(record.batchId, "c9c01382-38bf-4e27-8962-ae0684ab56c3");
  EXPECT_EQ(record.step, 1);
}

TEST(MessageDetails, readsThePublishedExampleOfAReadMessageWhole) {
  const MessageDetail record = recordOf(testData("success_read.json"));
  EXPECT_EQ(record.umid, "dec02e44-c76f-4a0a-b69f-6ac2a4386eb9");
  EXPECT_EQ(record.subAccountId, "sub_account_id");
  EXPECT_EQ(record.channel.text(), "WhatsApp");
  EXPECT_EQ(record.channelId, "904d1303-5754-e911-8154-020897df5459");
  EXPECT_EQ(record.direction.text(), "Outbound");
  EXPECT_TRUE(record.direction == Direction::Outbound);
  EXPECT_EQ(record.country, "SG");
  EXPECT_TRUE(record.status.state == State::Read);
  EXPECT_FALSE(record.status.detail || record.status.errorCode || record.status.errorMessage);
  EXPECT_EQ(record.status.timestamp, Timestamp("2020-06-17T04:25:21.06Z"));
  ASSERT_TRUE(record.user);
  EXPECT_EQ(record.user->msisdn, "+63922110xxxx");
  EXPECT_FALSE(record.user->channelUserId);
  EXPECT_EQ(record.contentType.text(), "Text");
  EXPECT_EQ(record.content, "**MASKED**");
  EXPECT_EQ(record.createdAt, Timestamp("2020-06-17T04:15:21.06Z"));
  EXPECT_EQ(record.clientMessageId, "client message id");
  EXPECT_EQ(record.clientBatchId, "client batch id");
  EXPECT_EQ(record.batchId, "c9c01382-38bf-4e27-8962-ae0684ab56c3");
  EXPECT_EQ(record.step, 2);
}

TEST(MessageDetails, row35_aRequiredFieldThatIsMissingNullOrOfAnotherTypeIsAProblemAtItsPlace) {
  for (const std::string name :
       {"umid", "subAccountId", "channel", "channelId", "direction", "status", "contentType", "createdAt", "step"}) {
    EXPECT_EQ(placeOf(without(name)), "/data/0/" + name);
    for (const json& value : {json(), json(true), json(1.5), json::array({1}), json::object({{"x", 1}})}) {
      if (name == "status" && value.is_object()) continue;
      EXPECT_EQ(placeOf(with("/" + name, value)), "/data/0/" + name) << value;
    }
    EXPECT_EQ(placeOf(with("/" + name, name == "step" ? json("1") : json(1))), "/data/0/" + name);
  }
}

TEST(MessageDetails, theProblemNamesWhatIsExpected) {
  const auto expectation = [](const std::string& body) { return std::get<Problem>(messageDetails(body)).what; };
  EXPECT_EQ(expectation(without("umid")), "expected a string");
  EXPECT_EQ(expectation(without("step")), "expected an integer");
  EXPECT_EQ(expectation(without("status")), "expected an object");
  EXPECT_EQ(expectation("{}"), "expected an array of objects");
}

TEST(MessageDetails, row35_anOptionalFieldThatIsMissingNullOrOfAnotherTypeIsAbsent) {
  const std::optional<std::string> MessageDetail::*const fields[] = {
      &MessageDetail::country, &MessageDetail::content, &MessageDetail::clientMessageId, &MessageDetail::clientBatchId,
      &MessageDetail::batchId};
  const char* const names[] = {"country", "content", "clientMessageId", "clientBatchId", "batchId"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    EXPECT_TRUE(recordOf(testData("success_delivered.json")).*fields[i]);
    EXPECT_FALSE(recordOf(without(names[i])).*fields[i]) << names[i];
    for (const json& value : {json(), json(7), json(false), json::array({"a"}), json::object({{"a", "b"}})}) {
      EXPECT_FALSE(recordOf(with("/" + std::string(names[i]), value)).*fields[i]) << names[i] << value;
    }
  }
}

TEST(MessageDetails, everyFieldOfStatusIsOptional) {
  for (const json& value : {json(), json(1.5), json(false), json::array(), json::object()}) {
    const json all = {
        {"state", value}, {"detail", value}, {"errorCode", value}, {"errorMessage", value}, {"timestamp", value}};
    for (const json& status : {all, json::object()}) {
      const Status read = recordOf(with("/status", status)).status;
      EXPECT_EQ(read.state.text(), "");
      EXPECT_FALSE(read.detail || read.errorCode || read.errorMessage || read.timestamp) << value;
    }
  }
}

TEST(MessageDetails, aUserThatIsNoObjectIsAbsentAndAnEmptyOneIsThere) {
  EXPECT_FALSE(recordOf(without("user")).user);
  for (const json& value : {json(), json("u"), json(1), json::array({json::object()})}) {
    EXPECT_FALSE(recordOf(with("/user", value)).user) << value;
  }
  const std::optional<User> empty = recordOf(with("/user", json::object())).user;
  ASSERT_TRUE(empty);
  EXPECT_FALSE(empty->msisdn || empty->channelUserId);
}

TEST(MessageDetails, row35_unknownFieldsAreReadOverWhateverTheyNest) {
  const std::string odd = R"(,"x":{"umid":1,"step":"a","data":[{"step":[]}],"status":{}},"":[[],{}],"a/b~c":null)";
  EXPECT_EQ(recordOf(extended(odd)).step, 1);
  EXPECT_EQ(recordsOf(R"({"page":{"data":5},"data":[],"more":[{"data":[1]}]})").size(), 0u);
  EXPECT_EQ(recordOf(with("/status/whatever", json::array({1, json::object()}))).status.state.text(), "delivered");
}

TEST(MessageDetails, row35_unknownWordsAreKept) {
  const MessageDetail record = recordOf(with("/channel", "Telegram"));
  EXPECT_EQ(record.channel.text(), "Telegram");
  EXPECT_FALSE(record.channel.isKnown());
}

TEST(MessageDetails, row34_onlyIntegersThatFitAreAStep) {
  EXPECT_EQ(recordOf(extended(R"(,"step":2147483647)")).step, 2147483647);
  EXPECT_EQ(recordOf(extended(R"(,"step":-2147483648)")).step, std::numeric_limits<int>::min());
  EXPECT_EQ(recordOf(extended(R"(,"step":0)")).step, 0);
  EXPECT_EQ(recordOf(extended(R"(,"step":-0)")).step, 0);
  for (const std::string value : {"5.0", "3e0", "1e300", "1e400", "-1e400", "true", "\"5\"", "2147483648",
                                  "-2147483649", "4294967297", "18446744073709551617", "3.9"}) {
    EXPECT_EQ(placeOf(extended(",\"step\":" + value)), "/data/0/step") << value;
  }
}

TEST(MessageDetails, row34_onlyIntegersOfSixtyFourBitsAreAnErrorCode) {
  const auto errorCode = [](const std::string& value) {
    return recordOf(extended(R"(,"status":{"errorCode":)" + value + "}")).status.errorCode;
  };
  EXPECT_EQ(errorCode("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(errorCode("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(errorCode("-123456"), -123456);
  EXPECT_EQ(errorCode("12345678901234567"), 12345678901234567);
  for (const std::string value :
       {"9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "1e3", "5.0",
        "1e400", "-1E+400", "1e-400", "true", "\"5\""}) {
    EXPECT_EQ(errorCode(value), std::nullopt) << value;
  }
  // Digits beyond any integer, in each place where a number has digits.
  const std::string many(5000, '7');
  for (const std::string& value :
       {many, "-" + many, "1" + std::string(5000, '0'), "0." + many, "1e" + many, many + "." + many + "E-" + many}) {
    EXPECT_EQ(errorCode(value), std::nullopt) << value.substr(0, 10);
  }
}

TEST(MessageDetails, row31_ofAFieldThatStandsTwiceTheLastOneCounts) {
  EXPECT_EQ(recordOf(extended(R"(,"step":2)")).step, 2);
  EXPECT_EQ(recordOf(extended(R"(,"country":"DE")")).country, "DE");
  EXPECT_FALSE(recordOf(extended(R"(,"country":null)")).country);
  EXPECT_FALSE(recordOf(extended(R"(,"user":7)")).user);
  EXPECT_EQ(placeOf(extended(R"(,"step":"2")")), "/data/0/step");
  EXPECT_EQ(placeOf(extended(R"(,"status":[])")), "/data/0/status");

  const MessageDetail replaced = recordOf(extended(R"(,"status":{"state":"sent"},"user":{"channelUserId":"c"})"));
  EXPECT_EQ(replaced.status.state.text(), "sent");
  EXPECT_FALSE(replaced.status.detail || replaced.status.errorCode) << "the first status is gone whole";
  ASSERT_TRUE(replaced.user);
  EXPECT_FALSE(replaced.user->msisdn);
}

TEST(MessageDetails, row31_whatWasWrongBeforeDoesNotCountWhenTheFieldStandsAgain) {
  EXPECT_EQ(recordOf(extended(R"(,"step":"x","step":3)")).step, 3);
  EXPECT_EQ(recordOf(extended(R"(,"status":null,"status":{"state":"read"})")).status.state.text(), "read");
  const std::string record = example()["data"][0].dump();
  EXPECT_EQ(recordsOf(R"({"data":[)" + record + "," + record + R"(],"data":[)" + record + "]}").size(), 1u);
  EXPECT_EQ(recordsOf(R"({"data":[{},7],"data":[)" + record + "]}").size(), 1u);
  EXPECT_EQ(recordsOf(R"({"data":7,"data":[)" + record + "]}").size(), 1u);
  EXPECT_EQ(placeOf(R"({"data":[)" + record + R"(],"data":null})"), "/data");
  EXPECT_EQ(placeOf(R"({"data":[)" + record + R"(],"data":[)" + record + ",{}]}"), "/data/1/umid");
}

TEST(MessageDetails, row35_recordsComeInOrderOfStepAndEqualStepsKeepTheirOrder) {
  json document = example();
  const json record = document["data"][0];
  document["data"] = json::array();
  int number = 0;
  for (const int step : {3, 1, 2, 1, 3, -1}) {
    json copy = record;
    copy["step"] = step;
    copy["content"] = std::to_string(number++);
    document["data"].push_back(copy);
  }
  std::vector<std::string> order;
  for (const MessageDetail& read : recordsOf(document.dump())) order.push_back(*read.content);
  EXPECT_THAT(order, ElementsAre("5", "1", "3", "2", "0", "4"));
}

TEST(MessageDetails, noRecordsAreNoProblem) { EXPECT_EQ(recordsOf(R"({"data":[]})").size(), 0u); }

TEST(MessageDetails, whatIsNotTheDocumentIsAProblemAtItsPlace) {
  for (const std::string body : {"[]", "null", "5", "\"data\"", "true", R"([{"data":[]}])"})
    EXPECT_EQ(placeOf(body), "");
  for (const std::string body : {"{}", R"({"Data":[]})", R"({"data":null})", R"({"data":{}})", R"({"data":"[]"})"}) {
    EXPECT_EQ(placeOf(body), "/data") << body;
  }
  const std::string record = example()["data"][0].dump();
  for (const std::string element : {"null", "[]", "1", "\"x\"", "true", "1e400", "[{}]"}) {
    EXPECT_EQ(placeOf(R"({"data":[)" + record + "," + element + "," + record + "]}"), "/data/1") << element;
  }
}

TEST(MessageDetails, theFirstProblemOfTheRecordsIsTheOneThatIsTold) {
  const std::string record = example()["data"][0].dump();
  EXPECT_EQ(placeOf(R"({"data":[)" + record + R"(,{"umid":"a"},5,{}]})"), "/data/1/subAccountId");
}

}  // namespace
}  // namespace chatapps::decode
