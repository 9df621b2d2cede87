#include "chatapps/testing/sandbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "chatapps/errors.hpp"
#include "sandbox_fixture.hpp"

using namespace std::chrono_literals;
using chatapps::Channel;
using chatapps::Clock;
using chatapps::HttpResponse;
using chatapps::InvalidArgumentError;
using chatapps::MessageDetails;
using chatapps::State;
using chatapps::StatusDetail;
using chatapps::testing::FakeClock;
using chatapps::testing::requestFor;
using chatapps::testing::Sandbox;
using chatapps::testing::SandboxMessage;
using chatapps::testing::SandboxOptions;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

class SandboxTest : public chatapps::testing::SandboxFixture {};

std::string flawOf(const SandboxMessage& message) {
  Sandbox sandbox;
  try {
    sandbox.addMessage(message);
    return "none";
  } catch (const InvalidArgumentError& error) {
    EXPECT_EQ(error.argument(), "message");
    return error.what();
  }
}

}  // namespace

TEST_F(SandboxTest, aMessageThatReplacesAnotherBeginsWhenItSaysSo) {
  SandboxMessage message = story();
  sandbox_.addMessage(message);
  message.fromFirstLook = true;
  sandbox_.addMessage(message);
  details(Sandbox::kQueued);
  clock_.advance(1h);
  EXPECT_EQ(stateOf(kUmid), "queued");
}

TEST_F(SandboxTest, tellsOfAMessageAsTheApiDoes) {
  SandboxMessage message = story();
  message.clientMessageId = "order \"7\"\n\x1f";
  message.batchId = "c9c01382-38bf-4e27-8962-ae0684ab56c3";
  message.channelUserId = "PH.26717025731320236";
  sandbox_.addMessage(message);
  ask(requestFor("sandbox", kUmid));
  clock_.advance(1500ms);
  const HttpResponse response = ask(requestFor("sandbox", kUmid));
  EXPECT_EQ(response.body,
            R"({"data":[{"umid":"0123abcd-0000-4000-8000-00000000000f","subAccountId":"sandbox","channel":"Viber",)"
            R"("channelId":"viber-channel","direction":"Outbound",)"
            R"("status":{"state":"sent","timestamp":"2026-01-01T00:00:01.00Z"},)"
            R"("contentType":"Text","createdAt":"2026-01-01T00:00:00.00Z","step":1,"country":"SG",)"
            R"("user":{"msisdn":"+63922110xxxx","channelUserId":"PH.26717025731320236"},"content":"**MASKED**",)"
            R"("clientMessageId":"order \"7\"\u000a\u001f","batchId":"c9c01382-38bf-4e27-8962-ae0684ab56c3"}]})");
  EXPECT_EQ(*response.header("Date"), "Thu, 01 Jan 2026 00:00:01 GMT");
}

TEST_F(SandboxTest, aMessageChangesWithTimeAndFallsBack) {
  sandbox_.addMessage(story());
  EXPECT_EQ(stateOf(kUmid), "queued");
  clock_.advance(10s);
  const MessageDetails afterViber = details(kUmid);
  ASSERT_EQ(afterViber.size(), 1U);
  EXPECT_EQ(afterViber[0].status.state, State::Undelivered);
  EXPECT_EQ(afterViber[0].status.detail, StatusDetail(StatusDetail::RejectedByOperator));
  EXPECT_EQ(afterViber[0].status.errorCode, 2008);
  EXPECT_EQ(afterViber[0].status.errorMessage, "Not a Viber user");
  clock_.advance(240h);
  const MessageDetails atLast = details(kUmid);
  ASSERT_EQ(atLast.size(), 2U);
  EXPECT_EQ(atLast[1].step, 2);
  EXPECT_EQ(atLast[1].channel, Channel::SMS);
  EXPECT_EQ(atLast[1].status.state, State::Delivered);
  EXPECT_EQ(atLast[1].status.timestamp->time(), FakeClock::kFirstDate + 20s);
}

TEST_F(SandboxTest, theLatestStepStandsFirstOnTheWire) {
  sandbox_.addMessage(story());
  ask(requestFor("sandbox", kUmid));
  clock_.advance(1h);
  const std::string body = ask(requestFor("sandbox", kUmid)).body;
  EXPECT_LT(body.find("\"step\":2"), body.find("\"step\":1"));
}

