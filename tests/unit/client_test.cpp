// Synchronous calls on virtual time: pacing, retries, deadlines, cancellation.
#include <stdexcept>
#include <thread>

#include "unit/client_fixture.hpp"

namespace chatapps {
namespace {

using SyncClient = ClientFixture;

TEST_F(SyncClient, givesTheRecordsOfTheMessage) {
  const ChatAppsClient client(options());
  const MessageDetails details = client.getMessageDetails(kSubAccount, umid(1));
  ASSERT_EQ(details.size(), 1u);
  EXPECT_EQ(details[0].umid, umid(1));
  EXPECT_EQ(details[0].channel, Channel::WhatsApp);
  ASSERT_EQ(server->count(), 1u);
  const Server::Seen seen = server->seen()[0];
  EXPECT_EQ(seen.request.url, "https://chatapps.8x8.com/api/v1/subaccounts/sub_account_id/messages/" + umid(1));
  EXPECT_EQ(seen.header("Authorization"), std::string("Bearer ") + support::kCanaryKey);
  EXPECT_EQ(elapsed(), 0s);
}

TEST_F(SyncClient, theSecondCallGoesASecondAfterTheFirst) {
  const ChatAppsClient client(options());
  for (int i = 0; i < 3; ++i) client.getMessageDetails(kSubAccount, umid(i));
  EXPECT_EQ(arrivals(), (Durations{0s, 1s, 2s}));
}

TEST_F(SyncClient, aSlotThatWasNotUsedIsNoCredit) {
  const ChatAppsClient client(options());
  client.getMessageDetails(kSubAccount, umid(1));
  clock->advance(10s);
  for (int i = 0; i < 3; ++i) client.getMessageDetails(kSubAccount, umid(i));
  EXPECT_EQ(arrivals(), (Durations{0s, 10s, 11s, 12s}));
}

TEST_F(SyncClient, subaccountsDoNotWaitForEachOther) {
  const ChatAppsClient client(options());
  for (const char* account : {"first", "second", "third"}) client.getMessageDetails(account, umid(1));
  EXPECT_EQ(arrivals(), (Durations{0s, 0s, 0s}));
}

TEST_F(SyncClient, theRateAndTheMarginAreOptions) {
  ClientOptions fast = options();
  fast.pacing.requestsPerSecond = 50;
  fast.pacing.margin = 5ms;
  const ChatAppsClient client(fast);
  for (int i = 0; i < 3; ++i) client.getMessageDetails(kSubAccount, umid(i));
  EXPECT_EQ(arrivals(), (Durations{0ms, 25ms, 50ms}));
}

TEST_F(SyncClient, pacingCanBeOff) {
  ClientOptions unpaced = options();
  unpaced.pacing = Pacing::off();
  const ChatAppsClient client(unpaced);
  for (int i = 0; i < 100; ++i) client.getMessageDetails(kSubAccount, umid(i));
  EXPECT_EQ(elapsed(), 0s);
  EXPECT_EQ(client.estimate(kSubAccount, 1000), 0ms);
}

TEST_F(SyncClient, clientsOfOneHostShareTheLaneWhateverTheirKey) {
  ClientOptions other = options();
  other.apiKey = "another-key";
  const ChatAppsClient first(options());
  const ChatAppsClient second(other);
  first.getMessageDetails(kSubAccount, umid(1));
  second.getMessageDetails(kSubAccount, umid(1));
  first.getMessageDetails(kSubAccount, umid(1));
  EXPECT_EQ(arrivals(), (Durations{0s, 1s, 2s}));
}

TEST_F(SyncClient, hostsDoNotWaitForEachOther) {
  ClientOptions other = options();
  other.region = Region::Europe;
  ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(1));
  ChatAppsClient(other).getMessageDetails(kSubAccount, umid(1));
  EXPECT_EQ(elapsed(), 0s);
  EXPECT_EQ(server->seen()[1].request.url.substr(0, 24), "https://chatapps.8x8.uk/");
}

TEST_F(SyncClient, aClockThatIsNewKnowsNothingOfTheLanesOfAnother) {
  for (int round = 0; round < 20; ++round) {
    ClientOptions fresh = options();
    fresh.clock = std::make_shared<testing::FakeClock>();
    const auto begin = fresh.clock->now();
    for (int i = 0; i < 3; ++i) ChatAppsClient(fresh).getMessageDetails(kSubAccount, umid(i));
    EXPECT_EQ(fresh.clock->now() - begin, 2s) << round;
  }
}

TEST_F(SyncClient, aGatewaysErrorIsRetriedWithASlotOfItsOwn) {
  server->answers([](const Server::Seen& seen) { return seen.number < 3 ? answer(503) : Server::found(seen); });
  const ChatAppsClient client(options());
  EXPECT_EQ(client.getMessageDetails(kSubAccount, umid(1)).size(), 1u);
  EXPECT_EQ(arrivals(), (Durations{0s, 1s, 2s})) << "the backoff of 0.5 and 1 s is shorter than or as long as the slot";
}

TEST_F(SyncClient, theServersRetryAfterIsKept) {
  server->answers([](const Server::Seen& seen) {
    return seen.number == 1 ? answer(503, "", {{"Retry-After", "7"}}) : Server::found(seen);
  });
  ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(1));
  EXPECT_EQ(arrivals(), (Durations{0s, 7s}));
}

