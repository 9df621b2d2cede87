#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <variant>

#include "chatapps/errors.hpp"
#include "chatapps/testing/sandbox.hpp"

using namespace std::chrono_literals;
using chatapps::Clock;
using chatapps::Delivery;
using chatapps::HttpResponse;
using chatapps::InvalidArgumentError;
using chatapps::State;
using chatapps::StatusDetail;
using chatapps::TransportFailure;
using chatapps::testing::readScenario;
using chatapps::testing::SandboxOptions;
using chatapps::testing::SandboxScenario;
using chatapps::testing::Window;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

namespace {

/// What is wrong with a scenario, without the words that stand before every such text.
std::string flawIn(const std::string& json) {
  try {
    readScenario(json);
    return "none";
  } catch (const InvalidArgumentError& error) {
    EXPECT_EQ(error.argument(), "scenario");
    const std::string what = error.what();
    const std::string prefix = "invalid argument: scenario ";
    EXPECT_EQ(what.substr(0, prefix.size()), prefix);
    return what.substr(prefix.size());
  }
}

Clock::duration durationFrom(const std::string& text) {
  return readScenario(R"({"latency":")" + text + "\"}").options.latency;
}

std::string flawInDuration(const std::string& json) { return flawIn(R"({"latency":)" + json + "}"); }

std::string messageWith(const std::string& members) {
  return R"({"messages":[{)" + members + R"("steps":[{"channel":"SMS","events":[{"state":"queued"}]}]}]})";
}

}  // namespace

TEST(Scenario, anEmptyOneIsTheDefault) {
  const SandboxScenario scenario = readScenario("{}");
  EXPECT_THAT(scenario.options.apiKeys, ElementsAre("sandbox-key"));
  EXPECT_EQ(scenario.options.requestsPerSecond, 1.0);
  EXPECT_TRUE(scenario.options.builtInMessages);
  EXPECT_TRUE(scenario.messages.empty());
  EXPECT_TRUE(scenario.faults.empty());
}

TEST(Scenario, whatItLeavesOutStaysAsGiven) {
  SandboxOptions defaults;
  defaults.seed = 42;
  defaults.speed = 3;
  const SandboxScenario scenario = readScenario(R"({"speed":2})", defaults);
  EXPECT_EQ(scenario.options.seed, 42U);
  EXPECT_EQ(scenario.options.speed, 2.0);
}

TEST(Scenario, setsEveryOption) {
  const SandboxOptions options = readScenario(R"({
    "apiKeys": ["a", "b"], "subAccounts": ["one", "*"], "requestsPerSecond": 2.5, "window": "bucket",
    "rejectedRequestsCount": true, "retryAfterHeader": true, "latency": "20ms", "speed": 60, "maskPersonalData": false,
    "builtInMessages": false, "seed": 18446744073709551615})")
                                     .options;
  EXPECT_THAT(options.apiKeys, ElementsAre("a", "b"));
  EXPECT_THAT(options.subAccounts, ElementsAre("one", "*"));
  EXPECT_EQ(options.requestsPerSecond, 2.5);
  EXPECT_EQ(options.window, Window::Bucket);
  EXPECT_TRUE(options.rejectedRequestsCount);
  EXPECT_TRUE(options.retryAfterHeader);
  EXPECT_EQ(options.latency, 20ms);
  EXPECT_EQ(options.speed, 60.0);
  EXPECT_FALSE(options.maskPersonalData);
  EXPECT_FALSE(options.builtInMessages);
  EXPECT_EQ(options.seed, 18446744073709551615U);
}