TEST_F(SandboxTest, timestampsHaveTwoToSevenDigits) {
  clock_.advance(123'456'789ns);
  sandbox_.addMessage(story());
  EXPECT_EQ(details(kUmid)[0].createdAt.text(), "2026-01-01T00:00:00.1234567Z");
  clock_.advance(1s + 3'211ns);
  const HttpResponse refused = ask(requestFor("sandbox", kUmid, "wrong"));
  EXPECT_THAT(refused.body, HasSubstr("2026-01-01T00:00:01.12346+00:00"));
}

TEST_F(SandboxTest, timeBeginsWithTheFirstRequestAfterTheMessageWasAdded) {
  sandbox_.addMessage(story());
  clock_.advance(1h);
  EXPECT_EQ(details(Sandbox::kDeliveredBySms).size(), 1U);
  clock_.advance(1s);
  EXPECT_EQ(stateOf(kUmid), "sent");
}

TEST_F(SandboxTest, timeBeginsAtOnceWhereTheSandboxHasAClock) {
  SandboxOptions options = unlimited();
  const auto clock = std::make_shared<FakeClock>();
  options.clock = clock;
  Sandbox sandbox(options);
  sandbox.addMessage(story());
  clock->advance(1s);
  EXPECT_EQ(stateOf(sandbox, kUmid), "sent");
}

TEST_F(SandboxTest, timeCanBeginWithTheFirstLook) {
  SandboxMessage message = story();
  message.fromFirstLook = true;
  sandbox_.addMessage(message);
  stateOf(Sandbox::kQueued);
  clock_.advance(1h);
  EXPECT_EQ(stateOf(kUmid), "queued");
  clock_.advance(1s);
  EXPECT_EQ(stateOf(kUmid), "sent");
}

TEST_F(SandboxTest, aMessageCanBeOldAlready) {
  SandboxMessage message = story();
  message.age = 10s;
  sandbox_.addMessage(message);
  const MessageDetails records = details(kUmid);
  EXPECT_EQ(records[0].status.state, State::Undelivered);
  EXPECT_EQ(records[0].createdAt.time(), FakeClock::kFirstDate - 10s);
  EXPECT_EQ(records[0].status.timestamp->time(), FakeClock::kFirstDate);
}

TEST_F(SandboxTest, timelinesCanRunFaster) {
  SandboxOptions options = unlimited();
  options.speed = 10;
  Sandbox sandbox(options);
  sandbox.addMessage(story());
  EXPECT_EQ(stateOf(sandbox, kUmid), "queued");
  clock_.advance(999ms);
  EXPECT_EQ(stateOf(sandbox, kUmid), "sent");
  clock_.advance(1ms);
  const MessageDetails records = details(sandbox, kUmid);
  EXPECT_EQ(records[0].status.state, State::Undelivered);
  EXPECT_EQ(records[0].status.timestamp->time(), clock_.utcNow());
}

TEST_F(SandboxTest, aMessageThatHasNotBegunIsNotFound) {
  SandboxMessage message = story();
  message.steps[0].events[0].at = 1s;
  sandbox_.addMessage(message);
  EXPECT_EQ(ask(requestFor("sandbox", kUmid)).status, 404);
  clock_.advance(1s);
  EXPECT_EQ(ask(requestFor("sandbox", kUmid)).status, 200);
}

TEST_F(SandboxTest, theMaskCanBeLifted) {
  SandboxOptions options = unlimited();
  options.maskPersonalData = false;
  Sandbox sandbox(options);
  const MessageDetails records = details(sandbox, Sandbox::kDeliveredBySms);
  EXPECT_EQ(records[0].user->msisdn, "+639221101234");
  EXPECT_EQ(records[0].content, "Your code is 1234");
}

TEST_F(SandboxTest, whatAMessageLacksIsAbsent) {
  SandboxMessage message = story();
  message.country = message.msisdn = message.content = std::nullopt;
  message.steps = {{Channel(std::string("Telegram")), {{0s}}}};
  sandbox_.addMessage(message);
  const MessageDetails records = details(kUmid);
  EXPECT_EQ(records[0].channel.text(), "Telegram");
  EXPECT_EQ(records[0].status.state.text(), "");
  EXPECT_FALSE(records[0].country || records[0].user || records[0].content || records[0].clientMessageId);
}

TEST_F(SandboxTest, aUmidIsFoundInEitherCase) {
  sandbox_.addMessage(story());
  EXPECT_EQ(details("0123ABCD-0000-4000-8000-00000000000F")[0].umid, kUmid);
}

TEST_F(SandboxTest, addingAUmidAgainReplacesTheMessage) {
  sandbox_.addMessage(story());
  stateOf(kUmid);
  clock_.advance(1h);
  sandbox_.addMessage(story());
  EXPECT_EQ(stateOf(kUmid), "queued");
}

TEST_F(SandboxTest, makesUpUmids) {
  SandboxMessage message = story();
  message.umid.clear();
  const std::string first = sandbox_.addMessage(message);
  const std::string second = sandbox_.addMessage(message);
  EXPECT_NE(first, second);
  EXPECT_EQ(details(second)[0].umid, second);
}

TEST_F(SandboxTest, tellsItsBuiltInMessages) {
  const auto list = Sandbox::builtIns();
  EXPECT_EQ(list.size(), 9U);
  for (const auto& [umid, what] : list) {
    EXPECT_FALSE(what.empty());
    EXPECT_FALSE(details(umid).empty()) << what;
  }
}

TEST_F(SandboxTest, theBuiltInMessagesTellTheirStories) {
  EXPECT_EQ(stateOf(Sandbox::kDeliveredOnWhatsApp), "delivered");
  EXPECT_EQ(stateOf(Sandbox::kReadOnWhatsApp), "read");
  EXPECT_EQ(stateOf(Sandbox::kDeliveredBySms), "delivered");
  EXPECT_EQ(stateOf(Sandbox::kQueued), "queued");
  EXPECT_EQ(stateOf(Sandbox::kFailed), "failed");
  EXPECT_EQ(stateOf(Sandbox::kUndelivered), "undelivered");
  const MessageDetails fallback = details(Sandbox::kFallbackToSms);
  ASSERT_EQ(fallback.size(), 2U);
  EXPECT_EQ(fallback[0].channel, Channel::Viber);
  EXPECT_EQ(fallback[0].status.state, State::Undelivered);
  EXPECT_EQ(fallback[1].channel, Channel::SMS);
  EXPECT_EQ(fallback[1].status.state, State::Delivered);
}

TEST_F(SandboxTest, theLiveMessagesBeginWhenTheyAreAskedFor) {
  stateOf(Sandbox::kQueued);
  clock_.advance(24h);
  EXPECT_EQ(stateOf(Sandbox::kQueued), "delivered");
  EXPECT_EQ(stateOf(Sandbox::kLiveReadOnWhatsApp), "queued");
  EXPECT_EQ(stateOf(Sandbox::kLiveFallbackToSms), "queued");
  clock_.advance(3s);
  EXPECT_EQ(stateOf(Sandbox::kLiveReadOnWhatsApp), "delivered");
  clock_.advance(12s);
  EXPECT_EQ(details(Sandbox::kLiveFallbackToSms).size(), 2U);
  EXPECT_EQ(stateOf(Sandbox::kLiveFallbackToSms), "delivered");
  clock_.advance(5s);
  EXPECT_EQ(stateOf(Sandbox::kLiveReadOnWhatsApp), "read");
}

TEST_F(SandboxTest, canBeWithoutBuiltInMessages) {
  SandboxOptions options = unlimited();
  options.builtInMessages = false;
  Sandbox sandbox(options);
  EXPECT_EQ(ask(sandbox, requestFor("sandbox", Sandbox::kQueued)).status, 404);
}

TEST_F(SandboxTest, theSameSeedAndClockGiveTheSameBytes) {
  const auto bytes = [](std::uint64_t seed) {
    SandboxOptions options;
    options.seed = seed;
    Sandbox sandbox(options);
    FakeClock clock;
    SandboxMessage message = story();
    message.umid.clear();
    const std::string umid = sandbox.addMessage(message);
    std::string all;
    for (const std::string& asked : {umid, umid, std::string(kUmid)}) {
      all += sandbox.send(requestFor("sandbox", asked), clock).response.body;
      clock.advance(700ms);
    }
    return all;
  };
  EXPECT_EQ(bytes(7), bytes(7));
  EXPECT_NE(bytes(7), bytes(8));
}

TEST_F(SandboxTest, aTenDayStoryTakesNoTime) {
  SandboxMessage message = story();
  message.steps[1].events.push_back({240h, State::Read});
  sandbox_.addMessage(message);
  std::vector<std::string> states;
  const auto start = clock_.now();
  while (clock_.now() <= start + 240h) {
    const std::string state = stateOf(kUmid);
    if (states.empty() || states.back() != state) states.push_back(state);
    clock_.advance(10min);
  }
  EXPECT_THAT(states, ElementsAre("queued", "delivered", "read"));
}

TEST_F(SandboxTest, refusesMessagesThatCanNotBe) {
  SandboxMessage message = story();
  EXPECT_EQ(flawOf(message), "none");
  message.umid = "123";
  EXPECT_THAT(flawOf(message), HasSubstr("at /umid must be a UUID"));
  message = story();
  message.subAccountId = "a/b";
  EXPECT_THAT(flawOf(message), HasSubstr("at /subAccountId must be 3 to 50"));
  message = story();
  message.steps.clear();
  EXPECT_THAT(flawOf(message), HasSubstr("at /steps must have at least one step"));
  message = story();
  message.steps[1].events.clear();
  EXPECT_THAT(flawOf(message), HasSubstr("at /steps/1/events must have at least one event"));
  message = story();
  message.steps[0].events[2].at = 500ms;
  EXPECT_THAT(flawOf(message), HasSubstr("at /steps/0/events/2/at must not be earlier than the event before"));
  message.steps[0].events[2].at = -1s;
  EXPECT_THAT(flawOf(message), HasSubstr("at /steps/0/events/2/at must be from 0 to 365 days"));
  message = story();
  message.age = Clock::duration::max();
  EXPECT_THAT(flawOf(message), HasSubstr("at /age must be from 0 to 365 days"));
}
