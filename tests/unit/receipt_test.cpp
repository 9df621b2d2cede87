#include "chatapps/receipt.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>

#include "chatapps/errors.hpp"

namespace chatapps {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

json version9() {
  return json::parse(R"({
    "version": 9, "namespace": "ChatApps", "eventType": "outbound_message_status_changed",
    "description": "ChatApps outbound message delivery receipt",
    "payload": {
      "umid": "dec02e44-c76f-4a0a-b69f-6ac2a4386eb9", "batchId": "c9c01382-38bf-4e27-8962-ae0684ab56c3",
      "clientMessageId": "order-7", "clientBatchId": "batch-2", "subAccountId": "sub_account_id", "channel": "whatsapp",
      "user": {"msisdn": "+63922110xxxx", "channelUserId": "PH.26717025731320236"},
      "status": {"state": "undelivered", "detail": "rejected_by_operator", "timestamp": "2026-07-03T03:23:21.90Z",
                 "errorCode": 1018, "errorMessage": "Message rejected"},
      "whatsapp": {"providerErrorCode": "131026", "pricingCategory": "marketing"},
      "outboundContent": {"channel": "whatsapp", "contentType": "text", "body": {"text": "hello"}}}})");
}

/// Version 9 with one value replaced, or added.
std::string with(const std::string& pointer, const json& value) {
  json document = version9();
  document[json::json_pointer(pointer)] = value;
  return document.dump();
}

std::string without(const std::string& parent, const std::string& name) {
  json document = version9();
  document[json::json_pointer(parent)].erase(name);
  return document.dump();
}

DecodeError refused(const std::string& body) {
  try {
    parseDeliveryReceipt(body);
  } catch (const DecodeError& error) {
    return error;
  }
  ADD_FAILURE() << "accepted: " << body.substr(0, 200);
  return DecodeError("", "none", CallFacts());
}

TEST(DeliveryReceipt, readsAllOfVersion9) {
  const DeliveryReceipt receipt = parseDeliveryReceipt(version9().dump());
  EXPECT_EQ(receipt.umid, "dec02e44-c76f-4a0a-b69f-6ac2a4386eb9");
  EXPECT_EQ(receipt.subAccountId, "sub_account_id");
  EXPECT_EQ(receipt.channel, Channel::WhatsApp);
  EXPECT_EQ(receipt.user->msisdn, "+63922110xxxx");
  EXPECT_EQ(receipt.user->channelUserId, "PH.26717025731320236");
  EXPECT_EQ(receipt.status.state, State::Undelivered);
  EXPECT_EQ(receipt.status.detail, StatusDetail(StatusDetail::RejectedByOperator));
  EXPECT_EQ(receipt.status.timestamp, Timestamp("2026-07-03T03:23:21.90Z"));
  EXPECT_EQ(receipt.status.errorCode, 1018);
  EXPECT_EQ(receipt.status.errorMessage, "Message rejected");
  EXPECT_EQ(receipt.clientMessageId, "order-7");
  EXPECT_EQ(receipt.clientBatchId, "batch-2");
  EXPECT_EQ(receipt.batchId, "c9c01382-38bf-4e27-8962-ae0684ab56c3");
  EXPECT_EQ(receipt.whatsapp.providerErrorCode, "131026");
  EXPECT_EQ(receipt.whatsapp.pricingCategory, "marketing");
  EXPECT_EQ(receipt.eventType, "outbound_message_status_changed");
  EXPECT_EQ(receipt.eventNamespace, "ChatApps");
  EXPECT_EQ(receipt.version, 9);
  EXPECT_TRUE(receipt.isKnownVersion());
}

TEST(DeliveryReceipt, readsTheFormatsBeforeWhichTellNoVersion) {
  const DeliveryReceipt receipt = parseDeliveryReceipt(without("", "version"));
  EXPECT_EQ(receipt.version, 0);
  EXPECT_TRUE(receipt.isKnownVersion());
  EXPECT_EQ(receipt.status.state, State::Undelivered);
}

TEST(DeliveryReceipt, readsVersionEight) {
  const DeliveryReceipt receipt = parseDeliveryReceipt(with("/version", 8));
  EXPECT_EQ(receipt.version, 8);
  EXPECT_TRUE(receipt.isKnownVersion());
}