TEST(Scenario, readsMessages) {
  const SandboxScenario scenario = readScenario(R"({"messages": [{
    "umid": "0123abcd-0000-4000-8000-00000000000f", "subAccountId": "mine", "age": "1h", "fromFirstLook": true,
    "direction": "inbound", "contentType": "Image", "country": "PH", "msisdn": null, "channelUserId": "PH.1",
    "content": "hello", "clientMessageId": "m", "clientBatchId": "c", "batchId": "b",
    "steps": [
      {"channel": "Viber", "channelId": "v", "events": [
        {"at": "0s", "state": "queued"},
        {"at": "10s", "state": "undelivered", "detail": "rejected_by_operator", "errorCode": -2008, "errorMessage": "no"}]},
      {"channel": "Telegram", "events": [{"at": "10d"}]}]}]})");
  ASSERT_EQ(scenario.messages.size(), 1U);
  const auto& message = scenario.messages[0];
  EXPECT_EQ(message.umid, "0123abcd-0000-4000-8000-00000000000f");
  EXPECT_EQ(message.subAccountId, "mine");
  EXPECT_EQ(message.age, 1h);
  EXPECT_TRUE(message.fromFirstLook);
  EXPECT_EQ(message.direction.text(), "inbound");
  EXPECT_EQ(message.contentType.text(), "Image");
  EXPECT_EQ(message.country, "PH");
  EXPECT_EQ(message.msisdn, std::nullopt);
  EXPECT_EQ(message.channelUserId, "PH.1");
  EXPECT_EQ(message.content, "hello");
  EXPECT_EQ(message.clientMessageId, "m");
  EXPECT_EQ(message.clientBatchId, "c");
  EXPECT_EQ(message.batchId, "b");
  ASSERT_EQ(message.steps.size(), 2U);
  EXPECT_EQ(message.steps[0].channel.text(), "Viber");
  EXPECT_EQ(message.steps[0].channelId, "v");
  const auto& undelivered = message.steps[0].events.at(1);
  EXPECT_EQ(undelivered.at, 10s);
  EXPECT_EQ(undelivered.state, State::Undelivered);
  EXPECT_EQ(undelivered.detail, StatusDetail(StatusDetail::RejectedByOperator));
  EXPECT_EQ(undelivered.errorCode, -2008);
  EXPECT_EQ(undelivered.errorMessage, "no");
  EXPECT_EQ(message.steps[1].events.at(0).at, 240h);
  EXPECT_EQ(message.steps[1].events.at(0).state.text(), "");
}

TEST(Scenario, readsFaults) {
  const SandboxScenario scenario = readScenario(R"({"faults": [
    {"status": 503, "body": "<html>", "headers": {"Retry-After": "2"}, "times": 3, "skip": 1, "after": "1s",
     "umid": "0123abcd-0000-4000-8000-00000000000f"},
    {"failure": "refused"}, {"failure": "reset"}, {"failure": "timeout"}, {"failure": "tls"}, {"hang": true}]})");
  ASSERT_EQ(scenario.faults.size(), 6U);
  const auto& response = scenario.faults[0].reply.response;
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, "<html>");
  EXPECT_THAT(response.headers, ElementsAre(Pair("Retry-After", "2")));
  EXPECT_EQ(scenario.faults[0].reply.after, 1s);
  EXPECT_EQ(scenario.faults[0].times, 3);
  EXPECT_EQ(scenario.faults[0].skip, 1);
  EXPECT_EQ(scenario.faults[0].umid, "0123abcd-0000-4000-8000-00000000000f");
  const auto failure = [&](std::size_t i) { return scenario.faults[i].reply.failure; };
  EXPECT_EQ(failure(1).delivery, Delivery::NotSent);
  EXPECT_EQ(failure(2).delivery, Delivery::MaybeSent);
  EXPECT_EQ(failure(3).kind, TransportFailure::Kind::Timeout);
  EXPECT_EQ(failure(4).kind, TransportFailure::Kind::Tls);
  EXPECT_EQ(failure(4).retry, TransportFailure::Retry::Never);
  EXPECT_EQ(scenario.faults[5].reply.after, Clock::duration::max());
}

TEST(Scenario, readsDurations) {
  EXPECT_EQ(durationFrom("500ms"), 500ms);
  EXPECT_EQ(durationFrom("0.1s"), 100ms);
  EXPECT_EQ(durationFrom("30s"), 30s);
  EXPECT_EQ(durationFrom("1.5m"), 90s);
  EXPECT_EQ(durationFrom("1h"), 1h);
  EXPECT_EQ(durationFrom("0d"), 0s);
}

TEST(Scenario, refusesWhatIsNoDuration) {
  for (const char* json :
       {"5", "null", R"("")", R"("5")", R"("s")", R"("-1s")", R"("1 s")", R"("1.s")", R"(".5s")", R"("1.2.3s")",
        R"("1e3s")", R"("5S")", R"("5sec")", R"("1234567890123456s")", R"("999999999999d")"}) {
    EXPECT_THAT(flawInDuration(json), HasSubstr("at /latency must be a number with a unit")) << json;
  }
}

TEST(Scenario, saysWhereItIsNotJson) {
  EXPECT_EQ(flawIn(""), "must be JSON; it is not from line 1, column 1 on");
  EXPECT_EQ(flawIn("{\n  \"speed\": 1,\n  oops}"), "must be JSON; it is not from line 3, column 3 on");
  EXPECT_EQ(flawIn(std::string(R"({"seed": 7})").append(1, '\0').append(R"({"nonsense")")),
            "must be JSON, which has no NUL");
  EXPECT_EQ(flawIn(R"({"speed": 1e999})"), "must be JSON with numbers that a double can hold");
  EXPECT_EQ(flawIn("[]"), "must be an object");
}

