// What ends a bulk run, and what its source and sink may do.
#include <atomic>
#include <stdexcept>
#include <thread>

#include "unit/bulk_fixture.hpp"

namespace chatapps {
namespace {

using BulkEnd = BulkFixture;

TEST_F(BulkEnd, row50_aCancelledRunKeepsWhatIsFinished) {
  const CancellationSource source;
  BulkOptions bulk;
  bulk.cancellation = source.token();
  bulk.maxPending = 20;
  const BulkSummary summary = ChatAppsClient(options()).getMany(
      messages(1000),
      [&](const BulkResult& result) {
        results.push_back(result);
        if (results.size() == 10) source.cancel();
      },
      bulk);
  EXPECT_TRUE(summary.cancelled);
  EXPECT_EQ(summary.succeeded, 10u);
  EXPECT_EQ(summary.failed, results.size() - 10)
      << "what was taken from the source has an outcome, the rest was not taken";
  EXPECT_EQ(countOf<CancelledError>(results), static_cast<int>(summary.failed));
  EXPECT_LE(results.size(), 30u);
  EXPECT_EQ(elapsed(), 9s);
}

TEST_F(BulkEnd, aRunThatIsCancelledBeforeItBeginsAsksForNothing) {
  const CancellationSource source;
  source.cancel();
  BulkOptions bulk;
  bulk.cancellation = source.token();
  const BulkSummary summary =
      ChatAppsClient(options()).getMany([]() -> std::optional<MessageRef> { throw 7; }, keep(), bulk);
  EXPECT_TRUE(summary.cancelled);
  EXPECT_TRUE(results.empty());
}

TEST_F(BulkEnd, anotherThreadMayCancelWhileAllWait) {
  const CancellationSource source;
  server->answers([](const Server::Seen&) { return silence(); });
  BulkOptions bulk;
  bulk.cancellation = source.token();
  std::atomic<int> taken{0};
  const Standstill still(clock);
  std::thread canceller([&] {
    while (taken <= 100) std::this_thread::yield();
    source.cancel();
  });
  const MessageSource messages = [&]() -> std::optional<MessageRef> {
    const int number = taken++;
    return number < 100 ? std::optional<MessageRef>({kSubAccount, umid(number)}) : std::nullopt;
  };
  EXPECT_TRUE(ChatAppsClient(options()).getMany(messages, keep(), bulk).cancelled);
  canceller.join();
  EXPECT_EQ(countOf<CancelledError>(results), 100);
}

TEST_F(BulkEnd, whatTheSourceThrowsComesOutAndEveryCallIsSeenToEnd) {
  const ChatAppsClient client(options());
  int taken = 0;
  const MessageSource source = [&]() -> std::optional<MessageRef> {
    if (taken == 5) throw std::domain_error("mine");
    return MessageRef{kSubAccount, umid(taken++)};
  };
  EXPECT_THROW(client.getMany(source, keep()), std::domain_error);
  EXPECT_EQ(log->calls().size(), 5u);
  EXPECT_LE(client.estimate(kSubAccount, 1), 1s) << "nobody holds a place";
}

TEST_F(BulkEnd, whatTheSinkThrowsComesOutAndTheLaneIsFree) {
  const ChatAppsClient client(options());
  int given = 0;
  const BulkSink sink = [&](const BulkResult&) {
    if (++given == 3) throw std::domain_error("mine");
  };
  EXPECT_THROW(client.getMany(messages(100), sink), std::domain_error);
  EXPECT_EQ(given, 3);
  EXPECT_LE(client.estimate(kSubAccount, 1), 1s);
  EXPECT_NO_THROW(client.getMessageDetails(kSubAccount, umid(7)));
}

TEST_F(BulkEnd, sourceAndSinkRunOnTheCallersThread) {
  const auto here = std::this_thread::get_id();
  int next = 0;
  ChatAppsClient(options()).getMany(
      [&]() -> std::optional<MessageRef> {
        EXPECT_EQ(std::this_thread::get_id(), here);
        return next < 3 ? std::optional<MessageRef>({kSubAccount, umid(next++)}) : std::nullopt;
      },
      [&](const BulkResult&) { EXPECT_EQ(std::this_thread::get_id(), here); });
}

TEST_F(BulkEnd, theSinkMayMakeCallsInOtherLanes) {
  const ChatAppsClient client(options());
  const BulkSummary summary = client.getMany(messages(3), [&](const BulkResult& result) {
    client.getMessageDetails("another", result.ref.umid);
    client.getMessageDetails("another", result.ref.umid);
  });
  EXPECT_EQ(summary.succeeded, 3u);
  EXPECT_EQ(server->count(), 9u);
}

TEST_F(BulkEnd, sourceAndSinkMayMakeCallsInTheLaneOfTheRun) {
  const ChatAppsClient client(options());
  int next = 0;
  const BulkSummary summary = client.getMany(
      [&]() -> std::optional<MessageRef> {
        if (next == 10) return std::nullopt;
        client.getMessageDetails(kSubAccount, umid(100 + next));
        return MessageRef{kSubAccount, umid(next++)};
      },
      [&](const BulkResult& result) {
        EXPECT_TRUE(result.outcome.ok());
        client.getMessageDetails(kSubAccount, umid(200));
      });
  EXPECT_EQ(summary.succeeded, 10u);
  EXPECT_EQ(elapsed(), 29s);
}

TEST_F(BulkEnd, aRunThatIsCancelledWhileItsSourceMakesACallEnds) {
  const ChatAppsClient client(options());
  const CancellationSource source;
  BulkOptions bulk;
  bulk.cancellation = source.token();
  int next = 0;
  const BulkSummary summary = client.getMany(
      [&]() -> std::optional<MessageRef> {
        if (next == 5) {
          source.cancel();
          client.getMessageDetails("another", umid(100));
        }
        return MessageRef{kSubAccount, umid(next++)};
      },
      keep(), bulk);
  EXPECT_TRUE(summary.cancelled);
  EXPECT_EQ(results.size(), 6u) << "the item that was on its way out of the source has an outcome too";
}

TEST_F(BulkEnd, row67_optionsThatCanNotWorkAreRefusedBeforeTheSourceIsAsked) {
  const ChatAppsClient client(options());
  const auto refused = [&](const MessageSource& source, const BulkSink& sink, const BulkOptions& bulk) {
    return caught<InvalidArgumentError>([&] { client.getMany(source, sink, bulk); }).argument();
  };
  const MessageSource never = []() -> std::optional<MessageRef> { throw 7; };
  EXPECT_EQ(refused(nullptr, keep(), {}), "source");
  EXPECT_EQ(refused(never, nullptr, {}), "sink");
  BulkOptions bulk;
  bulk.maxPending = 0;
  EXPECT_EQ(refused(never, keep(), bulk), "maxPending");
  bulk = {};
  bulk.timeout = 0ms;
  EXPECT_EQ(refused(never, keep(), bulk), "timeout");
  bulk = {};
  bulk.headers = {{"Host", "evil"}};
  EXPECT_EQ(refused(never, keep(), bulk), "headers");
}

}  // namespace
}  // namespace chatapps
