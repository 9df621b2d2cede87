// Rows 52 to 54 of the fault matrix: the first use, the last handle, and callbacks that misbehave.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "chatapps/testing/sandbox.hpp"
#include "support/caught.hpp"
#include "support/event_log.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/listener.hpp"
#include "support/quick_client.hpp"
#include "support/umid_number.hpp"

namespace {
std::atomic<int> globalInits{0};
}

// Stands before libcurl's own, to count.
extern "C" int curl_global_init(long flags) {
  ++globalInits;
  return reinterpret_cast<int (*)(long)>(::dlsym(RTLD_NEXT, "curl_global_init"))(flags);
}

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

template <class Function>
Function* curlFunction(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

TEST(Faults, row52_theFirstUseFromManyThreadsStartsLibcurlOnceBesideTheHostsOwn) {
  FaultServer server(answerEach(detailsAnswer));
  const ChatAppsClient client(quickOptions(server.url()));
  std::promise<void> go;
  const std::shared_future<void> gone = go.get_future().share();
  std::vector<std::thread> threads;
  std::atomic<int> succeeded{0};
  for (int i = 0; i < 32; ++i) {
    threads.emplace_back([&, gone] {
      gone.wait();
      succeeded += static_cast<int>(client.getMessageDetails(kSubAccount, kUmid).size());
    });
  }
  go.set_value();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(succeeded, 32);
  EXPECT_EQ(globalInits, 1);

  // The program that uses the library may use libcurl as well, and be done with it earlier.
  ASSERT_EQ(curlFunction<int(long)>("curl_global_init")(3), 0);
  void* const easy = curlFunction<void*()>("curl_easy_init")();
  EXPECT_NE(easy, nullptr);
  curlFunction<void(void*)>("curl_easy_cleanup")(easy);
  curlFunction<void()>("curl_global_cleanup")();
  EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).size(), 1u);
}

/// Counts how calls end.
struct Endings {
  std::atomic<int> all{0}, cancelled{0};

