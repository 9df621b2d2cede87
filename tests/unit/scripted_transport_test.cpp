#include "chatapps/testing/scripted_transport.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <variant>

#include "chatapps/testing/fake_clock.hpp"
#include "decode/message_details.hpp"

using namespace std::chrono_literals;
using chatapps::Clock;
using chatapps::Delivery;
using chatapps::Headers;
using chatapps::HttpRequest;
using chatapps::HttpResponse;
using chatapps::Reply;
using chatapps::TransportFailure;
using chatapps::testing::FakeClock;
using chatapps::testing::ScriptedTransport;

namespace {

class ScriptedTransportTest : public ::testing::Test {
 protected:
  Reply ask(const std::string& url = "http://localhost/") {
    return transport_.send({url, std::make_shared<const Headers>(Headers{{"Authorization", "Bearer key"}})}, clock_);
  }
  int askForStatus() { return ask().response.status; }

  ScriptedTransport transport_;
  FakeClock clock_;
};

}  // namespace

TEST_F(ScriptedTransportTest, answersInTheOrderOfTheScript) {
  transport_.respond(503, "busy", {{"Retry-After", "2"}}).after(2s).respond(200, "fine");
  const Reply first = ask();
  EXPECT_EQ(first.response.status, 503);
  EXPECT_EQ(first.response.body, "busy");
  EXPECT_EQ(*first.response.header("retry-after"), "2");
  EXPECT_EQ(first.after, 0s);
  const Reply second = ask();
  EXPECT_EQ(second.response.status, 200);
  EXPECT_EQ(second.after, 2s);
}

TEST_F(ScriptedTransportTest, aDelayIsForOneReplyOnly) {
  transport_.after(2s).respond(200, "").respond(200, "");
  EXPECT_EQ(ask().after, 2s);
  EXPECT_EQ(ask().after, 0s);
}

TEST_F(ScriptedTransportTest, canFailAndCanStaySilent) {
  TransportFailure refused;
  refused.reason = "refused";
  refused.osError = 111;
  transport_.fail(refused).hang();
  const Reply failed = ask();
  EXPECT_EQ(failed.failure.reason, "refused");
  EXPECT_EQ(failed.failure.osError, 111);
  EXPECT_EQ(ask().after, Clock::duration::max());
}

TEST_F(ScriptedTransportTest, aRequestBeyondTheScriptSaysSo) {
  transport_.respond(200, "");
  EXPECT_EQ(askForStatus(), 200);
  const auto failure = ask().failure;
  EXPECT_EQ(failure.kind, TransportFailure::Kind::Network);
  EXPECT_EQ(failure.retry, TransportFailure::Retry::Never);
  EXPECT_NE(failure.reason.find("used up"), std::string::npos);
  EXPECT_NE(failure.reason.find("request 2"), std::string::npos);
}

TEST_F(ScriptedTransportTest, canRepeatItsLastReply) {
  transport_.respond(500, "").respond(404, "").repeatLast();
  EXPECT_EQ(askForStatus(), 500);
  EXPECT_EQ(askForStatus(), 404);
  EXPECT_EQ(askForStatus(), 404);
  transport_.respond(200, "");
  EXPECT_EQ(askForStatus(), 200);
}

TEST_F(ScriptedTransportTest, keepsTheRequestsItSaw) {
  transport_.respond(200, "").repeatLast();
  EXPECT_EQ(transport_.count(), 0U);
  ask("http://localhost/a");
  ask("http://localhost/b");
  EXPECT_EQ(transport_.count(), 2U);
  const auto requests = transport_.requests();
  EXPECT_EQ(requests[0].url, "http://localhost/a");
  EXPECT_EQ(requests[1].url, "http://localhost/b");
  EXPECT_EQ(requests[1].headers->front().second, "Bearer key");
}

TEST_F(ScriptedTransportTest, theExampleBodyIsAMessage) {
  const std::string umid = "00000000-0000-4000-8000-000000000000";
  const auto decoded = chatapps::decode::messageDetails(ScriptedTransport::exampleBody(umid));
  const auto& records = std::get<chatapps::MessageDetails>(decoded);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].umid, umid);
  EXPECT_EQ(records[0].subAccountId, ScriptedTransport::kExampleSubAccountId);
  EXPECT_EQ(records[0].status.state, chatapps::State::Read);
}
