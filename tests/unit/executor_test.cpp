// Where callbacks run when the user says where: exactly once, whatever the executor does.
#include <atomic>
#include <deque>
#include <future>
#include <stdexcept>
#include <thread>

#include "unit/client_fixture.hpp"

namespace chatapps {
namespace {

class ExecutorOption : public ClientFixture {
 protected:
  /// Makes a call with that executor. Gives how often its callback ran until the client was gone.
  int timesTold(Executor executor, const std::string& message = umid(1)) {
    ClientOptions withExecutor = options();
    withExecutor.executor = std::move(executor);
    std::atomic<int> times{0};
    {
      const ChatAppsClient client(withExecutor);
      std::promise<void> told;
      client.getMessageDetailsAsync(kSubAccount, message, {}, [&](Outcome<MessageDetails>) {
        if (++times == 1) told.set_value();
      });
      told.get_future().get();
    }
    return times;
  }
};

TEST_F(ExecutorOption, decidesWhereCallbacksRun) {
  std::mutex mutex;
  std::deque<std::function<void()>> posted;
  ClientOptions withExecutor = options();
  withExecutor.executor = [&](std::function<void()> job) {
    const std::lock_guard lock(mutex);
    posted.push_back(std::move(job));
  };
  std::thread::id ran;
  const ChatAppsClient client(withExecutor);
  client.getMessageDetailsAsync(kSubAccount, umid(1), {}, [&](Outcome<MessageDetails> result) {
    EXPECT_TRUE(result.ok());
    ran = std::this_thread::get_id();
  });
  std::function<void()> job;
  while (!job) {
    std::this_thread::yield();
    const std::lock_guard lock(mutex);
    if (!posted.empty()) job = std::move(posted.front());
  }
  job();
  EXPECT_EQ(ran, std::this_thread::get_id());
}

TEST_F(ExecutorOption, runsTheCallbacksOfBadArgumentsToo) {
  std::atomic<int> posted{0};
  const auto count = [&](const std::function<void()>& job) {
    ++posted;
    job();
  };
  EXPECT_EQ(timesTold(count, "no uuid"), 1);
  EXPECT_EQ(posted, 1);
}

TEST_F(ExecutorOption, oneThatThrowsIsReportedAndTheCallbackRunsAllTheSame) {
  EXPECT_EQ(timesTold([](const std::function<void()>&) { throw std::runtime_error("queue full"); }), 1);
  ASSERT_EQ(log->callbacks().size(), 1u);
  EXPECT_EQ(log->callbacks()[0].where, "executor");
}

TEST_F(ExecutorOption, oneThatThrowsAfterItRanTheJobRunsItOnce) {
  EXPECT_EQ(timesTold([](const std::function<void()>& job) {
              job();
              throw std::runtime_error("after all");
            }),
            1);
}

TEST_F(ExecutorOption, oneThatRunsTheJobTwiceRunsItOnce) {
  EXPECT_EQ(timesTold([](const std::function<void()>& job) {
              job();
              job();
            }),
            1);
}

TEST_F(ExecutorOption, oneThatDropsTheJobDoesNotLoseTheCallback) {
  EXPECT_EQ(timesTold([](const std::function<void()>&) {}), 1);
}

TEST_F(ExecutorOption, aCallbackThatThrowsThereIsReported) {
  ClientOptions withExecutor = options();
  withExecutor.executor = [](const std::function<void()>& job) { EXPECT_NO_THROW(job()); };
  {
    const ChatAppsClient client(withExecutor);
    client.getMessageDetailsAsync(kSubAccount, umid(1), {}, [](Outcome<MessageDetails>) { throw 7; });
    client.getMessageDetailsAsync(kSubAccount, umid(2)).get();
  }
  ASSERT_EQ(log->callbacks().size(), 1u);
  EXPECT_EQ(log->callbacks()[0].where, "onDone");
}

TEST_F(ExecutorOption, aJobMayOutliveTheClient) {
  std::mutex mutex;
  std::deque<std::function<void()>> posted;
  int times = 0;
  {
    ClientOptions withExecutor = options();
    withExecutor.executor = [&](std::function<void()> job) {
      const std::lock_guard lock(mutex);
      posted.push_back(std::move(job));
    };
    const ChatAppsClient client(withExecutor);
    const Standstill still(clock);
    for (int i = 0; i < 3; ++i)
      client.getMessageDetailsAsync(kSubAccount, umid(i), {}, [&](Outcome<MessageDetails>) { ++times; });
  }
  ASSERT_EQ(posted.size(), 3u);
  for (const auto& job : posted) job();
  EXPECT_EQ(times, 3);
}

TEST_F(ExecutorOption, anotherThreadMayDestroyTheLastHandleInACallback) {
  auto client = std::make_unique<ChatAppsClient>([&] {
    ClientOptions withExecutor = options();
    withExecutor.executor = [](std::function<void()> job) { std::thread(std::move(job)).detach(); };
    return withExecutor;
  }());
  std::promise<void> done;
  client->getMessageDetailsAsync(kSubAccount, umid(1), {}, [&](Outcome<MessageDetails>) {
    client.reset();
    done.set_value();
  });
  done.get_future().get();
}

}  // namespace
}  // namespace chatapps
