// Futures and callbacks: exactly once, on one thread, whatever the callbacks do.
#include <pthread.h>

#include <atomic>
#include <deque>
#include <future>
#include <stdexcept>
#include <thread>

#include "unit/async_fixture.hpp"

namespace chatapps {
namespace {

using AsyncClient = AsyncFixture;

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

#if defined(__GLIBC__)
TEST_F(AsyncClient, whereNoThreadCanBeStartedEachIsToldOfThatWhereItAsks) {
  pthread_attr_t usual, huge;
  ASSERT_EQ(pthread_getattr_default_np(&usual), 0);
  huge = usual;
  ASSERT_EQ(pthread_attr_setstacksize(&huge, std::size_t{1} << 46), 0);
  ASSERT_EQ(pthread_setattr_default_np(&huge), 0);
  const ChatAppsClient client(options());
  std::vector<std::string> told;
  client.getMessageDetailsAsync(kSubAccount, umid(1), {}, [&](Result result) {
    for (int i : {2, 3}) {
      client.getMessageDetailsAsync(kSubAccount, umid(i), {}, [&](Result later) {
        told.push_back(caught<TransportError>([&] { later.value(); }).umid());
      });
    }
    told.push_back(caught<TransportError>([&] { result.value(); }).umid());
  });
  EXPECT_EQ(pthread_setattr_default_np(&usual), 0);
  EXPECT_EQ(told, (std::vector<std::string>{umid(1), umid(2), umid(3)}));
  EXPECT_NO_THROW(client.getMessageDetailsAsync(kSubAccount, umid(4)).get());
}
#endif

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
  std::future<MessageDetails> beside;  // waits before the bulk run or behind it
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
    beside = client.getMessageDetailsAsync(kSubAccount, umid(2));
  }
  told.wait();
  beside.get();
  EXPECT_EQ(arrivals(), (Durations{0s, 1s, 2s, 3s, 4s, 5s, 6s}));
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