TEST(DeliveryReceipt, anUnknownVersionIsReadAsFarAsItGoesAndSaysSo) {
  for (const std::int64_t version : {std::int64_t{10}, std::int64_t{-1}, std::int64_t{4294967305}}) {
    const DeliveryReceipt receipt = parseDeliveryReceipt(with("/version", version));
    EXPECT_EQ(receipt.version, version);
    EXPECT_FALSE(receipt.isKnownVersion()) << version;
    EXPECT_EQ(receipt.status.state, State::Undelivered);
  }
}

TEST(DeliveryReceipt, onlyEventTypeAndUmidAreRequired) {
  const DeliveryReceipt receipt =
      parseDeliveryReceipt(R"({"eventType":"outbound_message_status_changed","payload":{"umid":"u"}})");
  EXPECT_EQ(receipt.umid, "u");
  EXPECT_EQ(receipt.subAccountId, "");
  EXPECT_EQ(receipt.channel.text(), "");
  EXPECT_EQ(receipt.status.state.text(), "");
  EXPECT_FALSE(receipt.user || receipt.clientMessageId || receipt.clientBatchId || receipt.batchId ||
               receipt.whatsapp.providerErrorCode);
  EXPECT_EQ(receipt.eventNamespace, "");
}

TEST(DeliveryReceipt, unknownWordsAndFieldsAreKept) {
  const DeliveryReceipt receipt = parseDeliveryReceipt(with("/payload/status/state", "teleported"));
  EXPECT_EQ(receipt.status.state.text(), "teleported");
  EXPECT_EQ(parseDeliveryReceipt(with("/payload/channel", "Telegram")).channel.text(), "Telegram");
  EXPECT_EQ(parseDeliveryReceipt(with("/payload/viber", {{"billable", true}})).umid, version9()["payload"]["umid"]);
}

TEST(DeliveryReceipt, theEventTypesCaseDoesNotMatter) {
  EXPECT_EQ(parseDeliveryReceipt(with("/eventType", "Outbound_Message_Status_Changed")).eventType,
            "Outbound_Message_Status_Changed");
}

TEST(DeliveryReceipt, anotherEventIsRefusedByName) {
  const DecodeError error = refused(with("/eventType", "external_app_message"));
  EXPECT_EQ(error.where(), "/eventType");
  EXPECT_THAT(error.what(), HasSubstr("\"external_app_message\""));
  EXPECT_THAT(refused(with("/eventType", "inbound_message_received")).what(), HasSubstr("inbound_message_received"));
}

TEST(DeliveryReceipt, anotherEventIsNamedWhateverItLacks) {
  const std::string body =
      R"({"eventId":"7","eventType":"template_status_update","eventDetails":{"templateName":"t"}})";
  EXPECT_EQ(refused(body).where(), "/eventType");
  EXPECT_THAT(refused(body).what(), HasSubstr("template_status_update"));
}

TEST(DeliveryReceipt, theNameOfAnotherEventIsFitToBeShown) {
  const DecodeError error = refused(with("/eventType", "a\x1b[31m\n" + std::string(100000, 'x')));
  EXPECT_THAT(error.what(), Not(HasSubstr("\x1b")));
  EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
  EXPECT_LT(std::string(error.what()).size(), 400u);
}

TEST(DeliveryReceipt, withoutUmidItIsRefused) {
  EXPECT_EQ(refused(without("/payload", "umid")).where(), "/payload/umid");
  EXPECT_EQ(refused(with("/payload/umid", nullptr)).where(), "/payload/umid");
  EXPECT_EQ(refused(with("/payload/umid", 5)).where(), "/payload/umid");
  EXPECT_EQ(refused(with("/payload/umid", "")).where(), "/payload/umid");
  EXPECT_EQ(refused(without("", "payload")).where(), "/payload");
  EXPECT_EQ(refused(with("/payload", "text")).where(), "/payload");
}

TEST(DeliveryReceipt, withoutEventTypeItIsRefused) {
  EXPECT_EQ(refused(without("", "eventType")).where(), "/eventType");
  EXPECT_EQ(refused(with("/eventType", 9)).where(), "/eventType");
  EXPECT_EQ(refused(with("/eventType", "")).where(), "/eventType");
}

TEST(DeliveryReceipt, whatIsNotJsonIsRefused) {
  for (const std::string& body : {std::string(), std::string("<html>"), std::string("{"), std::string("[]"),
                                  std::string("null"), version9().dump() + "x", version9().dump().substr(0, 100),
                                  "\xFF\xFE" + version9().dump(), version9().dump() + std::string(1, '\0')}) {
    EXPECT_EQ(refused(body).where(), "") << body.substr(0, 20);
    EXPECT_THAT(refused(body).what(), StartsWith("unreadable answer: delivery receipt: expected "));
  }
}

