// Row 43 of the fault matrix: many threads, one subaccount, and a server that counts strictly.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/bare_sleeper.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/quick_client.hpp"
#include "support/sandbox_log.hpp"
#include "support/sandbox_server.hpp"
#include "support/sanitized.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;

constexpr const char* kWindows[] = {"gcra", "sliding", "bucket", "fixed"};
constexpr const char* kMessage = "a0000000-0000-4000-8000-000000000001";  // one that the sandbox knows

/// A sandbox with one window at one rate, and a client that keeps to it.
struct Track {
  Track(const char* windowName, const char* rate)
      : window(windowName),
        sandbox({"--rate", rate, "--window", windowName}),
        client(optionsFor(sandbox, std::stod(rate))) {}

  static ClientOptions optionsFor(const SandboxServer& sandbox, double rate) {
    ClientOptions options = pacedOptions(sandbox.baseUrl(), rate);
    options.apiKey = "sandbox-key";
    options.timeout = 60s;
    return options;
  }

  const std::string window;
  SandboxServer sandbox;
  const ChatAppsClient client;
  std::vector<std::thread> threads;
  std::atomic<int> succeeded{0};
};

/// `threads` x `calls` calls against all four windows side by side.
std::vector<std::unique_ptr<Track>> run(const char* rate, int threads, int calls) {
  std::vector<std::unique_ptr<Track>> tracks;
  for (const char* window : kWindows) tracks.push_back(std::make_unique<Track>(window, rate));
  for (const auto& track : tracks) {
    for (int i = 0; i < threads; ++i) {
      track->threads.emplace_back([&track = *track, calls] {
        for (int call = 0; call < calls; ++call) {
          track.succeeded += static_cast<int>(track.client.getMessageDetails("sandbox", kMessage).size());
        }
      });
    }
  }
  for (const auto& track : tracks) {
    for (std::thread& thread : track->threads) thread.join();
  }
  return tracks;
}

void expectPaced(const Track& track, std::chrono::nanoseconds interval, std::size_t calls, double machine) {
  SCOPED_TRACE(track.window);
  EXPECT_EQ(track.succeeded, static_cast<int>(calls));
  const std::vector<LoggedRequest> requests = sandboxLog(track.sandbox.port());
  ASSERT_EQ(requests.size(), calls);
  const auto rejected = std::count_if(requests.begin(), requests.end(),
                                      [](const LoggedRequest& request) { return request.status == 429; });
  EXPECT_EQ(rejected, 0);
  auto smallest = std::chrono::nanoseconds::max();
  for (std::size_t i = 1; i < requests.size(); ++i) smallest = std::min(smallest, requests[i].at - requests[i - 1].at);
  EXPECT_GE(smallest, interval - 5ms);
  const std::chrono::duration<double> took = requests.back().at - requests.front().at;
  const double limit = std::chrono::duration<double>(interval).count() * static_cast<double>(calls - 1);
  std::printf("  %-8s %zu requests, %ld of 429, smallest gap %.3f ms, %.3f s: %.3f %% above the limit's time\n",
              track.window.c_str(), requests.size(), static_cast<long>(rejected),
              static_cast<double>(smallest.count()) / 1e6, took.count(), 100 * (took.count() / limit - 1));
  if (!kSanitized) {
    EXPECT_LT(took.count(), (1.05 + 5 * machine) * limit);
  }
}

TEST(Faults, row43_sixtyFourThreadsUseTheWholeLimitAndNeverMore) {
  BareSleeper sleeper(20ms);
  const auto tracks = run("50", 64, 20);
  const double machine = sleeper.finish();
  std::printf("  a thread that only sleeps for 20 ms again and again: %.3f %% above\n", 100 * machine);
  for (const auto& track : tracks) expectPaced(*track, 20ms, 1280, machine);
}

TEST(Faults, row43_soDoFewCallsAtOneASecond) {
  for (const auto& track : run("1", 3, 3)) expectPaced(*track, 1s, 9, 0);
}

TEST(Faults, row43_theFirstCallGoesAtOnceAndIdlingSavesUpNothing) {
  Track track("gcra", "10");
  const auto call = [&] { return track.client.getMessageDetails("sandbox", kMessage).size(); };
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(call(), 1u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 90ms);
  std::this_thread::sleep_for(500ms);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(call(), 1u);
  const std::vector<LoggedRequest> requests = sandboxLog(track.sandbox.port());
  ASSERT_EQ(requests.size(), 5u);
  for (std::size_t i = 1; i < requests.size(); ++i) EXPECT_GE(requests[i].at - requests[i - 1].at, 95ms);
  for (const LoggedRequest& request : requests) EXPECT_EQ(request.status, 200);
}

/// Lets everything go, and asks the server whether it has been told too early: of each request when it has left, and of
/// its answer.
class ListeningPacer : public Pacer {
 public:
  explicit ListeningPacer(const FaultServer& server) : server_(server) {}
  void reserve(const LaneName&, Clock::duration, std::function<void(Clock::duration)> done) override { done({}); }
  void passOn(const LaneName&, Clock::duration, bool) noexcept override {
    EXPECT_TRUE(server_.waitForRequests(told++ / 2 + 1));
  }
  void hold(const LaneName&, Clock::duration) override {}

  std::size_t told = 0;

 private:
  const FaultServer& server_;
};

TEST(RealCalls, othersAreToldOnceTheRequestIsOnItsWay) {
  const FaultServer server(answerEach(detailsAnswer));
  const auto pacer = std::make_shared<ListeningPacer>(server);
  ClientOptions options = pacedOptions(server.url(), 200);
  options.pacing.scope = Pacing::Scope::Shared;
  options.pacing.pacer = pacer;
  const ChatAppsClient client(options);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).size(), 1u);
  EXPECT_EQ(pacer->told, 10u);
}

TEST(RealCalls, anAnswerWhoseBodyComesLaterHoldsNobodyUp) {
  FaultServer server([](Connection& connection) {
    while (connection.readRequest()) {
      const std::string answer = detailsAnswer(connection.request());
      const std::size_t head = answer.find("\r\n\r\n") + 4;
      if (!connection.send(answer.substr(0, head)) || !connection.pause(100ms) || !connection.send(answer.substr(head)))
        return;
    }
  });
  const ChatAppsClient client(pacedOptions(server.url(), 50));
  std::vector<std::future<MessageDetails>> calls;
  for (int i = 0; i < 40; ++i) calls.push_back(client.getMessageDetailsAsync(kSubAccount, kUmid));
  for (auto& call : calls) EXPECT_EQ(call.get().size(), 1u);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 40u);
  if (!kSanitized) {
    EXPECT_LT((requests.back().at - requests.front().at) / 39, 50ms);
  }
}

TEST(RealCalls, theSandboxAnswersWithItsStories) {
  SandboxServer sandbox({"--rate", "0"});
  ClientOptions options = quickOptions(sandbox.baseUrl());
  options.apiKey = "sandbox-key";
  const ChatAppsClient client(options);
  const MessageDetails fallback = client.getMessageDetails("sandbox", "a0000000-0000-4000-8000-000000000003");
  ASSERT_EQ(fallback.size(), 2u);
  EXPECT_EQ(fallback[0].channel, Channel::Viber);
  EXPECT_EQ(fallback[1].channel, Channel::SMS);
  EXPECT_THROW(client.getMessageDetails("sandbox", kUmid), NotFoundError);
  options.apiKey = "a-wrong-key";
  EXPECT_THROW(ChatAppsClient(options).getMessageDetails("sandbox", kMessage), UnauthorizedError);
}

}  // namespace
}  // namespace chatapps::support
