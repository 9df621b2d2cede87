// Rows 37, 41, 45, 46, 48 and 49 of the fault matrix: 429s, long queues and failing servers, in lanes that are paced.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/caught.hpp"
#include "support/event_log.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/quick_client.hpp"
#include "support/sanitized.hpp"
#include "support/umid_number.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using Future = std::future<MessageDetails>;

/// The smallest time between two requests of one subaccount.
std::chrono::nanoseconds smallestGap(const std::vector<SeenRequest>& requests, const std::string& subAccountId) {
  auto smallest = std::chrono::nanoseconds::max();
  const SeenRequest* before = nullptr;
  for (const SeenRequest& request : requests) {
    if (subAccountIdOf(request) != subAccountId) continue;
    if (before) smallest = std::min<std::chrono::nanoseconds>(smallest, request.at - before->at);
    before = &request;
  }
  return smallest;
}

TEST(Faults, row37_a429HoldsItsWholeLaneAndNoOther) {
  FaultServer server(answerEach([](const SeenRequest& request) {
    return request.number == 0 ? httpAnswer(429, errorBody(429, "Quota exceeded."), "Retry-After: 1\r\n")
                               : detailsAnswer(request);
  }));
  const auto log = std::make_shared<EventLog>();
  const ChatAppsClient client(pacedOptions(server.url(), 20, log));
  std::vector<Future> held;
  held.push_back(client.getMessageDetailsAsync("held", umidNumber(0)));
  ASSERT_TRUE(server.waitForRequests(1));
  for (int i = 1; i < 4; ++i) held.push_back(client.getMessageDetailsAsync("held", umidNumber(i)));

  const auto start = steady_clock::now();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(client.getMessageDetails("other", umidNumber(i)).size(), 1u);
  EXPECT_LT(steady_clock::now() - start, 800ms) << "another subaccount's lane waited too";
  for (std::size_t i = 0; i < held.size(); ++i) EXPECT_EQ(held[i].get().at(0).umid, umidNumber(static_cast<int>(i)));

  std::vector<SeenRequest> inLane;
  for (const SeenRequest& request : server.requests()) {
    if (subAccountIdOf(request) == "held") inLane.push_back(request);
  }
  ASSERT_EQ(inLane.size(), 5u);
  EXPECT_GE(inLane[1].at - inLane[0].at, 995ms);
  EXPECT_EQ(umidOf(inLane[1]), umidNumber(0)) << "the call that met the 429 goes first";
  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(umidOf(inLane[i + 1]), umidNumber(static_cast<int>(i)));
  EXPECT_GE(smallestGap(inLane, "held"), 45ms);
  ASSERT_EQ(log->held().size(), 1u);
  EXPECT_EQ(log->held()[0].subAccountId, "held");
}

TEST(Faults, row37_a429ThatDoesNotEndIsARateLimitErrorThatTellsHowLongToWait) {
  FaultServer server(answerEach(
      [](const SeenRequest&) { return httpAnswer(429, errorBody(429, "Quota exceeded."), "Retry-After: 1\r\n"); }));
  ClientOptions options = pacedOptions(server.url(), 20);
  options.retry.maxAttempts = 2;
  const auto error = caught<RateLimitError>([&] { get(options); });
  EXPECT_EQ(error.retryAfter(), 1000ms);
  EXPECT_EQ(error.attempts(), 2);
  EXPECT_TRUE(error.retryable());
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_GE(requests[1].at - requests[0].at, 995ms);
}

TEST(Faults, row41_aRetryAfterBeyondTheDeadlineFailsAtOnce) {
  FaultServer server(
      answerEach([](const SeenRequest&) { return httpAnswer(429, errorBody(429, ""), "Retry-After: 86400\r\n"); }));
  const auto start = steady_clock::now();
  const auto error = caught<RateLimitError>([&] { get(pacedOptions(server.url(), 20)); });
  EXPECT_LT(steady_clock::now() - start, 1s);
  EXPECT_EQ(error.retryAfter(), 86400s);
  EXPECT_EQ(server.requestCount(), 1u);
}

TEST(Faults, row45_aPlaceBeyondTheDeadlineFailsAtOnceAndUsesNoSlot) {
  FaultServer server(answerEach(detailsAnswer));
  ClientOptions options = pacedOptions(server.url(), 2);
  options.timeout = 1450ms;  // slots at 0, 500 and 1000 ms, and not at 1500
  const ChatAppsClient client(options);
  const auto start = steady_clock::now();
  std::vector<Future> calls;
  for (int i = 0; i < 10; ++i) calls.push_back(client.getMessageDetailsAsync(kSubAccount, umidNumber(i)));
  for (int i = 9; i >= 3; --i) {
    const auto error = caught<TimeoutError>([&] { calls[static_cast<std::size_t>(i)].get(); });
    EXPECT_TRUE(error.wouldWait());
    EXPECT_EQ(error.attempts(), 0);
    EXPECT_EQ(error.delivery(), Delivery::NotSent);
  }
  EXPECT_LT(steady_clock::now() - start, 400ms) << "they waited";
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(calls[i].get().size(), 1u);
  EXPECT_EQ(server.requestCount(), 3u);
}

