// The client over the sandbox, in virtual time.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "chatapps/client.hpp"
#include "chatapps/errors.hpp"
#include "chatapps/testing/fake_clock.hpp"
#include "chatapps/testing/sandbox.hpp"

using namespace std::chrono_literals;
using chatapps::ChatAppsClient;
using chatapps::ClientOptions;
using chatapps::Clock;
using chatapps::HttpResponse;
using chatapps::MessageDetails;
using chatapps::Reply;
using chatapps::State;
using chatapps::TransportFailure;
using chatapps::testing::FakeClock;
using chatapps::testing::Sandbox;
using chatapps::testing::SandboxOptions;
using chatapps::testing::SandboxRequest;
using chatapps::testing::Window;

namespace {

class SandboxClientTest : public ::testing::Test {
 protected:
  ChatAppsClient client(const std::string& apiKey = Sandbox::kApiKey) const {
    ClientOptions options;
    options.apiKey = apiKey;
    options.transport = sandbox_;
    options.clock = clock_;
    options.timeout = 1h;
    options.shareIdenticalCalls = false;
    return ChatAppsClient(options);
  }

  /// The requests that are less than an interval behind the one before.
  int tooEarly() const {
    int early = 0;
    auto earliest = Clock::time_point::min();
    for (const SandboxRequest& request : sandbox_->requests()) {
      if (request.at < earliest) ++early;
      earliest = request.at + 1s;
    }
    return early;
  }

  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>();
  std::shared_ptr<Sandbox> sandbox_ = std::make_shared<Sandbox>();
};

class SandboxClientWindow : public ::testing::TestWithParam<Window> {};

}  // namespace

TEST_F(SandboxClientTest, aMessageIsWatchedFromChannelToChannel) {
  const ChatAppsClient watching = client();
  const auto look = [&] { return watching.getMessageDetails(Sandbox::kSubAccountId, Sandbox::kLiveFallbackToSms); };
  EXPECT_EQ(look().back().status.state, State::Queued);
  clock_->advance(65s);
  const MessageDetails records = look();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].status.state, State::Undelivered);
  EXPECT_EQ(records[1].status.state, State::Delivered);
}

TEST_F(SandboxClientTest, refusalsAreTypedErrors) {
  const std::string unknown = "00000000-0000-4000-8000-000000000000";
  EXPECT_THROW(client().getMessageDetails("sandbox", unknown), chatapps::NotFoundError);
  EXPECT_THROW(client().getMessageDetails("another", Sandbox::kQueued), chatapps::BadRequestError);
  EXPECT_THROW(client("wrong").getMessageDetails("sandbox", Sandbox::kQueued), chatapps::UnauthorizedError);
}

TEST_F(SandboxClientTest, aFaultIsRetriedInASlotOfItsOwn) {
  sandbox_->addFault({Reply{HttpResponse{503, {}, "<html>"}}, 2});
  EXPECT_EQ(client().getMessageDetails("sandbox", Sandbox::kFallbackToSms).size(), 2U);
  EXPECT_EQ(sandbox_->requests().size(), 3U);
  EXPECT_EQ(tooEarly(), 0);
}

TEST_F(SandboxClientTest, silenceEndsAtTheDeadline) {
  sandbox_->addFault({Reply{TransportFailure{}, Clock::duration::max()}});
  const auto start = clock_->now();
  EXPECT_THROW(client().getMessageDetails("sandbox", Sandbox::kQueued), chatapps::TimeoutError);
  EXPECT_EQ(clock_->now(), start + 1h);
}

TEST_F(SandboxClientTest, sixtyFourThreadsKeepToTheRate) {
  constexpr int kThreads = 64;
  constexpr int kCalls = 20;
  const ChatAppsClient shared = client();
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int call = 0; call < kCalls; ++call) {
        EXPECT_EQ(shared.getMessageDetails("sandbox", Sandbox::kFallbackToSms).size(), 2U);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sandbox_->requests().size(), static_cast<std::size_t>(kThreads * kCalls));
  for (const SandboxRequest& request : sandbox_->requests()) EXPECT_EQ(request.status, 200);
  EXPECT_EQ(tooEarly(), 0);
}

TEST_P(SandboxClientWindow, isNeverExceeded) {
  SandboxOptions rules;
  rules.window = GetParam();
  rules.rejectedRequestsCount = true;
  const auto sandbox = std::make_shared<Sandbox>(rules);
  ClientOptions options;
  options.apiKey = Sandbox::kApiKey;
  options.transport = sandbox;
  options.clock = std::make_shared<FakeClock>();
  const ChatAppsClient client(options);
  for (int i = 0; i < 100; ++i) client.getMessageDetails("sandbox", Sandbox::kQueued);
  const auto requests = sandbox->requests();
  ASSERT_EQ(requests.size(), 100U);
  for (const SandboxRequest& request : requests) EXPECT_EQ(request.status, 200);
  EXPECT_LE(requests.back().at - requests.front().at, 100s);
}

INSTANTIATE_TEST_SUITE_P(Kinds, SandboxClientWindow,
                         ::testing::Values(Window::Gcra, Window::Fixed, Window::Sliding, Window::Bucket));
