// What ends a call early: its deadline and its cancellation, in every phase.
#include <thread>

#include "unit/client_fixture.hpp"

namespace chatapps {
namespace {

using ClientDeadline = ClientFixture;

TEST_F(ClientDeadline, silenceEndsAtTheDeadline) {
  server->answers([](const Server::Seen&) { return silence(); });
  const auto error = caught<TimeoutError>([&] { ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(1)); });
  EXPECT_EQ(elapsed(), 30s);
  EXPECT_FALSE(error.wouldWait());
  EXPECT_EQ(error.attempts(), 1);
  EXPECT_EQ(error.delivery(), Delivery::MaybeSent);
}

TEST_F(ClientDeadline, anAnswerThatComesLateIsTheDeadlines) {
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

TEST_F(ClientDeadline, aSlotBeyondTheDeadlineFailsAtOnce) {
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

TEST_F(ClientDeadline, aRetryThatDoesNotFitIsTheLastError) {
  server->answers([](const Server::Seen&) { return answer(503); });
  CallOptions hasty;
  hasty.timeout = 400ms;
  const auto error =
      caught<ServerError>([&] { ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(1), hasty); });
  EXPECT_EQ(error.attempts(), 1);
  EXPECT_EQ(elapsed(), 0s);
}

TEST_F(ClientDeadline, aRetryWhoseSlotDoesNotFitIsTheLastErrorToo) {
  server->answers([](const Server::Seen&) { return answer(503); });
  CallOptions hasty;
  hasty.timeout = 900ms;  // the backoff of 500 ms fits, the slot of 1 s does not
  caught<ServerError>([&] { ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(1), hasty); });
  EXPECT_LT(elapsed(), 900ms);
}

TEST_F(ClientDeadline, aCallThatIsCancelledBeforeItBeginsSendsNothing) {
  const CancellationSource source;
  source.cancel();
  CallOptions call;
  call.cancellation = source.token();
  const auto error =
      caught<CancelledError>([&] { ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(1), call); });
  EXPECT_EQ(error.attempts(), 0);
  EXPECT_EQ(server->count(), 0u);
}

TEST_F(ClientDeadline, aCallThatIsCancelledInTheQueueLeavesItsSlotToTheNext) {
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

TEST_F(ClientDeadline, aCallThatIsCancelledInFlightSaysThatItMayHaveBeenSent) {
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

TEST_F(ClientDeadline, aCallThatIsCancelledBetweenAttemptsEndsAtOnce) {
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

}  // namespace
}  // namespace chatapps