TEST_F(SyncClient, exhaustedRetriesTellAttemptsAndDelivery) {
  server->answers([](const Server::Seen&) { return answer(503, R"({"errorId":"e-7"})"); });
  const ChatAppsClient client(options());
  const auto error = caught<ServerError>([&] { client.getMessageDetails(kSubAccount, umid(1)); });
  EXPECT_EQ(error.attempts(), 4);
  EXPECT_EQ(error.delivery(), Delivery::Answered);
  EXPECT_EQ(error.umid(), umid(1));
  EXPECT_EQ(error.errorId(), "e-7");
  EXPECT_EQ(server->count(), 4u);
}

TEST_F(SyncClient, theRetryBudgetIsTheClients) {
  server->answers([](const Server::Seen&) { return answer(503); });
  const ChatAppsClient client(options());
  int attempts = 0;
  for (int i = 0; i < 10; ++i) {
    attempts += caught<ServerError>([&] { client.getMessageDetails(kSubAccount, umid(i)); }).attempts();
  }
  EXPECT_EQ(attempts, 10 + 10) << "ten tokens for ten calls";
}

TEST_F(SyncClient, a429HoldsTheLaneAndTheCallGoesAgain) {
  server->answers([](const Server::Seen& seen) {
    return seen.number == 1 ? answer(429, "", {{"Retry-After", "5"}}) : Server::found(seen);
  });
  const ChatAppsClient client(options());
  client.getMessageDetails(kSubAccount, umid(1));
  client.getMessageDetails("another", umid(2));
  EXPECT_EQ(arrivals(), (Durations{0s, 5s, 5s}));
}

TEST_F(SyncClient, a429BeyondTheDeadlineFailsAtOnceAndHoldsTheLaneForAMinuteAtMost) {
  server->answers([](const Server::Seen& seen) {
    return seen.number == 1 ? answer(429, "", {{"Retry-After", "86400"}}) : Server::found(seen);
  });
  const ChatAppsClient client(options());
  const auto error = caught<RateLimitError>([&] { client.getMessageDetails(kSubAccount, umid(1)); });
  EXPECT_EQ(error.retryAfter(), 86400s);
  EXPECT_EQ(elapsed(), 0s);
  EXPECT_TRUE(caught<TimeoutError>([&] { client.getMessageDetails(kSubAccount, umid(2)); }).wouldWait());
  CallOptions patient;
  patient.timeout = 5min;
  client.getMessageDetails(kSubAccount, umid(3), patient);
  EXPECT_EQ(arrivals(), (Durations{0s, 60s}));
}

TEST_F(SyncClient, aStormOf429sIsOneRequestASecondAtMostAndEndsFast) {
  server->answers([](const Server::Seen&) { return answer(429, "", {{"Retry-After", "0"}}); });
  const ChatAppsClient client(options());
  CallOptions patient;
  patient.timeout = 1h;
  for (int i = 0; i < 20; ++i) caught<RateLimitError>([&] { client.getMessageDetails(kSubAccount, umid(i), patient); });
  const Durations times = arrivals();
  for (std::size_t i = 1; i < times.size(); ++i) EXPECT_GE(times[i] - times[i - 1], 1s);
  EXPECT_EQ(times.size(), 20u + 10u) << "with an empty budget a call ends with its first 429";
}

TEST_F(SyncClient, silenceEndsAtTheDeadline) {
  server->answers([](const Server::Seen&) { return silence(); });
  const auto error = caught<TimeoutError>([&] { ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(1)); });
  EXPECT_EQ(elapsed(), 30s);
  EXPECT_FALSE(error.wouldWait());
  EXPECT_EQ(error.attempts(), 1);
  EXPECT_EQ(error.delivery(), Delivery::MaybeSent);
}