TEST(Scenario, namesMembersThatItDoesNotKnow) {
  EXPECT_THAT(flawIn(R"({"window": "gcra", "windows": "gcra"})"),
              HasSubstr("at /windows is not known here; allowed are apiKeys, subAccounts, requestsPerSecond, window,"));
  EXPECT_THAT(flawIn(R"({"faults": [{"status": 503, "a/b~c": 1}]})"),
              HasSubstr("at /faults/0/a~1b~0c is not known here"));
  EXPECT_THAT(flawIn(messageWith(R"("step": 1,)")), HasSubstr("at /messages/0/step is not known here"));
  EXPECT_THAT(flawIn(R"({"faults": [{"failure": "reset", "body": ""}]})"),
              HasSubstr("at /faults/0/body is not known here"));
}

TEST(Scenario, aUmidIsOfOneMessage) {
  const std::string steps = R"("steps":[{"channel":"SMS","events":[{"state":"queued"}]}])";
  const std::string one = R"({"umid":"0123abcd-0000-4000-8000-00000000000f",)" + steps + "}";
  const std::string same = R"({"umid":"0123ABCD-0000-4000-8000-00000000000f","subAccountId":"another",)" + steps + "}";
  EXPECT_EQ(flawIn(R"({"messages":[)" + one + ",{" + steps + "}," + same + "]}"),
            "at /messages/2/umid must not be that of a message before");
}

TEST(Scenario, saysWhichTypeIsWanted) {
  EXPECT_EQ(flawIn(R"({"speed": "fast"})"), "at /speed must be a number");
  EXPECT_EQ(flawIn(R"({"retryAfterHeader": 1})"), "at /retryAfterHeader must be true or false");
  EXPECT_EQ(flawIn(R"({"apiKeys": "key"})"), "at /apiKeys must be a list of texts");
  EXPECT_EQ(flawIn(R"({"apiKeys": [1]})"), "at /apiKeys must be a list of texts");
  EXPECT_EQ(flawIn(R"({"window": "gcr"})"), "at /window must be gcra, fixed, sliding or bucket");
  EXPECT_EQ(flawIn(R"({"seed": -1})"), "at /seed must be an integer from 0 to 18446744073709551615");
  EXPECT_EQ(flawIn(R"({"seed": 1.0})"), "at /seed must be an integer from 0 to 18446744073709551615");
  EXPECT_EQ(flawIn(R"({"messages": {}})"), "at /messages must be a list of objects");
  EXPECT_EQ(flawIn(R"({"messages": [1]})"), "at /messages/0 must be an object");
  EXPECT_EQ(flawIn(messageWith(R"("country": 1,)")), "at /messages/0/country must be a text");
  EXPECT_EQ(flawIn(R"({"faults": [{"status": 4294967799}]})"),
            "at /faults/0/status must be an integer from -2147483648 to 2147483647");
  EXPECT_EQ(flawIn(R"({"faults": [{"status": 503, "headers": {"A": 1}}]})"), "at /faults/0/headers/A must be a text");
  EXPECT_EQ(flawIn(R"({"faults": [{"failure": "lost"}]})"),
            "at /faults/0/failure must be refused, reset, timeout or tls");
}

TEST(Scenario, aFaultIsOneThing) {
  const char* const problem = "at /faults/0 must have one of status, failure or \"hang\": true";
  EXPECT_EQ(flawIn(R"({"faults": [{}]})"), problem);
  EXPECT_EQ(flawIn(R"({"faults": [{"hang": false}]})"), problem);
  EXPECT_EQ(flawIn(R"({"faults": [{"hang": true, "status": 503}]})"), problem);
}

TEST(Scenario, saysWhereAValueCanNotWork) {
  EXPECT_EQ(flawIn(R"({"speed": 0})"), "at /speed must be from 0.01 to 1,000,000");
  EXPECT_EQ(flawIn(R"({"faults": [{"hang": true}, {"status": 42}]})"), "at /faults/1/status must be from 200 to 999");
  EXPECT_EQ(flawIn(messageWith(R"("umid": "42",)")), "at /messages/0/umid must be a UUID with dashes");
  EXPECT_EQ(flawIn(R"({"messages": [{}]})"), "at /messages/0/steps must have at least one step");
  EXPECT_EQ(flawIn(R"({"messages": [{"steps": [{"channel": "SMS"}]}]})"),
            "at /messages/0/steps/0/events must have at least one event");
}

TEST(Scenario, ofSeveralEqualMembersTheLastOneCounts) {
  EXPECT_EQ(readScenario(R"({"speed": 2, "speed": 3})").options.speed, 3.0);
}

TEST(Scenario, theExamplesAreRight) {
  for (const char* name : {"rough-day.json", "three-channels.json"}) {
    std::ifstream file(CHATAPPS_TEST_DATA + std::string("/../../examples/scenarios/") + name);
    ASSERT_TRUE(file) << name;
    const std::string json{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(flawIn(json), "none") << name;
  }
}