TEST(Faults, row46_aCancelledCallLeavesNoHoleAndKeepsTheOrder) {
  FaultServer server(answerEach(detailsAnswer));
  const ChatAppsClient client(pacedOptions(server.url(), 10));
  std::vector<CancellationSource> sources(8);
  std::vector<Future> calls;
  for (int i = 0; i < 8; ++i) {
    CallOptions call;
    call.cancellation = sources[static_cast<std::size_t>(i)].token();
    calls.push_back(client.getMessageDetailsAsync(kSubAccount, umidNumber(i), call));
  }
  ASSERT_TRUE(server.waitForRequests(1));
  for (const std::size_t i : {1u, 2u, 5u}) {
    sources[i].cancel();
    caught<CancelledError>([&] { calls[i].get(); });
  }
  for (const std::size_t i : {0u, 3u, 4u, 6u, 7u}) EXPECT_EQ(calls[i].get().size(), 1u);

  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 5u);
  for (const std::size_t i : {0u, 1u, 2u, 3u, 4u}) {
    const int order[] = {0, 3, 4, 6, 7};
    EXPECT_EQ(umidOf(requests[i]), umidNumber(order[i]));
  }
  EXPECT_GE(smallestGap(requests, kSubAccount), 95ms);
  if (!kSanitized) {
    EXPECT_LT(requests[4].at - requests[0].at, 490ms) << "a slot of a cancelled call was lost";
  }
}

TEST(Faults, row46_aThousandCancelledCallsCostHardlyAnyThroughput) {
  FaultServer server(answerEach(detailsAnswer));
  ClientOptions options = pacedOptions(server.url(), 50);
  options.timeout = 60s;  // the queue is 21.4 s long before it is cancelled: none of it is turned away
  const ChatAppsClient client(options);
  std::vector<Future> calls, cancelled;
  CancellationSource source;
  CallOptions toBeCancelled;
  toBeCancelled.cancellation = source.token();
  for (int i = 0; i < 51; ++i) {
    calls.push_back(client.getMessageDetailsAsync(kSubAccount, umidNumber(i)));
    for (int j = 0; j < 20; ++j)
      cancelled.push_back(client.getMessageDetailsAsync(kSubAccount, umidNumber(1000 + j), toBeCancelled));
  }
  source.cancel();
  std::size_t sentBefore = 0;
  for (Future& call : cancelled) {
    try {
      call.get();
      ++sentBefore;
    } catch (const CancelledError&) {
    }
  }
  for (Future& call : calls) EXPECT_EQ(call.get().size(), 1u);
  EXPECT_LT(sentBefore, 20u);
  const auto requests = server.requests();
  const std::chrono::duration<double> took = requests.back().at - requests.front().at;
  const double ideal = 0.02 * static_cast<double>(requests.size() - 1);
  std::printf("%zu requests at 50/s beside %zu cancelled: %.3f s, %.2f %% above the limit's time\n", requests.size(),
              cancelled.size() - sentBefore, took.count(), 100 * (took.count() / ideal - 1));
  if (!kSanitized) {
    EXPECT_LT(took.count(), 1.3 * ideal);
  }
}

TEST(Faults, row48_clientsWithDifferentKeysShareTheLaneOfASubaccount) {
  FaultServer server(answerEach(detailsAnswer));
  ClientOptions options = pacedOptions(server.url(), 20);
  const ChatAppsClient first(options);
  options.apiKey = "another-key";
  const ChatAppsClient second(options);
  std::vector<Future> calls;
  for (int i = 0; i < 10; ++i) {
    calls.push_back(first.getMessageDetailsAsync(kSubAccount, umidNumber(i)));
    calls.push_back(second.getMessageDetailsAsync(kSubAccount, umidNumber(i)));
  }
  for (Future& call : calls) EXPECT_EQ(call.get().size(), 1u);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 20u);
  EXPECT_GE(smallestGap(requests, kSubAccount), 45ms);
  const auto ofSecond = std::count_if(requests.begin(), requests.end(), [](const SeenRequest& request) {
    return headerOf(request, "Authorization") == "Bearer another-key";
  });
  EXPECT_EQ(ofSecond, 10);
}

TEST(Faults, row49_aFailingServerIsNotStormedAndRecoveryIsSeenAtOnce) {
  std::atomic<bool> failing{true};
  FaultServer server(
      answerEach([&](const SeenRequest& request) { return failing ? httpAnswer(503, "") : detailsAnswer(request); }));
  const ChatAppsClient client(pacedOptions(server.url(), 50));
  std::vector<Future> calls;
  for (int i = 0; i < 50; ++i) calls.push_back(client.getMessageDetailsAsync(kSubAccount, umidNumber(i)));
  for (Future& call : calls) caught<ServerError>([&] { call.get(); });
  EXPECT_EQ(server.requestCount(), 60u) << "50 calls, and the budget's 10 retries";
  EXPECT_GE(smallestGap(server.requests(), kSubAccount), 15ms);

  failing = false;
  const auto recovered = steady_clock::now();
  EXPECT_EQ(client.getMessageDetails(kSubAccount, umidNumber(99)).size(), 1u);
  EXPECT_LT(steady_clock::now() - recovered, 250ms);
}

TEST(Faults, row70_aFullQueueIsAnErrorAndNotMemory) {
  FaultServer server(answerEach(detailsAnswer));
  ClientOptions options = pacedOptions(server.url(), 20);
  options.pacing.maxWaiting = 3;
  const ChatAppsClient client(options);
  client.getMessageDetails(kSubAccount, kUmid);
  std::vector<Future> calls;
  for (int i = 0; i < 5; ++i) calls.push_back(client.getMessageDetailsAsync(kSubAccount, umidNumber(i)));
  for (const std::size_t i : {4u, 3u}) EXPECT_TRUE(caught<TimeoutError>([&] { calls[i].get(); }).wouldWait());
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(calls[i].get().size(), 1u);
  EXPECT_EQ(server.requestCount(), 4u);
}

}  // namespace
}  // namespace chatapps::support
