// Calls for one message that wait together share a request, and nothing else.
#include <deque>
#include <future>
#include <thread>

#include "unit/client_fixture.hpp"

namespace chatapps {
namespace {

class Sharing : public ClientFixture {
 protected:
  /// Starts a call that takes the first slot, so that those after it wait.
  void occupyLane(const ChatAppsClient& client) {
    futures.push_back(client.getMessageDetailsAsync(kSubAccount, umid(0)));
  }
  void ask(const ChatAppsClient& client, const CallOptions& call = {}, int number = 1,
           const char* account = kSubAccount) {
    futures.push_back(client.getMessageDetailsAsync(account, umid(number), call));
  }
  /// So many calls for one message, which wait together since another has the first slot.
  void askTogether(const ChatAppsClient& client, int calls = 3) {
    const Standstill still(clock);
    occupyLane(client);
    for (int i = 0; i < calls; ++i) ask(client);
  }
  /// Returns when all that was asked has its place in a lane: calls of one client start in order.
  void settle(const ChatAppsClient& client) {
    const CancellationSource source;
    source.cancel();
    CallOptions over;
    over.cancellation = source.token();
    caught<CancelledError>([&] { client.getMessageDetailsAsync(kSubAccount, umid(9), over).get(); });
  }
  void expectAllSucceed() {
    for (auto& future : futures) EXPECT_EQ(future.get().size(), 1u);
  }

  /// Two calls, one of 5 s, share a request that is answered after 10 s.
  void expectOwnDeadlines(std::chrono::milliseconds first, std::chrono::milliseconds second) {
    server->answers([](const Server::Seen& seen) {
      Reply reply = Server::found(seen);
      if (seen.number == 2) reply.after = 10s;
      return reply;
    });
    const ChatAppsClient client(options());
    CallOptions call;
    {
      const Standstill still(clock);
      occupyLane(client);
      call.timeout = first;
      ask(client, call);
      call.timeout = second;
      ask(client, call);
      while (client.estimate(kSubAccount, 1) < 2s) std::this_thread::yield();
    }
    const auto hasty = futures.begin() + (first < second ? 1 : 2);
    const auto error = caught<TimeoutError>([&] { hasty->get(); });
    EXPECT_EQ(error.attempts(), 1);
    EXPECT_EQ(error.delivery(), Delivery::MaybeSent);
    EXPECT_FALSE(error.wouldWait());
    futures.erase(hasty);
    expectAllSucceed();
    EXPECT_EQ(server->count(), 2u);
  }