  void add(const Outcome<MessageDetails>& outcome) {
    try {
      outcome.value();
    } catch (const CancelledError&) {
      ++cancelled;
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
    ++all;
  }
};

Script silent() {
  return [](Connection& connection) {
    if (connection.readRequest()) connection.waitForClientToLeave();
  };
}

/// A client whose calls stay for long.
std::optional<ChatAppsClient> slowClient(const std::string& url) {
  ClientOptions options = pacedOptions(url, 0.1);
  options.timeout = 10min;
  return ChatAppsClient(options);
}

/// 100 calls: 20 on the wire, 80 in the queue.
void startHundred(const ChatAppsClient& client, Endings& endings) {
  for (int i = 0; i < 100; ++i) {
    client.getMessageDetailsAsync("account-" + std::to_string(i % 20), kUmid, {},
                                  [&endings](const auto& outcome) { endings.add(outcome); });
  }
}

TEST(Faults, row53_theLastHandleEndsAllCallsExactlyOnce) {
  FaultServer server(silent());
  Endings endings;
  std::optional<ChatAppsClient> client = slowClient(server.url());
  startHundred(*client, endings);
  ASSERT_TRUE(server.waitForRequests(20));
  const auto start = steady_clock::now();
  std::thread([&] { client.reset(); }).join();
  EXPECT_LT(steady_clock::now() - start, 1s);
  EXPECT_EQ(endings.all, 100);
  EXPECT_EQ(endings.cancelled, 100);
  EXPECT_EQ(server.requestCount(), 20u);
}

TEST(Faults, row53_theLastHandleMayGoInACallback) {
  FaultServer quiet(silent());
  Endings endings;
  auto client = std::make_shared<std::optional<ChatAppsClient>>(slowClient(quiet.url()));
  startHundred(**client, endings);
  ASSERT_TRUE(quiet.waitForRequests(20));
  std::promise<void> gone;
  CancellationSource source;
  CallOptions call;
  call.cancellation = source.token();
  (*client)->getMessageDetailsAsync("account-0", kUmid, call, [&](const auto&) {
    client->reset();
    gone.set_value();
  });
  const auto start = steady_clock::now();
  source.cancel();
  ASSERT_EQ(gone.get_future().wait_for(5s), std::future_status::ready);
  while (endings.all < 100 && steady_clock::now() - start < 5s) std::this_thread::sleep_for(1ms);
  EXPECT_LT(steady_clock::now() - start, 1s);
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(endings.all, 100);
  EXPECT_EQ(endings.cancelled, 100);
}

TEST(Faults, row53_theLastHandleWaitsForTheEndsOfWaitsToo) {
  testing::SandboxOptions unlimited;
  unlimited.requestsPerSecond = 0;
  ClientOptions options = quickOptions("");
  options.apiKey = testing::Sandbox::kApiKey;
  WaitOptions quick;
  quick.firstInterval = quick.longestInterval = 1ms;
  for (int round = 0; round < 150; ++round) {
    options.transport = std::make_shared<testing::Sandbox>(unlimited);
    const auto told = std::make_shared<std::atomic<int>>(0);
    {
      const ChatAppsClient client(options);
      for (int i = 0; i < 100; ++i) {
        client.waitForAsync("sandbox", testing::Sandbox::kQueued, quick, [told](const auto&) { ++*told; });
      }
      std::this_thread::sleep_for(std::chrono::microseconds(2000 + round * 37 % 2000));
    }
    ASSERT_EQ(*told, 100) << "in round " << round;
  }
}

TEST(Faults, row53_aThousandClientsThatEndWithCallsInFlight) {
  FaultServer server(silent());
  Endings endings;
  int started = 0;
  auto slowest = steady_clock::duration::zero();
  for (int round = 0; round < 1000; ++round) {
    std::optional<ChatAppsClient> client(round % 2 == 0 ? quickOptions(server.url()) : pacedOptions(server.url(), 1));
    for (int i = 0; i < 10; ++i, ++started) {
      client->getMessageDetailsAsync("account-" + std::to_string(i % 5), kUmid, {},
                                     [&](const auto& outcome) { endings.add(outcome); });
    }
    if (round % 10 == 0) std::this_thread::sleep_for(1ms);  // so that the end meets other phases too
    const auto start = steady_clock::now();
    client.reset();
    slowest = std::max(slowest, steady_clock::now() - start);
    ASSERT_EQ(endings.all, started);
  }
  EXPECT_EQ(endings.cancelled, started);
  EXPECT_LT(slowest, 1s);
  EXPECT_GT(server.connections(), 100u) << "hardly any call was in flight";
}

TEST(Faults, row54_aCallbackThatThrowsIsReportedAndTheOthersGoOn) {
  FaultServer server(answerEach(detailsAnswer));
  const auto log = std::make_shared<EventLog>();
  const ChatAppsClient client(quickOptions(server.url(), log));
  client.getMessageDetailsAsync(kSubAccount, kUmid, {}, [](const auto&) { throw std::runtime_error("by the user"); });
  EXPECT_EQ(client.getMessageDetailsAsync(kSubAccount, kUmid).get().size(), 1u);
  client.getMessageDetailsAsync(kSubAccount, kUmid, {}, [](const auto&) { throw 42; });  // NOLINT: users do such things
  EXPECT_EQ(client.getMessageDetailsAsync(kSubAccount, kUmid).get().size(), 1u);
  const auto start = steady_clock::now();
  while (log->callbacks().size() < 2 && steady_clock::now() - start < 5s) std::this_thread::sleep_for(1ms);
  const auto reported = log->callbacks();
  ASSERT_EQ(reported.size(), 2u);
  EXPECT_EQ(reported[0].where, "onDone");
  EXPECT_THROW(std::rethrow_exception(reported[0].error), std::runtime_error);
  EXPECT_EQ(server.requestCount(), 4u);
}

TEST(Faults, row54_anObserverThatThrowsIsContained) {
  class Thrower : public EventLog {
   public:
    void onAttemptStarted(const AttemptStarted&) override { throw std::runtime_error("by the user"); }
    void onCallFinished(const CallFinished&) override { throw std::runtime_error("by the user"); }
  };
  FaultServer server(answerEach(detailsAnswer));
  const auto log = std::make_shared<Thrower>();
  const ChatAppsClient client(quickOptions(server.url(), log));
  EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).size(), 1u);
  EXPECT_EQ(client.getMessageDetailsAsync(kSubAccount, kUmid).get().size(), 1u);
  EXPECT_EQ(log->callbacks().size(), 4u);
}

TEST(Faults, row54_aCallbackThatBlocksHoldsUpNoOneElsesThread) {
  FaultServer server(answerEach(detailsAnswer));
  const ChatAppsClient client(quickOptions(server.url()));
  std::promise<void> entered, release;
  client.getMessageDetailsAsync(kSubAccount, kUmid, {}, [&](const auto&) {
    entered.set_value();
    release.get_future().wait();
  });
  entered.get_future().wait();
  EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).size(), 1u);
  EXPECT_EQ(ChatAppsClient(quickOptions(server.url())).getMessageDetailsAsync(kSubAccount, kUmid).get().size(), 1u);
  release.set_value();
}