TEST_F(SyncClient, anAnswerThatComesLateIsTheDeadlines) {
  server->answers([](const Server::Seen& seen) {
    Reply reply = Server::found(seen);
    reply.after = 2s;
    return reply;
  });
  const ChatAppsClient client(options());
  CallOptions hasty;
  hasty.timeout = 1999ms;
  caught<TimeoutError>([&] { client.getMessageDetails(kSubAccount, umid(1), hasty); });
  EXPECT_EQ(elapsed(), 1999ms);
  hasty.timeout = 10s;
  EXPECT_EQ(client.getMessageDetails(kSubAccount, umid(1), hasty).size(), 1u);
}

TEST_F(SyncClient, aSlotBeyondTheDeadlineFailsAtOnce) {
  const ChatAppsClient client(options());
  client.getMessageDetails(kSubAccount, umid(1));
  CallOptions hasty;
  hasty.timeout = 900ms;
  const auto error = caught<TimeoutError>([&] { client.getMessageDetails(kSubAccount, umid(2), hasty); });
  EXPECT_TRUE(error.wouldWait());
  EXPECT_EQ(error.attempts(), 0);
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_EQ(elapsed(), 0s);
  EXPECT_EQ(client.estimate(kSubAccount, 1), 1s) << "no slot was used";
}

TEST_F(SyncClient, aRetryThatDoesNotFitIsTheLastError) {
  server->answers([](const Server::Seen&) { return answer(503); });
  CallOptions hasty;
  hasty.timeout = 400ms;
  const auto error =
      caught<ServerError>([&] { ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(1), hasty); });
  EXPECT_EQ(error.attempts(), 1);
  EXPECT_EQ(elapsed(), 0s);
}

TEST_F(SyncClient, aRetryWhoseSlotDoesNotFitIsTheLastErrorToo) {
  server->answers([](const Server::Seen&) { return answer(503); });
  CallOptions hasty;
  hasty.timeout = 900ms;  // the backoff of 500 ms fits, the slot of 1 s does not
  caught<ServerError>([&] { ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(1), hasty); });
  EXPECT_LT(elapsed(), 900ms);
}

TEST_F(SyncClient, aFullLaneIsAnErrorAndNoMemory) {
  ClientOptions narrow = options();
  narrow.pacing.maxWaiting = 1;
  const ChatAppsClient client(narrow);
  client.getMessageDetails(kSubAccount, umid(1));
  std::thread waiting;
  {
    const Standstill still(clock);
    waiting = std::thread([&] { client.getMessageDetails(kSubAccount, umid(2)); });
    while (client.estimate(kSubAccount, 1) < 2s) std::this_thread::yield();
    EXPECT_TRUE(caught<TimeoutError>([&] { client.getMessageDetails(kSubAccount, umid(3)); }).wouldWait());
  }
  waiting.join();
}

TEST_F(SyncClient, aCallThatIsCancelledBeforeItBeginsSendsNothing) {
  const CancellationSource source;
  source.cancel();
  CallOptions call;
  call.cancellation = source.token();
  const auto error =
      caught<CancelledError>([&] { ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(1), call); });
  EXPECT_EQ(error.attempts(), 0);
  EXPECT_EQ(server->count(), 0u);
}

TEST_F(SyncClient, aCallThatIsCancelledInTheQueueLeavesItsSlotToTheNext) {
  const ChatAppsClient client(options());
  client.getMessageDetails(kSubAccount, umid(1));
  {
    const Standstill still(clock);
    const CancellationSource source;
    std::thread waiting([&] {
      CallOptions call;
      call.cancellation = source.token();
      const auto error = caught<CancelledError>([&] { client.getMessageDetails(kSubAccount, umid(2), call); });
      EXPECT_EQ(error.attempts(), 0);
      EXPECT_EQ(error.delivery(), Delivery::NotSent);
    });
    while (client.estimate(kSubAccount, 1) < 2s) std::this_thread::yield();
    source.cancel();
    waiting.join();
    EXPECT_EQ(elapsed(), 0s);
  }
  client.getMessageDetails(kSubAccount, umid(3));
  EXPECT_EQ(arrivals(), (Durations{0s, 1s}));
}