TEST(DeliveryReceipt, anErrorTellsNothingOfTheBody) {
  EXPECT_THAT(refused(without("/payload", "umid")).what(), Not(HasSubstr("63922110")));
  EXPECT_THAT(refused(R"({"eventType":"secret","payload":{)").what(), Not(HasSubstr("secret")));
}

TEST(DeliveryReceipt, anErrorIsOfNoCall) {
  const DecodeError error = refused("x");
  EXPECT_EQ(error.attempts(), 0);
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_FALSE(error.retryable());
}

TEST(DeliveryReceipt, aByteOrderMarkIsAccepted) {
  EXPECT_EQ(parseDeliveryReceipt("\xEF\xBB\xBF" + version9().dump()).version, 9);
}

TEST(DeliveryReceipt, aWrongTypeInAnOptionalFieldIsAbsence) {
  EXPECT_EQ(parseDeliveryReceipt(with("/version", "9")).version, 0);
  EXPECT_EQ(parseDeliveryReceipt(with("/payload/status/errorCode", 3.9)).status.errorCode, std::nullopt);
  EXPECT_EQ(parseDeliveryReceipt(with("/payload/status", "delivered")).status.state.text(), "");
  EXPECT_FALSE(parseDeliveryReceipt(with("/payload/user", nullptr)).user);
}

TEST(DeliveryReceipt, ofDuplicateKeysTheLastOneCounts) {
  const std::string event = R"("eventType":"outbound_message_status_changed")";
  EXPECT_EQ(parseDeliveryReceipt("{" + event + R"(,"payload":{"umid":"a"},"payload":{"umid":"b"}})").umid, "b");
  EXPECT_EQ(parseDeliveryReceipt(R"({"eventType":"other",)" + event + R"(,"payload":{"umid":"a","umid":"c"}})").umid,
            "c");
  EXPECT_EQ(refused("{" + event + R"(,"payload":{"umid":"a"},"payload":{}})").where(), "/payload/umid");
}

TEST(DeliveryReceipt, depthIsLimited) {
  const auto nested = [](std::size_t levels) {
    const std::string body = version9().dump();
    return body.substr(0, body.size() - 1) + ",\"x\":" + std::string(levels, '[') + std::string(levels, ']') + "}";
  };
  EXPECT_EQ(parseDeliveryReceipt(nested(63)).version, 9);
  EXPECT_THAT(refused(nested(64)).what(), HasSubstr("64 levels"));
  EXPECT_THAT(refused(nested(100000)).what(), HasSubstr("64 levels"));
}

TEST(DeliveryReceipt, sizeIsLimited) {
  const std::size_t limit = std::size_t{1} << 20;
  std::string body = version9().dump();
  body.resize(limit, ' ');
  EXPECT_EQ(parseDeliveryReceipt(body).version, 9);
  body += ' ';
  EXPECT_THAT(refused(body).what(), HasSubstr("larger than"));
}

TEST(AuthorizedBy, theSameValueAlone) {
  EXPECT_TRUE(authorizedBy("Bearer abc", "Bearer abc"));
  EXPECT_FALSE(authorizedBy("Bearer abd", "Bearer abc"));
  EXPECT_FALSE(authorizedBy("cearer abc", "Bearer abc"));
  EXPECT_FALSE(authorizedBy("bearer abc", "Bearer abc"));
  EXPECT_FALSE(authorizedBy("Bearer abc ", "Bearer abc"));
  EXPECT_FALSE(authorizedBy("Bearer ab", "Bearer abc"));
  EXPECT_FALSE(authorizedBy("", "Bearer abc"));
}

TEST(AuthorizedBy, repeatingTheValueDoesNotHelp) {
  EXPECT_FALSE(authorizedBy("abab", "ab"));
  EXPECT_FALSE(authorizedBy("aa", "aaaa"));
  EXPECT_FALSE(authorizedBy(std::string("ab\0", 3), "ab"));
}

TEST(AuthorizedBy, anEmptyExpectedValueAuthorizesNobody) {
  EXPECT_FALSE(authorizedBy("", ""));
  EXPECT_FALSE(authorizedBy("anything", ""));
}

}  // namespace
}  // namespace chatapps
