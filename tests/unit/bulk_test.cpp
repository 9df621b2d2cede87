// Many messages in one go: outcomes, order, duplicates.
#include <atomic>
#include <map>
#include <thread>

#include "unit/bulk_fixture.hpp"

namespace chatapps {
namespace {

using Bulk = BulkFixture;

TEST_F(Bulk, row50_everyItemHasItsOutcome) {
  server->answers([](const Server::Seen& seen) {
    return seen.umid == umid(3) ? answer(404, R"({"errorId":"e-3"})") : Server::found(seen);
  });
  const BulkSummary summary = ChatAppsClient(options()).getMany(messages(5), keep());
  EXPECT_EQ(summary.succeeded, 4u);
  EXPECT_EQ(summary.failed, 1u);
  EXPECT_FALSE(summary.cancelled);
  EXPECT_FALSE(summary.unauthorized);
  ASSERT_EQ(results.size(), 5u);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(results[static_cast<std::size_t>(i)].ref.umid, umid(i)) << "one lane, one order";
  EXPECT_EQ(results[0].outcome.value().at(0).umid, umid(0));
  EXPECT_EQ(caught<NotFoundError>([&] { results[3].outcome.value(); }).errorId(), "e-3");
}

TEST_F(Bulk, anEmptySourceIsAnEmptyRun) {
  const BulkSummary summary = ChatAppsClient(options()).getMany(messages(0), keep());
  EXPECT_EQ(summary.succeeded + summary.failed, 0u);
}

TEST_F(Bulk, aThousandAtOneASecondDoNotTimeOut) {
  const BulkSummary summary = ChatAppsClient(options()).getMany(messages(1000), keep());
  EXPECT_EQ(summary.succeeded, 1000u);
  EXPECT_EQ(elapsed(), 999s);
}

TEST_F(Bulk, theTimeoutCountsFromTheTurnOfTheItem) {
  server->answers([](const Server::Seen& seen) { return seen.umid == umid(5) ? silence() : Server::found(seen); });
  BulkOptions bulk;
  bulk.timeout = 2s;
  const BulkSummary summary = ChatAppsClient(options()).getMany(messages(10), keep(), bulk);
  EXPECT_EQ(summary.succeeded, 9u);
  EXPECT_EQ(countOf<TimeoutError>(results), 1);
}

TEST_F(Bulk, anItemThatFailsEarlyIsTriedAgainBeforeTheLongQueueBehindIt) {
  server->answers([](const Server::Seen& seen) { return seen.number == 1 ? answer(503) : Server::found(seen); });
  const BulkSummary summary = ChatAppsClient(options()).getMany(messages(200), keep());
  EXPECT_EQ(summary.succeeded, 200u) << "its timeout of 30 s began with its first turn";
}

TEST_F(Bulk, subaccountsRunSideBySide) {
  int next = 0;
  const MessageSource source = [&]() -> std::optional<MessageRef> {
    if (next == 40) return std::nullopt;
    ++next;
    return MessageRef{"account" + std::to_string(next % 4), umid(next)};
  };
  EXPECT_EQ(ChatAppsClient(options()).getMany(source, keep()).succeeded, 40u);
  EXPECT_EQ(elapsed(), 9s);
}

TEST_F(Bulk, theSourceIsLookedIntoNoFurtherThanAllowed) {
  BulkOptions bulk;
  bulk.maxPending = 3;
  int taken = 0;
  int given = 0;
  const MessageSource source = [&]() -> std::optional<MessageRef> {
    EXPECT_LT(taken - given, 3);
    if (taken == 20) return std::nullopt;
    return MessageRef{kSubAccount, umid(taken++)};
  };
  ChatAppsClient(options()).getMany(
      source, [&](const BulkResult&) { ++given; }, bulk);
  EXPECT_EQ(given, 20);
}

TEST_F(Bulk, resultsComeWhileTheSourceTakesItsTime) {
  int taken = 0;
  const MessageSource source = [&]() -> std::optional<MessageRef> {
    clock->advance(10s);
    EXPECT_GE(static_cast<int>(results.size()), taken - 1);
    if (taken == 10) return std::nullopt;
    return MessageRef{kSubAccount, umid(taken++)};
  };
  EXPECT_EQ(ChatAppsClient(options()).getMany(source, keep()).succeeded, 10u);
}

TEST_F(Bulk, row50_duplicatesThatAreUnderWayAreFetchedOnce) {
  int next = 0;
  const MessageSource source = [&]() -> std::optional<MessageRef> {
    if (next == 30) return std::nullopt;
    std::string message = umid(next++ % 3);
    if (next % 2 == 0) message.replace(14, 1, "4");  // the same text
    return MessageRef{kSubAccount, message};
  };
  const BulkSummary summary = ChatAppsClient(options()).getMany(source, keep());
  EXPECT_EQ(summary.succeeded, 30u);
  EXPECT_LE(server->count(), 4u) << "the first may be over before its duplicate comes";
}

TEST_F(Bulk, duplicatesAreFoundWithoutRegardToCaseAndKeepTheirSpelling) {
  const std::vector<std::string> spellings{"abcdef00-0000-4000-8000-00000000000a",
                                           "ABCDEF00-0000-4000-8000-00000000000A"};
  std::size_t next = 0;
  ChatAppsClient client(options());
  client.getMessageDetails(kSubAccount, umid(0));
  const MessageSource source = [&]() -> std::optional<MessageRef> {
    return next < spellings.size() ? std::optional<MessageRef>({kSubAccount, spellings[next++]}) : std::nullopt;
  };
  client.getMany(source, keep());
  EXPECT_EQ(server->count(), 2u);
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].ref.umid, spellings[0]);
  EXPECT_EQ(results[1].ref.umid, spellings[1]);
}

