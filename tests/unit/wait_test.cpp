// waitFor: when it looks again, what ends it, and what its errors carry.
#include <gtest/gtest.h>

#include <cmath>
#include <exception>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "chatapps/chatapps.hpp"
#include "chatapps/testing/fake_clock.hpp"
#include "chatapps/testing/sandbox.hpp"
#include "chatapps/testing/scripted_transport.hpp"
#include "http/loop.hpp"
#include "support/caught.hpp"
#include "wait/wait.hpp"

namespace chatapps {
namespace {

using namespace std::chrono_literals;
using testing::FakeClock;
using testing::Sandbox;
using testing::SandboxEvent;
using testing::SandboxFault;
using testing::SandboxMessage;
using testing::SandboxStep;

class WaitFor : public ::testing::Test {
 protected:
  ChatAppsClient client() {
    ClientOptions options;
    options.apiKey = Sandbox::kApiKey;
    options.clock = clock;
    options.transport = sandbox;
    options.retry.random = [] { return 0.5; };
    return ChatAppsClient(options);
  }
  std::string add(std::vector<SandboxStep> steps) {
    SandboxMessage message;
    message.steps = std::move(steps);
    message.fromFirstLook = true;
    return sandbox->addMessage(std::move(message));
  }
  Clock::duration elapsed() const { return clock->now() - began; }
  std::size_t requests() const { return sandbox->requests().size(); }
  void expectAtMostOneRequestASecond() const {
    const auto log = sandbox->requests();
    for (std::size_t i = 1; i < log.size(); ++i) EXPECT_GE(log[i].at - log[i - 1].at, 1s);
  }

  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
  std::shared_ptr<Sandbox> sandbox = std::make_shared<Sandbox>();
  Clock::time_point began = clock->now();
};

SandboxStep step(Channel channel, std::vector<SandboxEvent> events) { return {std::move(channel), std::move(events)}; }
SandboxEvent at(Clock::duration time, State state) { return {time, std::move(state)}; }

WaitOptions waitingFor(Goal goal, std::chrono::milliseconds timeout = 5min) {
  WaitOptions wait;
  wait.goal = goal;
  wait.timeout = timeout;
  return wait;
}

TEST_F(WaitFor, looksWhateverTheDateIs) {
  for (const SystemTime date : {(SystemTime::max)(), (SystemTime::min)(), SystemTime()}) {
    clock->setUtcNow(date);
    EXPECT_TRUE(client().waitFor("sandbox", Sandbox::kDeliveredBySms, {}).delivered());
  }
}

TEST_F(WaitFor, looksNearTheEndOfTime) {
  clock->advance((Clock::duration::max)() - 2min - clock->now().time_since_epoch());
  EXPECT_TRUE(client().waitFor("sandbox", Sandbox::kDeliveredBySms, {}).delivered());
}

TEST_F(WaitFor, itsFirstOptionsAreGoalTimeoutAndPlan) {
  const WaitOptions wait{Goal::Read, 5min, {}};
  EXPECT_EQ(wait.timeout, 5min);
  EXPECT_TRUE(client().waitFor("sandbox", Sandbox::kReadOnWhatsApp, wait).read());
}

TEST_F(WaitFor, keepsItsIntervalsWhateverIsDrawn) {
  ClientOptions options;
  options.apiKey = Sandbox::kApiKey;
  options.clock = clock;
  options.transport = sandbox;
  options.retry.random = [] { return std::nan(""); };
  EXPECT_THROW(ChatAppsClient(options).waitFor("sandbox", Sandbox::kQueued, waitingFor(Goal::Read, 60s)),
               WaitTimeoutError);
  EXPECT_LE(requests(), 15u);
}

/// Reads errors on another thread while the wait goes on.
class ReadsErrors : public Observer {
 public:
  ~ReadsErrors() override {
    if (reader_.joinable()) reader_.join();
  }
  void onCallFinished(const CallFinished& event) override {
    if (!event.error || reader_.joinable()) return;
    reader_ = std::thread([error = event.error] {
      try {
        std::rethrow_exception(error);
      } catch (const ChatAppsError& known) {
        while (known.lastReport() == nullptr) std::this_thread::yield();
      }
    });
  }

