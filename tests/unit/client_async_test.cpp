// Futures and callbacks: exactly once, on one thread, whatever the callbacks do.
#include <atomic>
#include <deque>
#include <future>
#include <optional>
#include <stdexcept>
#include <thread>

#include "unit/client_fixture.hpp"

namespace chatapps {
namespace {

using Result = Outcome<MessageDetails>;

class AsyncClient : public ClientFixture {
 protected:
  /// What a call's callback was given, once.
  struct Told {
    std::promise<Result> promise;
    std::atomic<int> times{0};
    std::function<void(Result)> callback() {
      return [this](Result result) {
        if (++times == 1) promise.set_value(std::move(result));
      };
    }
    Result wait() { return promise.get_future().get(); }
  };
};

TEST_F(AsyncClient, aFutureGivesTheRecords) {
  const ChatAppsClient client(options());
  EXPECT_EQ(client.getMessageDetailsAsync(kSubAccount, umid(1)).get().at(0).umid, umid(1));
}

TEST_F(AsyncClient, aFutureGivesTheTypedError) {
  server->answers([](const Server::Seen&) { return answer(404, R"({"code":4018})"); });
  const ChatAppsClient client(options());
  std::future<MessageDetails> future = client.getMessageDetailsAsync(kSubAccount, umid(1));
  EXPECT_EQ(caught<NotFoundError>([&] { future.get(); }).code(), 4018);
}

TEST_F(AsyncClient, aFutureGivesTheErrorsOfArgumentsToo) {
  const ChatAppsClient client(options());
  std::future<MessageDetails> future = client.getMessageDetailsAsync("..", umid(1));
  EXPECT_EQ(caught<InvalidArgumentError>([&] { future.get(); }).argument(), "subAccountId");
  EXPECT_EQ(server->count(), 0u);
}

TEST_F(AsyncClient, aFutureThatNobodyWaitsForIsFine) {
  { ChatAppsClient(options()).getMessageDetailsAsync(kSubAccount, umid(1)); }
  const ChatAppsClient client(options());
  client.getMessageDetailsAsync(kSubAccount, umid(2));
}

TEST_F(AsyncClient, callbacksRunOnceOnAThreadOfTheClients) {
  const ChatAppsClient client(options());
  std::vector<std::thread::id> threads;
  Told told[3];
  for (int i = 0; i < 3; ++i) {
    client.getMessageDetailsAsync(kSubAccount, umid(i), {}, [&, i](Result result) {
      threads.push_back(std::this_thread::get_id());
      told[i].callback()(std::move(result));
    });
  }
  for (Told& one : told) EXPECT_TRUE(one.wait().ok());
  EXPECT_NE(threads[0], std::this_thread::get_id());
  EXPECT_EQ(threads[0], threads[1]);
  EXPECT_EQ(threads[0], threads[2]);
}

TEST_F(AsyncClient, aCallbackHearsOfBadArgumentsOnThatThreadToo) {
  const ChatAppsClient client(options());
  std::mutex heldByTheCaller;
  Told told;
  {
    const std::lock_guard lock(heldByTheCaller);
    client.getMessageDetailsAsync(kSubAccount, "no uuid", {}, [&](Result result) {
      const std::lock_guard again(heldByTheCaller);
      told.callback()(std::move(result));
    });
  }
  EXPECT_EQ(caught<InvalidArgumentError>([&] { told.wait().value(); }).argument(), "umid");
}

TEST_F(AsyncClient, aCallNeedsACallback) {
  const ChatAppsClient client(options());
  EXPECT_EQ(caught<InvalidArgumentError>([&] {
              client.getMessageDetailsAsync(kSubAccount, umid(1), {}, nullptr);
            }).argument(),
            "onDone");
}

TEST_F(AsyncClient, callsGoInTheOrderInWhichTheyWereMade) {
  const ChatAppsClient client(options());
  std::vector<std::future<MessageDetails>> futures;
  {
    const Standstill still(clock);
    for (int i = 0; i < 20; ++i) futures.push_back(client.getMessageDetailsAsync(kSubAccount, umid(i)));
  }
  for (auto& future : futures) future.get();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(askedFor()[static_cast<std::size_t>(i)], umid(i));
    EXPECT_EQ(arrivals()[static_cast<std::size_t>(i)], std::chrono::seconds(i));
  }
}

TEST_F(AsyncClient, thousandsOfCallsInHundredsOfLanesRunOnOneThread) {
  const ChatAppsClient client(options());
  std::atomic<int> succeeded{0};
  std::promise<void> all;
  {
    const Standstill still(clock);
    for (int i = 0; i < 4000; ++i) {
      CallOptions patient;
      patient.timeout = 1h;
      client.getMessageDetailsAsync("account" + std::to_string(i % 400), umid(i), patient, [&](Result result) {
        succeeded += result.ok() ? 1 : 1'000'000;
        if (succeeded == 4000) all.set_value();
      });
    }
  }
  all.get_future().get();
  EXPECT_EQ(elapsed(), 9s);
}

TEST_F(AsyncClient, aCallbackThatThrowsIsReportedAndTheOthersGoOn) {
  const ChatAppsClient client(options());
  client.getMessageDetailsAsync(kSubAccount, umid(1), {}, [](Result) { throw std::runtime_error("mine"); });
  client.getMessageDetailsAsync(kSubAccount, umid(2), {}, [](Result) { throw 7; });
  EXPECT_NO_THROW(client.getMessageDetailsAsync(kSubAccount, umid(3)).get());
  ASSERT_EQ(log->callbacks().size(), 2u);
  EXPECT_EQ(log->callbacks()[0].where, "onDone");
  EXPECT_THROW(std::rethrow_exception(log->callbacks()[0].error), std::runtime_error);
}

TEST_F(AsyncClient, aCallbackMayMakeTheNextCall) {
  const ChatAppsClient client(options());
  std::promise<void> done;
  std::function<void(int)> ask = [&](int number) {
    client.getMessageDetailsAsync(kSubAccount, umid(number), {}, [&, number](Result result) {
      EXPECT_TRUE(result.ok());
      number == 99 ? done.set_value() : ask(number + 1);
    });
  };
  ask(0);
  done.get_future().get();
  EXPECT_EQ(server->count(), 100u);
  EXPECT_EQ(elapsed(), 99s);
}

TEST_F(AsyncClient, aCallbackMayMakeASynchronousCallInAnotherLane) {
  const ChatAppsClient client(options());
  Told told;
  client.getMessageDetailsAsync(kSubAccount, umid(1), {}, [&](Result) {
    client.getMessageDetails("another", umid(2));
    client.getMessageDetails("another", umid(3));  // waits for its slot while the loop's thread is here
    told.callback()(MessageDetails());
  });
  told.wait();
  EXPECT_EQ(arrivals(), (Durations{0s, 0s, 1s}));
}

TEST_F(AsyncClient, aCallbackMayMakeASynchronousCallWhileOthersWaitInItsLane) {
  const ChatAppsClient client(options());
  std::deque<Told> told(5);
  {
    const Standstill still(clock);
    for (int i = 0; i < 5; ++i) {
      client.getMessageDetailsAsync(kSubAccount, umid(i), {}, [&, i](Result) {
        told[static_cast<std::size_t>(i)].callback()(client.getMessageDetails(kSubAccount, umid(100 + i)));
      });
    }
  }
  for (Told& one : told) EXPECT_TRUE(one.wait().ok());
  EXPECT_EQ(arrivals(), (Durations{0s, 1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s, 9s}));
}

TEST_F(AsyncClient, aCallbackMayWaitForABulkRunOfItsOwn) {
  const ChatAppsClient client(options());
  Told told;
  {
    const Standstill still(clock);
    client.getMessageDetailsAsync(kSubAccount, umid(1), {}, [&](Result) {
      int next = 10;
      const auto summary = client.getMany(
          [&]() -> std::optional<MessageRef> {
            return next < 15 ? std::optional<MessageRef>({kSubAccount, umid(next++)}) : std::nullopt;
          },
          [](const BulkResult&) {});
      EXPECT_EQ(summary.succeeded, 5u);
      told.callback()(MessageDetails());
    });
    client.getMessageDetailsAsync(kSubAccount, umid(2));
  }
  told.wait();
  EXPECT_EQ(elapsed(), 6s);
}

TEST_F(AsyncClient, aCallbackMayDestroyTheLastHandle) {
  auto client = std::make_unique<ChatAppsClient>(options());
  Told second;
  std::promise<void> first;
  {
    const Standstill still(clock);
    client->getMessageDetailsAsync("one", umid(1), {}, [&](Result) {
      client.reset();
      first.set_value();
    });
    client->getMessageDetailsAsync("two", umid(2), {}, second.callback());
  }
  first.get_future().get();
  second.wait();
  EXPECT_EQ(second.times, 1);
}

TEST_F(AsyncClient, aCallbackMayDestroyTheObjectThatIsStillMakingTheCall) {
  struct Owner {
    explicit Owner(const ClientOptions& options) : client(options) {}
    ChatAppsClient client;
  };
  ClientOptions unpaced = options();
  unpaced.pacing = Pacing::off();
  for (int round = 0; round < 300; ++round) {
    auto* owner = new Owner(unpaced);
    std::promise<void> done;
    owner->client.getMessageDetailsAsync(kSubAccount, umid(1), {}, [&, owner](Result) {
      delete owner;
      done.set_value();
    });
    done.get_future().get();
  }
}

TEST_F(AsyncClient, theEndOfTheClientEndsEveryCallExactlyOnce) {
  std::deque<Told> told(100);
  {
    const Standstill still(clock);
    ClientOptions patient = options();
    patient.timeout = 1h;
    const ChatAppsClient client(patient);
    for (int i = 0; i < 100; ++i)
      client.getMessageDetailsAsync(kSubAccount, umid(i), {}, told[static_cast<std::size_t>(i)].callback());
  }
  int cancelled = 0;
  for (Told& one : told) {
    EXPECT_EQ(one.times, 1) << "before the destructor returned";
    const Result result = one.wait();
    if (result.ok()) continue;
    caught<CancelledError>([&] { result.value(); });
    ++cancelled;
  }
  EXPECT_GE(cancelled, 99);
}

TEST_F(AsyncClient, copiesKeepTheCallsAlive) {
  std::future<MessageDetails> future;
  auto first = std::make_unique<ChatAppsClient>(options());
  const ChatAppsClient copy = *first;
  future = first->getMessageDetailsAsync(kSubAccount, umid(1));
  first.reset();
  EXPECT_EQ(future.get().size(), 1u);
}

TEST_F(AsyncClient, oneSourceCancelsAThousandCalls) {
  const ChatAppsClient client(options());
  const CancellationSource source;
  std::deque<Told> told(1000);
  {
    const Standstill still(clock);
    for (std::size_t i = 0; i < told.size(); ++i) {
      CallOptions call;
      call.timeout = 1h;
      call.cancellation = source.token();
      client.getMessageDetailsAsync(kSubAccount, umid(static_cast<int>(i)), call, told[i].callback());
    }
    source.cancel();
    std::size_t cancelled = 0;
    for (Told& one : told) cancelled += one.wait().ok() ? 0 : 1;
    EXPECT_GE(cancelled, 999u);
    EXPECT_EQ(elapsed(), 0s);
  }
  EXPECT_LE(client.estimate(kSubAccount, 1), 1s) << "nobody holds a place";
}

TEST_F(AsyncClient, aCallbackMayCancelTheOthers) {
  const ChatAppsClient client(options());
  const CancellationSource source;
  CallOptions call;
  call.cancellation = source.token();
  Told others[3];
  const Standstill still(clock);
  client.getMessageDetailsAsync("one", umid(1), {}, [&](Result) { source.cancel(); });
  for (Told& other : others) client.getMessageDetailsAsync("silent", umid(2), call, other.callback());
  int ended = 0;
  for (Told& other : others) {
    const Result result = other.wait();
    if (!result.ok()) caught<CancelledError>([&] { result.value(); });
    ++ended;
  }
  EXPECT_EQ(ended, 3);
}

TEST_F(AsyncClient, silenceEndsAtTheDeadline) {
  server->answers([](const Server::Seen&) { return silence(); });
  const ChatAppsClient client(options());
  std::future<MessageDetails> future = client.getMessageDetailsAsync(kSubAccount, umid(1));
  EXPECT_EQ(caught<TimeoutError>([&] { future.get(); }).delivery(), Delivery::MaybeSent);
  EXPECT_EQ(elapsed(), 30s);
}

TEST_F(AsyncClient, syncAndAsyncCallsShareTheLane) {
  const ChatAppsClient client(options());
  std::future<MessageDetails> future;
  std::thread thread;
  {
    const Standstill still(clock);
    client.getMessageDetails(kSubAccount, umid(0));
    future = client.getMessageDetailsAsync(kSubAccount, umid(1));
    while (client.estimate(kSubAccount, 1) < 2s) std::this_thread::yield();
    thread = std::thread([&] { client.getMessageDetails(kSubAccount, umid(2)); });
    while (client.estimate(kSubAccount, 1) < 3s) std::this_thread::yield();
  }
  future.get();
  thread.join();
  EXPECT_EQ(arrivals(), (Durations{0s, 1s, 2s}));
  EXPECT_EQ(askedFor(), (std::vector<std::string>{umid(0), umid(1), umid(2)}));
}

}  // namespace
}  // namespace chatapps