TEST_F(Bulk, theSameMessageInAnotherSubaccountIsAnother) {
  std::vector<MessageRef> refs{{"one", umid(1)}, {"two", umid(1)}};
  std::size_t next = 0;
  const MessageSource source = [&]() -> std::optional<MessageRef> {
    return next < 2 ? std::optional(refs[next++]) : std::nullopt;
  };
  EXPECT_EQ(ChatAppsClient(options()).getMany(source, keep()).succeeded, 2u);
  EXPECT_EQ(server->count(), 2u);
}

TEST_F(Bulk, aBadItemIsAnOutcomeAndUsesNoSlot) {
  std::vector<MessageRef> refs{{kSubAccount, umid(1)}, {kSubAccount, "junk"}, {"..", umid(2)}, {kSubAccount, umid(3)}};
  std::size_t next = 0;
  const MessageSource source = [&]() -> std::optional<MessageRef> {
    return next < refs.size() ? std::optional(refs[next++]) : std::nullopt;
  };
  const BulkSummary summary = ChatAppsClient(options()).getMany(source, keep());
  EXPECT_EQ(summary.succeeded, 2u);
  EXPECT_EQ(countOf<InvalidArgumentError>(results), 2);
  EXPECT_EQ(arrivals(), (Durations{0s, 1s}));
}

TEST_F(Bulk, row50_aThousandWithFaultsAndDuplicatesEachHaveAnOutcome) {
  // Every tenth is unknown, every hundredth fails for good, and each is named twice in a row.
  server->answers([](const Server::Seen& seen) {
    const int number = std::stoi(seen.umid.substr(24));
    return number % 100 == 99 ? answer(501) : number % 10 == 0 ? answer(404) : Server::found(seen);
  });
  int taken = 0;
  std::map<std::string, int> told;
  const BulkSummary summary = ChatAppsClient(options()).getMany(
      [&]() -> std::optional<MessageRef> {
        if (taken == 1000) return std::nullopt;
        return MessageRef{kSubAccount, umid(taken++ / 2)};
      },
      [&](const BulkResult& result) {
        ++told[result.ref.umid];
        results.push_back(result);
      });
  EXPECT_EQ(results.size(), 1000u);
  EXPECT_EQ(told.size(), 500u);
  for (const auto& [message, times] : told) EXPECT_EQ(times, 2) << message;
  EXPECT_EQ(countOf<NotFoundError>(results), 100);
  EXPECT_EQ(countOf<ServerError>(results), 10);
  EXPECT_EQ(summary.succeeded, 890u);
  EXPECT_EQ(summary.failed, 110u);
  EXPECT_EQ(server->count(), 500u);
  EXPECT_EQ(elapsed(), 499s);
}

TEST_F(Bulk, row50_a401EndsTheRestWithoutSendingThem) {
  server->answers([](const Server::Seen& seen) {
    return seen.number == 3 ? answer(401, R"({"code":1200,"errorId":"e-401"})") : Server::found(seen);
  });
  const BulkSummary summary = ChatAppsClient(options()).getMany(messages(50), keep());
  EXPECT_EQ(server->count(), 3u);
  EXPECT_TRUE(summary.unauthorized);
  EXPECT_EQ(summary.succeeded, 2u);
  EXPECT_EQ(summary.failed, 48u);
  EXPECT_EQ(countOf<UnauthorizedError>(results), 48);
  const auto error = caught<UnauthorizedError>([&] { results.back().outcome.value(); });
  EXPECT_EQ(error.umid(), results.back().ref.umid) << "each error is about its own item";
  EXPECT_EQ(error.errorId(), "e-401");
  EXPECT_EQ(error.attempts(), 0);
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
}