  std::deque<std::future<MessageDetails>> futures;
};

TEST_F(Sharing, callsThatWaitForOneMessageShareARequest) {
  const ChatAppsClient client(options());
  askTogether(client, 10);
  expectAllSucceed();
  EXPECT_EQ(arrivals(), (Durations{0s, 1s}));
  for (const CallFinished& call : log->calls()) EXPECT_EQ(call.attempts, 1);
}

TEST_F(Sharing, threadsShareToo) {
  const ChatAppsClient client(options());
  client.getMessageDetails(kSubAccount, umid(0));
  std::vector<std::thread> threads;
  std::atomic<int> succeeded{0};
  {
    const Standstill still(clock);
    for (int i = 0; i < 8; ++i)
      threads.emplace_back(
          [&] { succeeded += static_cast<int>(client.getMessageDetails(kSubAccount, umid(1)).size()); });
    ask(client, {}, 2);
    while (client.estimate(kSubAccount, 1) < 3s)
      std::this_thread::yield();  // one place for all threads, one for the other message
  }
  for (std::thread& thread : threads) thread.join();
  expectAllSucceed();
  EXPECT_EQ(succeeded, 8);
  EXPECT_LE(server->count(), 1u + 8u + 1u);
  EXPECT_GE(server->count(), 3u);
}

TEST_F(Sharing, aRequestThatIsUnderWayIsNotJoined) {
  server->answers([](const Server::Seen& seen) {
    Reply reply = Server::found(seen);
    reply.after = 3s;
    return reply;
  });
  const ChatAppsClient client(options());
  {
    const Standstill still(clock);
    ask(client);
    while (server->count() == 0) std::this_thread::yield();
    ask(client);
  }
  expectAllSucceed();
  EXPECT_EQ(server->count(), 2u) << "its answer may be older than the second question";
}

TEST_F(Sharing, canBeTurnedOff) {
  ClientOptions alone = options();
  alone.shareIdenticalCalls = false;
  const ChatAppsClient client(alone);
  {
    const Standstill still(clock);
    for (int i = 0; i < 4; ++i) ask(client);
  }
  expectAllSucceed();
  EXPECT_EQ(arrivals(), (Durations{0s, 1s, 2s, 3s}));
}

TEST_F(Sharing, whatDiffersIsNotShared) {
  ClientOptions otherKey = options();
  otherKey.apiKey = "another-key";
  const ChatAppsClient client(options());
  const ChatAppsClient other(otherKey);
  CallOptions traced;
  traced.headers = {{"X-Trace", "1"}};
  {
    const Standstill still(clock);
    occupyLane(client);
    while (server->count() == 0) std::this_thread::yield();
    ask(client);
    ask(client, traced);
    ask(client, traced);
    ask(client, {}, 2);
    ask(other);
    ask(client, {}, 1, "another");
  }
  expectAllSucceed();
  EXPECT_EQ(server->count(), 7u);
}

TEST_F(Sharing, whenTheCallThatSentIsCancelledTheOthersStillGetAnAnswer) {
  const CancellationSource source;
  server->answers([&](const Server::Seen& seen) {
    if (seen.number == 2) return silence();
    return Server::found(seen);
  });
  const ChatAppsClient client(options());
  CallOptions cancellable;
  cancellable.cancellation = source.token();
  cancellable.timeout = 1h;
  CallOptions patient;
  patient.timeout = 1h;
  {
    const Standstill still(clock);
    occupyLane(client);
    ask(client, cancellable);
    ask(client, patient);
    ask(client, patient);
    futures[0].wait();
    settle(client);
    clock->advance(1s);
    while (server->count() < 2) std::this_thread::yield();
    source.cancel();
    caught<CancelledError>([&] { futures[1].get(); });
    futures.erase(futures.begin() + 1);
  }
  expectAllSucceed();
  ASSERT_EQ(server->count(), 3u) << "one request for both";
  for (const CallFinished& call : log->calls()) {
    if (call.umid == umid(1)) {
      EXPECT_EQ(call.attempts, call.error ? 1 : 2);
    }
  }
}

TEST_F(Sharing, whenOneThatWaitsFirstIsCancelledTheOthersKeepThePlace) {
  const CancellationSource source;
  const ChatAppsClient client(options());
  CallOptions cancellable;
  cancellable.cancellation = source.token();
  {
    const Standstill still(clock);
    occupyLane(client);
    ask(client, cancellable);
    ask(client);
    ask(client, {}, 2);
    while (client.estimate(kSubAccount, 1) < 3s) std::this_thread::yield();
    source.cancel();
    caught<CancelledError>([&] { futures[1].get(); });
    futures.erase(futures.begin() + 1);
  }
  expectAllSucceed();
  EXPECT_EQ(askedFor(), (std::vector<std::string>{umid(0), umid(1), umid(2)}));
  EXPECT_EQ(arrivals(), (Durations{0s, 1s, 2s}));
}

TEST_F(Sharing, eachKeepsItsOwnDeadlineIfTheHastierCameLast) { expectOwnDeadlines(30s, 5s); }
TEST_F(Sharing, eachKeepsItsOwnDeadlineIfTheHastierCameFirst) { expectOwnDeadlines(5s, 30s); }

TEST_F(Sharing, callsForOneMessageThatComeOneAfterTheOtherEndTogetherWhenNoAnswerComes) {
  server->answers([](const Server::Seen& seen) { return seen.number == 1 ? Server::found(seen) : silence(); });
  const ChatAppsClient client(options());
  client.getMessageDetails(kSubAccount, umid(0));
  {
    const Standstill still(clock);
    for (int i = 0; i < 3; ++i) {
      ask(client);
      clock->advance(2ms);
    }
    while (client.estimate(kSubAccount, 1) < 1900ms) std::this_thread::yield();
  }
  for (auto& future : futures) {
    const auto error = caught<TimeoutError>([&] { future.get(); });
    EXPECT_EQ(error.attempts(), 1);
    EXPECT_EQ(error.delivery(), Delivery::MaybeSent);
    EXPECT_FALSE(error.wouldWait());
  }
  EXPECT_EQ(server->count(), 2u);
}

TEST_F(Sharing, listsAndWaitsKeepTheirOwnPlaceSinceTheirThreadMayBeBusy) {
  const ChatAppsClient client(options());
  int next = 0;
  const auto source = [&]() -> std::optional<MessageRef> {
    if (next == 2) return std::nullopt;
    return MessageRef{kSubAccount, umid(next++)};
  };
  client.getMany(source, [&](const BulkResult& result) {
    if (result.ref.umid != umid(0)) return;
    for (const int number : {1, 7}) {
      auto direct = client.getMessageDetailsAsync(kSubAccount, umid(number));
      for (int i = 0; direct.wait_for(10ms) != std::future_status::ready; ++i) {
        ASSERT_LT(i, 1000) << "it stands behind the list, whose thread is here";
        clock->advance(100ms);
      }
      EXPECT_EQ(direct.get().size(), 1u);
    }
  });
  EXPECT_EQ(askedFor(), (std::vector<std::string>{umid(0), umid(1), umid(7), umid(1)}));
}

TEST_F(Sharing, aFailureIsEverybodysAndEachTriesAgain) {
  server->answers([](const Server::Seen& seen) { return seen.number == 2 ? answer(503) : Server::found(seen); });
  const ChatAppsClient client(options());
  askTogether(client);
  expectAllSucceed();
  EXPECT_EQ(arrivals(), (Durations{0s, 1s, 2s})) << "they wait together again";
  for (const CallFinished& call : log->calls()) EXPECT_EQ(call.attempts, call.umid == umid(0) ? 1 : 2);
}

TEST_F(Sharing, aFailureThatManyShareTakesNoMoreOfTheBudgetThanItsRetries) {
  server->answers([](const Server::Seen& seen) { return seen.number == 2 ? answer(503) : Server::found(seen); });
  const ChatAppsClient client(options());
  askTogether(client, 50);
  expectAllSucceed();
  EXPECT_EQ(server->count(), 3u);
}

TEST_F(Sharing, aLostConnectionIsEverybodysToo) {
  server->answers([](const Server::Seen& seen) {
    TransportFailure lost;
    lost.delivery = Delivery::MaybeSent;
    lost.reason = "reset";
    return seen.number == 2 ? Reply{lost} : Server::found(seen);
  });
  const ChatAppsClient client(options());
  askTogether(client);
  expectAllSucceed();
  EXPECT_EQ(server->count(), 3u);
}

TEST_F(Sharing, oneThatRodeOnALostRequestHoldsTheLaneWhenItsOwnMeetsA429) {
  const ChatAppsClient client(options());
  const CancellationSource source;
  server->answers([&](const Server::Seen& seen) {
    if (seen.number == 2) {
      source.cancel();  // the one that sends gives up; the other goes on alone
      return Reply{TransportFailure{}};
    }
    return seen.number == 3 ? answer(429, "", {{"Retry-After", "9"}}) : Server::found(seen);
  });
  CallOptions cancellable;
  cancellable.cancellation = source.token();
  {
    const Standstill still(clock);
    occupyLane(client);
    ask(client, cancellable);
    ask(client);
    while (client.estimate(kSubAccount, 1) < 2s) std::this_thread::yield();
  }
  caught<CancelledError>([&] { futures[1].get(); });
  futures.erase(futures.begin() + 1);
  expectAllSucceed();
  const Durations times = arrivals();
  ASSERT_EQ(times.size(), 4u);
  EXPECT_GE(times[3] - times[2], 9s);
}

TEST_F(Sharing, a429IsHeldOnceAndTheyGoTogetherAgain) {
  server->answers([](const Server::Seen& seen) {
    return seen.number == 2 ? answer(429, "", {{"Retry-After", "4"}}) : Server::found(seen);
  });
  const ChatAppsClient client(options());
  askTogether(client);
  expectAllSucceed();
  EXPECT_EQ(arrivals(), (Durations{0s, 1s, 5s}));
  EXPECT_EQ(log->held().size(), 1u);
}

TEST_F(Sharing, a401RenewsTheKeyOnce) {
  std::atomic<int> asked{0};
  ClientOptions rotating = options();
  rotating.apiKey = "";
  rotating.apiKeyProvider = [&] { return "key-" + std::to_string(++asked); };
  server->answers([](const Server::Seen& seen) {
    return seen.number == 1 || seen.header("Authorization") == "Bearer key-2" ? Server::found(seen) : answer(401);
  });
  const ChatAppsClient client(rotating);
  askTogether(client);
  expectAllSucceed();
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(server->count(), 3u);
}

TEST_F(Sharing, theEndOfTheClientEndsThoseThatRideAlongToo) {
  server->answers([](const Server::Seen& seen) { return seen.number == 1 ? Server::found(seen) : silence(); });
  {
    const Standstill still(clock);
    const ChatAppsClient client(options());
    occupyLane(client);
    for (int i = 0; i < 5; ++i) ask(client);
    futures[0].wait();
    settle(client);
    clock->advance(1s);
    while (server->count() < 2) std::this_thread::yield();
  }
  EXPECT_NO_THROW(futures[0].get());
  futures.pop_front();
  for (auto& future : futures) caught<CancelledError>([&] { future.get(); });
}

}  // namespace
}  // namespace chatapps
