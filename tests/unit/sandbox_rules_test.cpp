#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "chatapps/errors.hpp"
#include "decode/error_body.hpp"
#include "sandbox_fixture.hpp"

using namespace std::chrono_literals;
using chatapps::HttpResponse;
using chatapps::InvalidArgumentError;
using chatapps::TransportFailure;
using chatapps::testing::FakeClock;
using chatapps::testing::requestFor;
using chatapps::testing::Sandbox;
using chatapps::testing::SandboxMessage;
using chatapps::testing::SandboxOptions;
using chatapps::testing::Window;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

namespace {

class SandboxRulesTest : public chatapps::testing::SandboxFixture {};

void expectError(const HttpResponse& response, int status, int code, const std::string& message,
                 const FakeClock& clock) {
  EXPECT_EQ(response.status, status);
  EXPECT_EQ(*response.header("content-type"), "application/json");
  const auto body = chatapps::decode::errorBody(response.body);
  EXPECT_EQ(body.code, code);
  EXPECT_EQ(body.message, message);
  EXPECT_THAT(body.errorId.value_or(""),
              MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_EQ(body.timestamp.value().time(), clock.utcNow());
}

std::string flawOf(const SandboxOptions& options) {
  try {
    const Sandbox sandbox(options);
    return "none";
  } catch (const InvalidArgumentError& error) {
    return error.what();
  }
}

}  // namespace

TEST_F(SandboxRulesTest, refusesAsTheApiDoes) {
  expectError(ask(requestFor("sandbox", kUmid)), 404, 4018, "Invalid jobId", clock_);
  expectError(ask(requestFor("sandbox", "123")), 400, 1000, "Invalid umid.", clock_);
  expectError(ask(requestFor("another", Sandbox::kQueued)), 400, 1001,
              "Provided subAccountId doesn't belongs to your account", clock_);
  expectError(ask(requestFor("..", Sandbox::kQueued)), 400, 1001,
              "Provided subAccountId doesn't belongs to your account", clock_);
  expectError(ask(requestFor("sandbox", Sandbox::kQueued, "wrong")), 401, 1200,
              "Request was not authenticated properly", clock_);
  expectError(ask({requestFor("sandbox", Sandbox::kQueued).url, nullptr}), 401, 1200,
              "Request was not authenticated properly", clock_);
}

TEST_F(SandboxRulesTest, knowsNoOtherPath) {
  const std::string prefix = "http://localhost/api/v1/subaccounts";
  const auto headers = requestFor("sandbox", kUmid).headers;
  for (const char* rest : {"", "/sandbox", "/sandbox/messages",
                           "/sandbox/message/"
                           "a0000000-0000-4000-8000-000000000001",
                           "/sandbox/messages/a0000000-0000-4000-8000-000000000001/x", "/sandbox/messages/%"}) {
    expectError(ask({prefix + rest, headers}), 404, 1300, "Not found", clock_);
  }
  expectError(ask({"http://localhost", headers}), 404, 1300, "Not found", clock_);
}

TEST_F(SandboxRulesTest, decodesThePath) {
  SandboxMessage message = story();
  message.subAccountId = "a&b.c";
  sandbox_.addMessage(message);
  EXPECT_EQ(details(sandbox_, kUmid, "a%26b%2Ec")[0].subAccountId, "a&b.c");
  EXPECT_EQ(details(sandbox_, kUmid, "a&b.c")[0].subAccountId, "a&b.c");
}

TEST_F(SandboxRulesTest, aMessageOfOneSubaccountIsNotFoundInAnother) {
  SandboxMessage message = story();
  message.subAccountId = "mine";
  sandbox_.addMessage(message);
  EXPECT_EQ(details(sandbox_, kUmid, "mine").size(), 1U);
  EXPECT_EQ(ask(requestFor("sandbox", kUmid)).status, 404);
}

TEST_F(SandboxRulesTest, aStarStandsForEverySubaccount) {
  SandboxOptions options = unlimited();
  options.subAccounts = {"*"};
  Sandbox sandbox(options);
  EXPECT_EQ(details(sandbox, Sandbox::kQueued, "whichever")[0].subAccountId, "whichever");
  EXPECT_EQ(ask(sandbox, requestFor("no", Sandbox::kQueued)).status, 400);
  EXPECT_EQ(ask(sandbox, requestFor("*", Sandbox::kQueued)).status, 400);
}

TEST_F(SandboxRulesTest, acceptsEachOfItsKeys) {
  SandboxOptions options = unlimited();
  options.apiKeys = {"old", "new"};
  Sandbox sandbox(options);
  EXPECT_EQ(ask(sandbox, requestFor("sandbox", Sandbox::kQueued, "old")).status, 200);
  EXPECT_EQ(ask(sandbox, requestFor("sandbox", Sandbox::kQueued, "new")).status, 200);
  EXPECT_EQ(ask(sandbox, requestFor("sandbox", Sandbox::kQueued, "sandbox-key")).status, 401);
}

TEST_F(SandboxRulesTest, keepsToOneRequestASecondForEachSubaccount) {
  SandboxOptions options;
  options.subAccounts = {"one", "two"};
  Sandbox sandbox(options);
  EXPECT_EQ(ask(sandbox, requestFor("one", Sandbox::kQueued)).status, 200);
  EXPECT_EQ(ask(sandbox, requestFor("two", Sandbox::kQueued)).status, 200);
  clock_.advance(300ms);
  const HttpResponse rejected = ask(sandbox, requestFor("one", Sandbox::kQueued));
  expectError(rejected, 429, 429, "Quota exceeded. Please try again in 1 second(s).", clock_);
  EXPECT_EQ(rejected.header("Retry-After"), nullptr);
  clock_.advance(700ms);
  EXPECT_EQ(ask(sandbox, requestFor("one", Sandbox::kQueued)).status, 200);
}

TEST_F(SandboxRulesTest, tellsLongerWaitsInWholeSeconds) {
  SandboxOptions options;
  options.requestsPerSecond = 0.1;
  options.retryAfterHeader = true;
  Sandbox sandbox(options);
  ask(sandbox, requestFor("sandbox", Sandbox::kQueued));
  clock_.advance(2500ms);
  const HttpResponse rejected = ask(sandbox, requestFor("sandbox", Sandbox::kQueued));
  EXPECT_THAT(rejected.body, HasSubstr("try again in 8 second(s)"));
  EXPECT_EQ(*rejected.header("Retry-After"), "8");
}

TEST_F(SandboxRulesTest, onlyRequestsOfKnownCallersUseQuota) {
  Sandbox sandbox;
  EXPECT_EQ(ask(sandbox, requestFor("sandbox", Sandbox::kQueued, "wrong")).status, 401);
  EXPECT_EQ(ask(sandbox, requestFor("sandbox", "123")).status, 400);
  EXPECT_EQ(ask(sandbox, requestFor("sandbox", Sandbox::kQueued)).status, 429);
}

TEST_F(SandboxRulesTest, theOptionsReachTheWindow) {
  SandboxOptions options;
  options.window = Window::Fixed;
  Sandbox fixed(options);
  clock_.advance(900ms);
  EXPECT_EQ(ask(fixed, requestFor("sandbox", Sandbox::kQueued)).status, 200);
  clock_.advance(100ms);
  EXPECT_EQ(ask(fixed, requestFor("sandbox", Sandbox::kQueued)).status, 200);

  options.window = Window::Gcra;
  options.rejectedRequestsCount = true;
  Sandbox unforgiving(options);
  ask(unforgiving, requestFor("sandbox", Sandbox::kQueued));
  clock_.advance(900ms);
  EXPECT_EQ(ask(unforgiving, requestFor("sandbox", Sandbox::kQueued)).status, 429);
  clock_.advance(100ms);
  EXPECT_EQ(ask(unforgiving, requestFor("sandbox", Sandbox::kQueued)).status, 429);
}

TEST_F(SandboxRulesTest, answersTakeTheLatency) {
  SandboxOptions options;
  options.latency = 80ms;
  Sandbox sandbox(options);
  EXPECT_EQ(sandbox.send(requestFor("sandbox", Sandbox::kQueued), clock_).after, 80ms);
}

TEST_F(SandboxRulesTest, keepsALogOfRequests) {
  const auto start = clock_.now();
  ask(requestFor("sandbox", Sandbox::kQueued));
  clock_.advance(1s);
  ask(requestFor("sandb%6Fx", kUmid));
  sandbox_.addFault({{TransportFailure{}}});
  sandbox_.send(requestFor("sandbox", Sandbox::kQueued), clock_);
  ask({"http://localhost/", nullptr});
  const auto log = sandbox_.requests();
  ASSERT_EQ(log.size(), 4U);
  EXPECT_EQ(log[0].at, start);
  EXPECT_EQ(log[0].umid, Sandbox::kQueued);
  EXPECT_EQ(log[0].status, 200);
  EXPECT_EQ(log[1].at, start + 1s);
  EXPECT_EQ(log[1].subAccountId, "sandbox");
  EXPECT_EQ(log[1].status, 404);
  EXPECT_EQ(log[2].status, 0);
  EXPECT_EQ(log[3].subAccountId, "");
}

TEST_F(SandboxRulesTest, standsManyThreads) {
  constexpr int kThreads = 8;
  constexpr int kRequests = 200;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t] {
      SandboxMessage message = story();
      message.umid.clear();
      for (int i = 0; i < kRequests; ++i) {
        const std::string umid = i % 50 == 0 ? sandbox_.addMessage(message) : Sandbox::kQueued;
        EXPECT_EQ(ask(requestFor("sandbox", umid)).status, 200);
        if (t == 0) clock_.advance(1ms);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sandbox_.requests().size(), static_cast<std::size_t>(kThreads * kRequests));
}

TEST_F(SandboxRulesTest, refusesOptionsThatCanNotWork) {
  const auto with = [](auto change) {
    SandboxOptions options;
    change(options);
    return flawOf(options);
  };
  EXPECT_EQ(with([](SandboxOptions&) {}), "none");
  EXPECT_THAT(with([](auto& o) { o.requestsPerSecond = -1; }), HasSubstr("options at /requestsPerSecond must be"));
  EXPECT_THAT(with([](auto& o) { o.requestsPerSecond = std::nan(""); }), HasSubstr("/requestsPerSecond must be"));
  EXPECT_THAT(with([](auto& o) { o.requestsPerSecond = std::numeric_limits<double>::infinity(); }),
              HasSubstr("/requestsPerSecond must be"));
  EXPECT_THAT(with([](auto& o) { o.speed = 0; }), HasSubstr("/speed must be"));
  EXPECT_THAT(with([](auto& o) { o.speed = std::nan(""); }), HasSubstr("/speed must be"));
  EXPECT_THAT(with([](auto& o) { o.latency = -1ms; }), HasSubstr("/latency must be"));
  EXPECT_THAT(with([](auto& o) { o.apiKeys = {}; }), HasSubstr("/apiKeys must have"));
  EXPECT_THAT(with([](auto& o) { o.apiKeys = {""}; }), HasSubstr("/apiKeys must not have"));
  EXPECT_THAT(with([](auto& o) { o.subAccounts = {"a b"}; }), HasSubstr("/subAccounts must be"));
}