TEST_F(Bulk, row50_whatWasUnderWayWhenTheKeyWasRefusedIsNotRetried) {
  server->answers([](const Server::Seen& seen) {
    if (seen.umid != umid(0)) return answer(401);
    Reply late = answer(503);
    late.after = 1s;
    return late;
  });
  int next = 0;
  const MessageSource source = [&]() -> std::optional<MessageRef> {
    if (next == 2) return std::nullopt;
    return MessageRef{next == 0 ? "first" : "second", umid(next++)};
  };
  EXPECT_TRUE(ChatAppsClient(options()).getMany(source, keep()).unauthorized);
  EXPECT_EQ(countOf<UnauthorizedError>(results), 2);
  EXPECT_EQ(server->count(), 2u);
}

TEST_F(Bulk, aRenewedKeyLetsTheRestGoOn) {
  std::vector<std::string> keys{"old", "new"};
  std::size_t asked = 0;
  ClientOptions rotating = options();
  rotating.apiKey = "";
  rotating.apiKeyProvider = [&] { return keys.at(asked++); };
  server->answers([](const Server::Seen& seen) {
    return seen.number <= 3 || seen.header("Authorization") == "Bearer new" ? Server::found(seen) : answer(401);
  });
  const BulkSummary summary = ChatAppsClient(rotating).getMany(messages(10), keep());
  EXPECT_EQ(summary.succeeded, 10u);
  EXPECT_FALSE(summary.unauthorized);
}

TEST_F(Bulk, headersOfTheRunAreSent) {
  BulkOptions bulk;
  bulk.headers = {{"X-Run", "nightly"}};
  ChatAppsClient(options()).getMany(messages(2), keep(), bulk);
  for (const Server::Seen& seen : server->seen()) EXPECT_EQ(seen.header("X-Run"), "nightly");
}

TEST_F(Bulk, itsItemsMayWaitInALaneThatIsFullForOthers) {
  ClientOptions narrow = options();
  narrow.pacing.maxWaiting = 5;
  const BulkSummary summary = ChatAppsClient(narrow).getMany(messages(20), keep());
  EXPECT_EQ(summary.succeeded, 20u);
}

TEST_F(Bulk, directCallsGoBeforeItsItems) {
  ClientOptions narrow = options();
  narrow.pacing.maxWaiting = 5;  // of direct calls: the items are many more
  const ChatAppsClient client(narrow);
  std::thread direct;
  std::atomic<bool> ended{false};
  client.getMany(messages(200), [&](const BulkResult& result) {
    if (result.ref.umid != umid(0)) return;
    const auto before = client.estimate(kSubAccount, 0);
    direct = std::thread([&] {
      EXPECT_NO_THROW(client.getMessageDetails(kSubAccount, umid(999)));
      ended = true;
    });
    while (client.estimate(kSubAccount, 0) == before && !ended) std::this_thread::yield();
  });
  direct.join();
  EXPECT_EQ(server->seen().at(1).umid, umid(999));
}

TEST_F(Bulk, directCallsOfOtherThreadsTakeTheirTurnAmongTheItems) {
  const ChatAppsClient client(options());
  std::thread direct;
  std::atomic<bool> asked{false};
  const BulkSummary summary = client.getMany(messages(50), [&](const BulkResult&) {
    if (asked.exchange(true)) return;
    direct = std::thread([&] {
      CallOptions patient;
      patient.timeout = 5min;
      client.getMessageDetails(kSubAccount, umid(999), patient);
    });
  });
  direct.join();
  EXPECT_EQ(summary.succeeded, 50u);
  const Durations times = arrivals();
  ASSERT_EQ(times.size(), 51u);
  for (std::size_t i = 1; i < times.size(); ++i) EXPECT_GE(times[i] - times[i - 1], 1s);
}

TEST_F(Bulk, aTransportThatCallsTheClientInTurnMayOutliveTheItemItSends) {
  ClientOptions brief = options();
  brief.timeout = 2s;
  const ChatAppsClient client(brief);
  server->answers([&](const Server::Seen& seen) {
    if (seen.number != 1)
      return answer(200, testing::ScriptedTransport::exampleBody(seen.umid), {}, seen.number == 2 ? 10s : 0s);
    CallOptions patient;
    patient.timeout = 30s;
    EXPECT_EQ(client.getMessageDetails("other", umid(9), patient).at(0).umid, umid(9));
    return Server::found(seen);
  });
  const BulkSummary summary = client.getMany(messages(5), keep());
  EXPECT_EQ(summary.succeeded, 4u);
  EXPECT_EQ(countOf<TimeoutError>(results), 1);
  EXPECT_EQ(server->count(), 6u);
}

}  // namespace
}  // namespace chatapps
