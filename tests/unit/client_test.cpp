// Synchronous calls: what is sent, what comes back, what is retried.
#include <stdexcept>

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
  EXPECT_EQ(log->calls().back().attempts, 0);
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

TEST_F(SyncClient, aCallsHeaderStandsInForTheClientsOfThatName) {
  ClientOptions traced = options();
  traced.headers = {{"X-Trace", "client"}, {"X-App", "a"}};
  CallOptions call;
  call.headers = {{"x-trace", "call"}};
  ChatAppsClient(traced).getMessageDetails(kSubAccount, umid(1), call);
  EXPECT_EQ(server->seen()[0].header("x-trace"), "call");
  EXPECT_EQ(server->seen()[0].header("X-Trace"), "");
  EXPECT_EQ(server->seen()[0].header("X-App"), "a");
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

TEST_F(SyncClient, aTransportMayCallTheClientInTurn) {
  const ChatAppsClient client(options());
  server->answers([&](const Server::Seen& seen) {
    if (seen.number == 1) {
      EXPECT_EQ(client.getMessageDetails(kSubAccount, umid(2)).at(0).umid, umid(2));
    }
    return Server::found(seen);
  });
  EXPECT_EQ(client.getMessageDetails(kSubAccount, umid(1)).at(0).umid, umid(1));
  ASSERT_EQ(server->count(), 2u);
  EXPECT_GE(arrivals().back(), 1s);
}

TEST_F(SyncClient, row28_theLimitOfABodyHoldsForATransportOfTheUsersToo) {
  ClientOptions small = options();
  small.maxBodyBytes = 10;
  const auto tooLarge = caught<DecodeError>([&] { ChatAppsClient(small).getMessageDetails(kSubAccount, umid(1)); });
  EXPECT_NE(std::string(tooLarge.what()).find("larger than 10 bytes"), std::string::npos) << tooLarge.what();
  EXPECT_EQ(tooLarge.httpStatus(), 200);
  EXPECT_EQ(server->count(), 1u);
  server->answers([](const Server::Seen&) { return answer(400, "0123456789abc"); });
  EXPECT_EQ(caught<BadRequestError>([&] { ChatAppsClient(small).getMessageDetails(kSubAccount, umid(1)); }).body(),
            "0123456789");
}

TEST_F(SyncClient, aHandleThatWasMovedFromIsOneAllTheSame) {
  ChatAppsClient client(options());
  const ChatAppsClient other = std::move(client);
  // NOLINTNEXTLINE(bugprone-use-after-move): it is what is tested
  EXPECT_EQ(client.getMessageDetails(kSubAccount, umid(1)).size(), 1u);
  CancellationSource source;
  const CancellationSource same = std::move(source);
  source.cancel();  // NOLINT(bugprone-use-after-move)
  EXPECT_TRUE(same.isCancelled());
}

TEST_F(SyncClient, recordsOfAnotherMessageNeverReachTheCaller) {
  server->answers([](const Server::Seen& seen) {
    return seen.number == 1 ? answer(200, testing::ScriptedTransport::exampleBody(umid(999))) : Server::found(seen);
  });
  EXPECT_EQ(ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(1)).at(0).umid, umid(1));
  EXPECT_EQ(server->count(), 2u);
}

}  // namespace
}  // namespace chatapps