TEST(Faults, row54_aSourceOrSinkThatBlocksHoldsUpNoDirectCall) {
  for (const bool inSink : {false, true}) {
    SCOPED_TRACE(inSink);
    FaultServer server(answerEach(detailsAnswer));
    const ChatAppsClient client(pacedOptions(server.url(), 20));
    const auto callElsewhere = [&] {
      auto direct = std::async(std::launch::async, [&] { return client.getMessageDetails(kSubAccount, kUmid).size(); });
      EXPECT_EQ(direct.wait_for(5s), std::future_status::ready)
          << "it waits for an item that has its slot and does not leave";
      EXPECT_EQ(direct.get(), 1u);
    };
    int asked = 0;
    const auto source = [&]() -> std::optional<MessageRef> {
      if (++asked > 2) return std::nullopt;
      if (!inSink && asked == 2) callElsewhere();
      return MessageRef{kSubAccount, "00000000-0000-4000-8000-00000000000" + std::to_string(asked)};
    };
    EXPECT_EQ(client
                  .getMany(source,
                           [&](const auto&) {
                             if (inSink) callElsewhere();
                           })
                  .succeeded,
              2u);
  }
}

TEST(Faults, row54_aSinkThatIsNotCalledYetBoundsWhatTheSourceGives) {
  const Listener accountsThatConnect(
      0);  // the first is answered, the next stands in the queue, those behind get no word
  std::thread refusing([&] {
    const int socket = ::accept(accountsThatConnect.descriptor(), nullptr, nullptr);
    char request[4096];
    (void)!::read(socket, request, sizeof request);
    std::this_thread::sleep_for(100ms);
    const std::string refusal = httpAnswer(401, errorBody(1200, "Unauthorized"));
    (void)!::write(socket, refusal.data(), refusal.size());
    (void)!::read(socket, request, sizeof request);  // until the client leaves
    ::close(socket);
  });
  ClientOptions options = pacedOptions("http://127.0.0.1:" + std::to_string(accountsThatConnect.port()), 1000);
  options.connectTimeout = 3s;
  options.retry.maxAttempts = 1;
  BulkOptions bulk;
  bulk.maxPending = 20;
  int taken = 0, told = 0;
  const auto source = [&]() -> std::optional<MessageRef> {
    EXPECT_LT(taken - told, 20);
    if (taken == 2000 || ::testing::Test::HasFailure()) return std::nullopt;
    const int number = taken++;
    return MessageRef{"account" + std::to_string(number < 15 ? 0 : number % 10), umidNumber(number)};
  };
  ChatAppsClient(options).getMany(
      source, [&](const auto&) { ++told; }, bulk);
  EXPECT_EQ(told, taken);
  refusing.join();
}

TEST(Faults, row54_aRandomSourceThatThrowsIsReportedAndTheCallGoesOn) {
  FaultServer server(answerEach(
      [](const SeenRequest& request) { return request.number == 0 ? httpAnswer(503, "") : detailsAnswer(request); }));
  const auto log = std::make_shared<EventLog>();
  ClientOptions options = quickOptions(server.url(), log);
  options.retry.random = []() -> double { throw 42; };  // NOLINT: users do such things
  EXPECT_EQ(get(options).size(), 1u);
  ASSERT_EQ(log->callbacks().size(), 1u);
  EXPECT_EQ(log->callbacks()[0].where, "retry.random");
}

TEST(Faults, row54_withAnExecutorABlockingCallbackHoldsUpNothing) {
  FaultServer server(answerEach(detailsAnswer));
  std::vector<std::thread> threads;
  std::mutex mutex;
  ClientOptions options = quickOptions(server.url());
  options.executor = [&](std::function<void()> job) {
    const std::lock_guard<std::mutex> lock(mutex);
    threads.emplace_back(std::move(job));
  };
  std::promise<void> entered, release;
  {
    const ChatAppsClient client(options);
    client.getMessageDetailsAsync(kSubAccount, kUmid, {}, [&](const auto&) {
      entered.set_value();
      release.get_future().wait();
    });
    entered.get_future().wait();
    for (int i = 0; i < 3; ++i) EXPECT_EQ(client.getMessageDetailsAsync(kSubAccount, kUmid).get().size(), 1u);
  }
  release.set_value();
  for (std::thread& thread : threads) thread.join();
}

TEST(Faults, row54_aCallbackMayCallAgain) {
  FaultServer server(answerEach(detailsAnswer));
  const ChatAppsClient client(quickOptions(server.url()));
  std::promise<std::size_t> inner;
  client.getMessageDetailsAsync(kSubAccount, kUmid, {}, [&](const auto&) {
    const std::size_t waitedFor = client.getMessageDetails(kSubAccount, kUmid).size();
    client.getMessageDetailsAsync(kSubAccount, kUmid, {}, [&inner, waitedFor](const auto& outcome) {
      inner.set_value(waitedFor + outcome.value().size());
    });
  });
  auto result = inner.get_future();
  ASSERT_EQ(result.wait_for(5s), std::future_status::ready);
  EXPECT_EQ(result.get(), 2u);
  EXPECT_EQ(server.requestCount(), 3u);
}

}  // namespace
}  // namespace chatapps::support