 private:
  std::thread reader_;
};

TEST_F(WaitFor, anErrorThatAnObserverHasAlreadyIsGivenItsReportSafely) {
  const std::string umid = add({step(Channel::SMS, {at(0s, State::Queued)})});
  SandboxFault refusal;
  refusal.reply.response.status = 403;
  refusal.skip = 1;
  sandbox->addFault(refusal);
  ClientOptions options;
  options.apiKey = Sandbox::kApiKey;
  options.clock = clock;
  options.transport = sandbox;
  options.observer = std::make_shared<ReadsErrors>();
  EXPECT_THROW(ChatAppsClient(options).waitFor("sandbox", umid, waitingFor(Goal::Delivered)), ForbiddenError);
}

TEST_F(WaitFor, whatIsReachedAlreadyTakesOneRequestAndNoTime) {
  const DeliveryReport report = client().waitFor("sandbox", Sandbox::kReadOnWhatsApp, waitingFor(Goal::Read));
  EXPECT_TRUE(report.read());
  EXPECT_EQ(requests(), 1u);
  EXPECT_EQ(elapsed(), 0s);
}

TEST_F(WaitFor, followsAFallbackFromViberToSms) {
  const DeliveryReport report = client().waitFor("sandbox", Sandbox::kLiveFallbackToSms, waitingFor(Goal::Delivered));
  EXPECT_TRUE(report.delivered());
  EXPECT_EQ(report.channel, Channel::SMS);
  EXPECT_EQ(report.steps.size(), 2u);
  EXPECT_GT(requests(), 2u);
  expectAtMostOneRequestASecond();
}

TEST_F(WaitFor, readOnSmsEndsAtOnceAndSaysWhatWasSeen) {
  try {
    client().waitFor("sandbox", Sandbox::kDeliveredBySms, waitingFor(Goal::Read));
    FAIL() << "nothing was thrown";
  } catch (const UnreachableGoalError& error) {
    ASSERT_NE(error.lastReport(), nullptr);
    EXPECT_TRUE(error.lastReport()->delivered());
    EXPECT_EQ(error.umid(), Sandbox::kDeliveredBySms);
  }
  EXPECT_EQ(requests(), 1u);
}

TEST_F(WaitFor, anUndeliveredMessageEndsAfterTheGraceSinceNobodyKnowsThePlan) {
  WaitOptions wait = waitingFor(Goal::Delivered);
  wait.fallbackGrace = 20s;
  const DeliveryReport report = client().waitFor("sandbox", Sandbox::kUndelivered, wait);
  EXPECT_TRUE(report.isFinal());
  EXPECT_FALSE(report.delivered());
  EXPECT_GE(elapsed(), 20s);
  EXPECT_LE(elapsed(), 25s);
}

TEST_F(WaitFor, aStepThatFollowsWithinTheGraceIsWaitedFor) {
  const std::string umid = add({step(Channel::Viber, {at(0s, State::Undelivered)}),
                                step(Channel::SMS, {at(50s, State::Sent), at(55s, State::Delivered)})});
  EXPECT_EQ(client().waitFor("sandbox", umid, waitingFor(Goal::Final)).channel, Channel::SMS);
}

TEST_F(WaitFor, withThePlanAFailedLastStepEndsAtOnce) {
  WaitOptions wait = waitingFor(Goal::Final);
  wait.plan = FallbackPlan{{{Channel::SMS}}};
  const std::string umid = add({step(Channel::SMS, {at(0s, State::Undelivered)})});
  const DeliveryReport report = client().waitFor("sandbox", umid, wait);
  EXPECT_TRUE(report.isFinal());
  EXPECT_FALSE(report.delivered());
  EXPECT_EQ(requests(), 1u);
}

TEST_F(WaitFor, row51_timeThatRunsOutCarriesTheLastReport) {
  try {
    client().waitFor("sandbox", Sandbox::kQueued, waitingFor(Goal::Delivered, 45s));
    FAIL() << "nothing was thrown";
  } catch (const WaitTimeoutError& error) {
    ASSERT_NE(error.lastReport(), nullptr);
    EXPECT_EQ(error.lastReport()->state, State::Queued);
    EXPECT_TRUE(error.retryable());
  }
  EXPECT_LE(elapsed(), 45s);
  EXPECT_GE(elapsed(), 40s);
}

TEST_F(WaitFor, row51_looksGrowApartFromOneSecondToThirty) {
  EXPECT_THROW(client().waitFor("sandbox", Sandbox::kQueued, waitingFor(Goal::Delivered, 10min)), WaitTimeoutError);
  const auto log = sandbox->requests();
  ASSERT_GT(log.size(), 12u);
  EXPECT_LE(log[1].at - log[0].at, 1200ms);
  EXPECT_LE(log.size(), 40u);
  for (std::size_t i = 10; i + 2 < log.size(); ++i) {
    EXPECT_GE(log[i].at - log[i - 1].at, 20s);
    EXPECT_LE(log[i].at - log[i - 1].at, 36s);
  }
}

TEST_F(WaitFor, row51_aMessageThatIsNotKnownYetIsWaitedForOnlyWithinTheGrace) {
  const std::string unknown = "a0000000-0000-4000-8000-0000000000ff";
  WaitOptions wait = waitingFor(Goal::Final);
  wait.notFoundGrace = 10s;
  EXPECT_THROW(client().waitFor("sandbox", unknown, wait), NotFoundError);
  EXPECT_GE(elapsed(), 10s);
  EXPECT_LE(elapsed(), 11s) << "it ends with a look";
  EXPECT_GT(requests(), 2u);
}

TEST_F(WaitFor, row51_errorsThatMayPassAreLivedThrough) {
  SandboxFault unavailable;
  unavailable.reply = HttpResponse{503, {}, "<html>"};
  unavailable.times = 6;
  sandbox->addFault(unavailable);
  EXPECT_TRUE(client().waitFor("sandbox", Sandbox::kDeliveredBySms, waitingFor(Goal::Delivered)).delivered());
  EXPECT_EQ(requests(), 7u);
}

TEST_F(WaitFor, row51_anErrorThatStaysEndsItAndCarriesTheLastReport) {
  SandboxFault refused;
  refused.reply = HttpResponse{403, {}, "{}"};
  refused.skip = 2;
  sandbox->addFault(refused);
  try {
    client().waitFor("sandbox", Sandbox::kQueued, waitingFor(Goal::Final));
    FAIL() << "nothing was thrown";
  } catch (const ForbiddenError& error) {
    ASSERT_NE(error.lastReport(), nullptr);
    EXPECT_EQ(error.lastReport()->state, State::Queued);
  }
}

TEST_F(WaitFor, thatRanOutOfTimeTellsWhyNothingWasSeenAndWhatWasSent) {
  SandboxFault refused;
  TransportFailure failure;
  failure.reason = "127.0.0.1:8123: connection refused";
  refused.reply = failure;
  refused.times = 1000;
  sandbox->addFault(refused);
  try {
    client().waitFor("sandbox", Sandbox::kQueued, waitingFor(Goal::Final, 20s));
    FAIL() << "nothing was thrown";
  } catch (const WaitTimeoutError& error) {
    EXPECT_NE(std::string(error.what()).find("never seen; the last look failed: "), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("127.0.0.1:8123: connection refused"), std::string::npos) << error.what();
    EXPECT_EQ(error.delivery(), Delivery::NotSent);
  }
}

TEST_F(WaitFor, thatRanOutOfTimeCountsTheRequestsOfAllLooks) {
  WaitOptions wait = waitingFor(Goal::Final, 20s);
  wait.until = [](const DeliveryReport&) { return false; };
  try {
    client().waitFor("sandbox", Sandbox::kQueued, wait);
    FAIL() << "nothing was thrown";
  } catch (const WaitTimeoutError& error) {
    EXPECT_EQ(static_cast<std::size_t>(error.attempts()), requests());
    EXPECT_EQ(error.delivery(), Delivery::Answered);
    EXPECT_NE(std::string(error.what()).find("000005; last seen: queued"), std::string::npos) << error.what();
  }
}

TEST_F(WaitFor, row68_itsErrorRepeatsNoWordThatOnlyTheServerKnows) {
  const std::string body =
      std::string(R"({"data":[{"umid":")") + Sandbox::kQueued +
      R"(","subAccountId":"sandbox","channel":"SMS","channelId":"me","direction":"outbound","contentType":"Text",)" +
      R"("status":{"state":"queued for +6598765432 with key-12345678"},"createdAt":"2026-01-01T00:00:00Z","step":1}]})";
  SandboxFault odd;
  odd.reply = {HttpResponse{200, {}, body}};
  odd.times = 1000;
  sandbox->addFault(odd);
  try {
    client().waitFor("sandbox", Sandbox::kQueued, waitingFor(Goal::Final, 20s));
    FAIL() << "nothing was thrown";
  } catch (const WaitTimeoutError& error) {
    EXPECT_NE(std::string(error.what()).find("last seen: an unknown state"), std::string::npos) << error.what();
    ASSERT_NE(error.lastReport(), nullptr);
    EXPECT_EQ(error.lastReport()->state.text(), "queued for +6598765432 with key-12345678");
  }
}

TEST_F(WaitFor, aPredicateMayDecide) {
  WaitOptions wait;
  wait.until = [](const DeliveryReport& report) { return report.steps.size() == 2; };
  EXPECT_EQ(client().waitFor("sandbox", Sandbox::kLiveFallbackToSms, wait).steps.size(), 2u);
}

TEST_F(WaitFor, aPredicateIsAskedOnlyWhereThereAreRecords) {
  bool isEmpty = true;
  sandbox->intercept([&](const HttpRequest&) -> std::optional<Reply> {
    if (!std::exchange(isEmpty, false)) return std::nullopt;
    return Reply{HttpResponse{200, {}, R"({"data":[]})"}};
  });
  WaitOptions wait;
  wait.until = [](const DeliveryReport& report) { return report.steps.empty() || report.steps.size() == 2; };
  EXPECT_EQ(client().waitFor("sandbox", Sandbox::kLiveFallbackToSms, wait).steps.size(), 2u);
}

TEST_F(WaitFor, whatAPredicateThrowsComesOut) {
  WaitOptions wait;
  wait.until = [](const DeliveryReport&) -> bool { throw std::logic_error("mine"); };
  EXPECT_THROW(client().waitFor("sandbox", Sandbox::kQueued, wait), std::logic_error);
  EXPECT_THROW(client().waitForAsync("sandbox", Sandbox::kQueued, wait).get(), std::logic_error);
}

TEST_F(WaitFor, cancellationEndsItBetweenTwoLooks) {
  CancellationSource source;
  WaitOptions wait;
  wait.cancellation = source.token();
  wait.until = [&](const DeliveryReport&) {
    if (requests() == 3) source.cancel();
    return false;
  };
  EXPECT_THROW(client().waitFor("sandbox", Sandbox::kQueued, wait), CancelledError);
  EXPECT_EQ(requests(), 3u);
}

TEST_F(WaitFor, row67_optionsThatCanNotWorkAreRefusedBeforeAnythingIsSent) {
  WaitOptions wait;
  wait.timeout = 0s;
  EXPECT_THROW(client().waitFor("sandbox", Sandbox::kQueued, wait), InvalidArgumentError);
  wait = {};
  wait.firstInterval = 0ms;
  EXPECT_THROW(client().waitFor("sandbox", Sandbox::kQueued, wait), InvalidArgumentError);
  wait = {};
  wait.goal = static_cast<Goal>(77);
  EXPECT_THROW(client().waitFor("sandbox", Sandbox::kQueued, wait), InvalidArgumentError);
  for (const auto patience : {-1s, std::chrono::seconds::min(), std::chrono::seconds::max()}) {
    wait = {};
    wait.plan.patience = patience;
    EXPECT_THROW(client().waitFor("sandbox", Sandbox::kQueued, wait), InvalidArgumentError);
  }
  for (const auto after : {-1ms, std::chrono::milliseconds::min(), std::chrono::milliseconds::max()}) {
    wait = {};
    wait.plan.steps = {{Channel::SMS, SuccessStatus::Delivered, after}};
    EXPECT_THROW(client().waitFor("sandbox", Sandbox::kQueued, wait), InvalidArgumentError);
  }
  wait.plan.steps = {{Channel::SMS, static_cast<SuccessStatus>(9)}};
  EXPECT_THROW(client().waitFor("sandbox", Sandbox::kQueued, wait), InvalidArgumentError);
  EXPECT_THROW(client().waitFor("sandbox", "no-uuid"), InvalidArgumentError);
  EXPECT_THROW(client().waitForAsync("sandbox", "no-uuid").get(), InvalidArgumentError);
  EXPECT_EQ(requests(), 0u);
}

TEST_F(WaitFor, row51_fiveHundredWaitersStarveNoDirectCall) {
  const ChatAppsClient shared = client();
  std::vector<std::future<DeliveryReport>> waits;
  for (int i = 0; i < 500; ++i) {
    SandboxMessage message;
    message.steps = {step(Channel::SMS, {at(0s, State::Queued)})};
    waits.push_back(shared.waitForAsync("sandbox", sandbox->addMessage(message), waitingFor(Goal::Final, 2min)));
  }
  {
    http::Loop around(clock, sandbox, nullptr);  // keeps time from running away between two calls
    around.runUntil([&] {
      for (int i = 0; i < 5; ++i) {
        const auto before = clock->now();
        shared.getMessageDetails("sandbox", Sandbox::kDeliveredBySms);
        EXPECT_LE(clock->now() - before, 3s);
      }
      return true;
    });
  }
  for (auto& wait : waits) EXPECT_THROW(wait.get(), WaitTimeoutError);
  expectAtMostOneRequestASecond();
}

TEST_F(WaitFor, theEndOfTheClientEndsAnAsynchronousWaitOnce) {
  int calls = 0;
  std::promise<std::exception_ptr> ended;
  auto frozen = std::make_shared<testing::ScriptedTransport>();
  frozen->hang();
  {
    ClientOptions options;
    options.apiKey = "key";
    options.transport = frozen;
    ChatAppsClient(options).waitForAsync("sandbox", Sandbox::kQueued, {}, [&](Outcome<DeliveryReport> outcome) {
      ++calls;
      ended.set_value(outcome.error());
    });
  }
  EXPECT_THROW(std::rethrow_exception(ended.get_future().get()), CancelledError);
  EXPECT_EQ(calls, 1);
}

TEST_F(WaitFor, theEndOfTheClientBetweenTwoLooksTellsWhoseWaitItWasAndWhatWasSeen) {
  ClientOptions options;
  options.apiKey = Sandbox::kApiKey;
  options.transport = sandbox;
  auto client = std::make_unique<ChatAppsClient>(options);
  WaitOptions wait;
  wait.until = [&](const DeliveryReport&) {
    client.reset();
    return false;
  };
  std::promise<std::exception_ptr> ended;
  client->waitForAsync("sandbox", Sandbox::kQueued, wait,
                       [&](Outcome<DeliveryReport> outcome) { ended.set_value(outcome.error()); });
  const auto error = support::caught<CancelledError>([&] { std::rethrow_exception(ended.get_future().get()); });
  EXPECT_EQ(error.umid(), Sandbox::kQueued);
  EXPECT_EQ(error.subAccountId(), "sandbox");
  ASSERT_TRUE(error.lastReport());
  EXPECT_EQ(error.lastReport()->state, State::Queued);
}

TEST_F(WaitFor, whatALongIntervalLeavesOfItsTimeIsUsedForALastLook) {
  WaitOptions wait = waitingFor(Goal::Delivered, 10min);
  wait.firstInterval = wait.longestInterval = 5min;
  testing::SandboxMessage late;
  late.umid = "00000000-0000-4000-8000-0000000000aa";
  late.steps = {{Channel::SMS, {{0s, State::Sent}, {9min, State::Delivered}}}};
  late.fromFirstLook = true;
  EXPECT_TRUE(client().waitFor("sandbox", sandbox->addMessage(late), wait).delivered());
}

TEST_F(WaitFor, whatNothingWillReportAnyMoreIsSaidInTheWordsOfWhatWasWaitedFor) {
  WaitOptions wait = waitingFor(Goal::Final, 10min);
  wait.until = [](const DeliveryReport&) { return false; };
  testing::SandboxMessage line;
  line.umid = "00000000-0000-4000-8000-0000000000ab";
  line.steps = {{Channel::Line, {{0s, State::Sent}}}};
  const std::string umid = sandbox->addMessage(line);
  const auto error = support::caught<UnreachableGoalError>([&] { client().waitFor("sandbox", umid, wait); });
  EXPECT_EQ(
      std::string(error.what()).rfind("unreachable goal: no channel of umid " + umid + " will report anything more", 0),
      0u)
      << error.what();
}

}  // namespace
}  // namespace chatapps