TEST_F(SyncClient, aCallThatIsCancelledInFlightSaysThatItMayHaveBeenSent) {
  const CancellationSource source;
  std::thread canceller;
  server->answers([&](const Server::Seen&) {
    canceller = std::thread([&] { source.cancel(); });
    return silence();
  });
  const Standstill still(clock);
  CallOptions call;
  call.cancellation = source.token();
  const auto error =
      caught<CancelledError>([&] { ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(1), call); });
  canceller.join();
  EXPECT_EQ(error.attempts(), 1);
  EXPECT_EQ(error.delivery(), Delivery::MaybeSent);
}

TEST_F(SyncClient, aCallThatIsCancelledBetweenAttemptsEndsAtOnce) {
  const CancellationSource source;
  std::thread canceller;
  server->answers([&](const Server::Seen&) {
    canceller = std::thread([&] { source.cancel(); });
    return answer(503, "", {{"Retry-After", "20"}});
  });
  const Standstill still(clock);
  CallOptions call;
  call.cancellation = source.token();
  const auto error =
      caught<CancelledError>([&] { ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(1), call); });
  canceller.join();
  EXPECT_EQ(elapsed(), 0s);
  EXPECT_EQ(error.umid(), umid(1));
}

TEST_F(SyncClient, badArgumentsSendNothingAndUseNoSlot) {
  const ChatAppsClient client(options());
  EXPECT_EQ(caught<InvalidArgumentError>([&] { client.getMessageDetails("..", umid(1)); }).argument(), "subAccountId");
  EXPECT_EQ(caught<InvalidArgumentError>([&] { client.getMessageDetails(kSubAccount, "x"); }).argument(), "umid");
  for (const auto timeout : {0ms, -1ms, std::chrono::milliseconds(INT64_MAX), std::chrono::milliseconds(INT64_MIN)}) {
    CallOptions call;
    call.timeout = timeout;
    EXPECT_EQ(caught<InvalidArgumentError>([&] { client.getMessageDetails(kSubAccount, umid(1), call); }).argument(),
              "timeout");
  }
  CallOptions call;
  call.headers = {{"Host", "evil"}};
  EXPECT_EQ(caught<InvalidArgumentError>([&] { client.getMessageDetails(kSubAccount, umid(1), call); }).argument(),
            "headers");
  EXPECT_EQ(caught<InvalidArgumentError>([&] { client.estimate("", 1); }).argument(), "subAccountId");
  EXPECT_EQ(server->count(), 0u);
  EXPECT_EQ(client.estimate(kSubAccount, 1), 0ms);
}

TEST_F(SyncClient, badOptionsAreRefusedAtConstruction) {
  const auto refused = [&](auto change) {
    ClientOptions bad = options();
    change(bad);
    return caught<InvalidArgumentError>([&] { ChatAppsClient{bad}; }).argument();
  };
  EXPECT_EQ(refused([](ClientOptions& o) { o.apiKey = ""; }), "apiKey");
  EXPECT_EQ(refused([](ClientOptions& o) { o.apiKey = "a\r\nb"; }), "apiKey");
  EXPECT_EQ(refused([](ClientOptions& o) { o.baseUrl = "http://chatapps.8x8.com"; }), "baseUrl");
  EXPECT_EQ(refused([](ClientOptions& o) { o.timeout = 0ms; }), "timeout");
  EXPECT_EQ(refused([](ClientOptions& o) { o.region = static_cast<Region>(-1); }), "region");
}

TEST_F(SyncClient, aRotatedKeyIsAskedForAfterA401) {
  std::vector<std::string> keys{"old", "new"};
  std::size_t asked = 0;
  ClientOptions rotating = options();
  rotating.apiKey = "";
  rotating.apiKeyProvider = [&] { return keys.at(asked++); };
  server->answers([](const Server::Seen& seen) {
    return seen.header("Authorization") == "Bearer new" ? Server::found(seen) : answer(401);
  });
  const ChatAppsClient client(rotating);
  client.getMessageDetails(kSubAccount, umid(1));
  EXPECT_EQ(arrivals(), (Durations{0s, 1s})) << "with a slot of its own";
  client.getMessageDetails(kSubAccount, umid(2));
  EXPECT_EQ(asked, 2u);
  EXPECT_EQ(server->count(), 3u);
}

TEST_F(SyncClient, aProviderThatFailsIsATypedErrorAndTheSlotIsFree) {
  ClientOptions failing = options();
  failing.apiKey = "";
  failing.apiKeyProvider = []() -> std::string { throw std::runtime_error("vault is sealed"); };
  const ChatAppsClient client(failing);
  EXPECT_EQ(caught<InvalidArgumentError>([&] { client.getMessageDetails(kSubAccount, umid(1)); }).argument(),
            "apiKeyProvider");
  EXPECT_EQ(client.estimate(kSubAccount, 1), 0ms);
  EXPECT_EQ(server->count(), 0u);
}

TEST_F(SyncClient, aCallsHeadersAreItsOwn) {
  ClientOptions traced = options();
  traced.headers = {{"X-App", "a"}};
  const ChatAppsClient client(traced);
  CallOptions call;
  call.headers = {{"X-Trace", "t"}};
  client.getMessageDetails(kSubAccount, umid(1), call);
  client.getMessageDetails(kSubAccount, umid(2));
  EXPECT_EQ(server->seen()[0].header("X-App") + server->seen()[0].header("X-Trace"), "at");
  EXPECT_EQ(server->seen()[1].header("X-App") + server->seen()[1].header("X-Trace"), "a");
}

TEST_F(SyncClient, aRedirectIsAnErrorAndNotFollowed) {
  server->answers([](const Server::Seen&) { return answer(302, "", {{"Location", "https://evil.example/"}}); });
  EXPECT_EQ(caught<ApiError>([&] { ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(1)); }).httpStatus(),
            302);
  EXPECT_EQ(server->count(), 1u);
}

TEST_F(SyncClient, aTransportThatThrowsIsATransportErrorThatMayHaveSent) {
  server->answers([](const Server::Seen&) -> Reply { throw std::runtime_error("boom"); });
  const auto error = caught<TransportError>([&] { ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(1)); });
  EXPECT_EQ(error.delivery(), Delivery::MaybeSent);
  EXPECT_EQ(error.attempts(), 4);
}

TEST_F(SyncClient, recordsOfAnotherMessageNeverReachTheCaller) {
  server->answers([](const Server::Seen& seen) {
    return seen.number == 1 ? answer(200, testing::ScriptedTransport::exampleBody(umid(999))) : Server::found(seen);
  });
  EXPECT_EQ(ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(1)).at(0).umid, umid(1));
  EXPECT_EQ(server->count(), 2u);
}

TEST_F(SyncClient, aWallClockThatJumpsChangesNothing) {
  const ChatAppsClient client(options());
  client.getMessageDetails(kSubAccount, umid(1));
  clock->setUtcNow(testing::FakeClock::kFirstDate - 1h);
  client.getMessageDetails(kSubAccount, umid(2));
  clock->setUtcNow(testing::FakeClock::kFirstDate + 1h);
  client.getMessageDetails(kSubAccount, umid(3));
  EXPECT_EQ(arrivals(), (Durations{0s, 1s, 2s}));
}

TEST_F(SyncClient, theEstimateCountsThoseThatWait) {
  const ChatAppsClient client(options());
  EXPECT_EQ(client.estimate(kSubAccount, 0), 0ms);
  EXPECT_EQ(client.estimate(kSubAccount, 1), 0ms);
  EXPECT_EQ(client.estimate(kSubAccount, 1001), 1000s);
  client.getMessageDetails(kSubAccount, umid(1));
  EXPECT_EQ(client.estimate(kSubAccount, 1), 1s);
  EXPECT_GT(client.estimate(kSubAccount, SIZE_MAX), 24h);
}

TEST_F(SyncClient, aDayOfCallsTakesAMoment) {
  const ChatAppsClient client(options());
  CallOptions patient;
  patient.timeout = 24h;
  for (int i = 0; i < 2000; ++i) client.getMessageDetails(kSubAccount, umid(i), patient);
  EXPECT_EQ(elapsed(), 1999s);
}

TEST_F(SyncClient, threadsTakeTurnsInTheOrderInWhichTheyCame) {
  const ChatAppsClient client(options());
  client.getMessageDetails(kSubAccount, umid(0));
  std::vector<std::thread> threads;
  {
    const Standstill still(clock);
    for (int i = 1; i <= 8; ++i) {
      threads.emplace_back([&client, i] { client.getMessageDetails(kSubAccount, umid(i)); });
      while (client.estimate(kSubAccount, 1) < std::chrono::seconds(i + 1)) std::this_thread::yield();
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(arrivals(), (Durations{0s, 1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s}));
  for (int i = 0; i <= 8; ++i) EXPECT_EQ(askedFor()[static_cast<std::size_t>(i)], umid(i));
}

}  // namespace
}  // namespace chatapps
