// The life of a call from its start to each of its ends. What each fault does to it is in call_faults_test.cpp.
#include "call/call.hpp"

#include "unit/call_machine.hpp"

namespace chatapps::call {
namespace {

TEST(Call, asksForItsPlaceFirst) {
  Machine machine;
  const Next next = machine.call.begin(kStart);
  expectQueued(next, 0s, "");
  EXPECT_FALSE(next.atFront);
  EXPECT_EQ(machine.call.attempts(), 0);
}

TEST(Call, endsWithItsRecords) {
  Machine machine;
  machine.call.begin(kStart);
  machine.send();
  const Next next = machine.succeed();
  ASSERT_EQ(next.what, Next::Do::Finish);
  EXPECT_EQ(next.outcome->value().at(0).umid, kUmid);
  EXPECT_FALSE(next.lanePause);
  EXPECT_FALSE(next.dropConnection);
  EXPECT_EQ(machine.call.attempts(), 1);
}

TEST(Call, withoutAPlaceBeforeItsDeadlineItFailsAtOnce) {
  Machine machine;
  machine.call.begin(kStart);
  const auto error = errorOf<TimeoutError>(machine.call.placeRefused(false));
  EXPECT_TRUE(error.wouldWait());
  EXPECT_TRUE(error.retryable());
  EXPECT_EQ(error.attempts(), 0);
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_EQ(error.umid(), kUmid);
  EXPECT_EQ(error.subAccountId(), "sub_account_id");
}

TEST(Call, expiresInTheQueue) {
  Machine machine;
  machine.call.begin(kStart);
  const auto error = errorOf<TimeoutError>(machine.call.expired());
  EXPECT_FALSE(error.wouldWait());
  EXPECT_EQ(error.attempts(), 0);
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_TRUE(error.retryable());
}

TEST(Call, expiresBeforeItsRequestLeft) {
  Machine machine;
  machine.call.begin(kStart);
  machine.call.slotTaken();
  EXPECT_EQ(errorOf<TimeoutError>(machine.call.expired()).delivery(), Delivery::NotSent);
}

TEST(Call, expiresWhileItWaitsForTheAnswer) {
  Machine machine;
  machine.call.begin(kStart);
  machine.send();
  const auto error = errorOf<TimeoutError>(machine.call.expired());
  EXPECT_EQ(error.attempts(), 1);
  EXPECT_EQ(error.delivery(), Delivery::MaybeSent);
  EXPECT_FALSE(error.wouldWait());
}

TEST(Call, whatEndedTheLastAttemptIsThrownWhenTimeRunsOutInTheQueue) {
  Machine machine;
  machine.call.begin(kStart);
  machine.send();
  machine.answer(503);
  const auto error = errorOf<ServerError>(machine.call.expired());
  EXPECT_EQ(error.attempts(), 1);
  EXPECT_EQ(error.delivery(), Delivery::Answered);
}

TEST(Call, whatEndedTheLastAttemptIsThrownWhenTheLaneHasNoPlace) {
  Machine machine;
  machine.call.begin(kStart);
  machine.send();
  machine.fail();
  EXPECT_EQ(errorOf<TransportError>(machine.call.placeRefused(false)).attempts(), 1);
}

TEST(Call, timeThatRunsOutInASecondAttemptIsATimeout) {
  Machine machine;
  machine.call.begin(kStart);
  machine.send();
  machine.answer(503);
  machine.send();
  const auto error = errorOf<TimeoutError>(machine.call.expired());
  EXPECT_EQ(error.attempts(), 2);
  EXPECT_EQ(error.delivery(), Delivery::MaybeSent);
}

TEST(Call, isCancelledInEveryState) {
  const auto cancelledAfter = [](auto&& steps) {
    Machine machine;
    machine.call.begin(kStart);
    steps(machine);
    return errorOf<CancelledError>(machine.call.cancelled());
  };
  EXPECT_EQ(cancelledAfter([](Machine&) {}).attempts(), 0);
  EXPECT_EQ(cancelledAfter([](Machine& m) { m.call.slotTaken(); }).delivery(), Delivery::NotSent);
  EXPECT_EQ(cancelledAfter([](Machine& m) { m.send(); }).delivery(), Delivery::MaybeSent);
  EXPECT_EQ(cancelledAfter([](Machine& m) {
              m.send();
              m.answer(503);
            }).delivery(),
            Delivery::Answered);
  EXPECT_EQ(cancelledAfter([](Machine& m) {
              m.send();
              m.answer(401);
            }).attempts(),
            1);
  EXPECT_EQ(cancelledAfter([](Machine& m) { m.call.joinRequest(); }).delivery(), Delivery::MaybeSent);
}

TEST(Call, aNewAttemptBeginsUnsent) {
  Machine machine;
  machine.call.begin(kStart);
  machine.send();
  machine.answer(503);
  machine.call.slotTaken();
  EXPECT_EQ(errorOf<CancelledError>(machine.call.cancelled()).delivery(), Delivery::NotSent);
}

TEST(Call, withoutADeadlineItRetriesForLong) {
  Machine machine(100, Duration::max());
  machine.call.begin(kStart);
  machine.send();
  expectQueued(machine.answer(503, "", {{"Retry-After", "1000000000"}}), 1'000'000'000s, "HTTP 503");
}

TEST(Call, aDeadlineThatBeginsLateHoldsFromThenOn) {
  Machine machine(4, Duration::max());
  machine.call.begin(kStart);
  machine.call.slotTaken();
  machine.call.startDeadline(kStart + 500ms);
  machine.call.left();
  EXPECT_EQ(machine.call.deadline(), kStart + 500ms);
  errorOf<ServerError>(machine.answer(503));
}

TEST(Call, aSuccessEarnsATenthOfARetry) {
  RetryOptions retry;
  RetryBudget budget;
  while (budget.take()) {
  }
  for (int i = 0; i < 10; ++i) {
    Call call({"sub_account_id", kUmid}, retry, budget);
    call.begin(kStart);
    call.slotTaken();
    call.left();
    EXPECT_FALSE(budget.take());
    call.answered({200, {}, testing::ScriptedTransport::exampleBody()}, "", kStart, kUtc);
  }
  EXPECT_TRUE(budget.take());
}

// The request of another call.

TEST(JoinedCall, endsWithTheAnswerOfTheOthersRequest) {
  Machine machine;
  machine.call.begin(kStart);
  machine.call.joinRequest();
  const Next next = machine.succeed();
  ASSERT_EQ(next.what, Next::Do::Finish);
  EXPECT_TRUE(next.outcome->ok());
  EXPECT_EQ(machine.call.attempts(), 1);
}

TEST(JoinedCall, goesFirstWhenThatRequestWasGivenUp) {
  Machine machine;
  machine.call.begin(kStart);
  machine.call.joinRequest();
  const Next next = machine.call.requestAbandoned(kStart + 1s);
  expectQueued(next, 1s, "");
  EXPECT_TRUE(next.atFront);
  EXPECT_EQ(machine.call.attempts(), 1) << "it may have arrived";
  EXPECT_EQ(errorOf<TimeoutError>(machine.call.expired()).delivery(), Delivery::MaybeSent);
}

TEST(JoinedCall, goesAgainThoughThatWasItsLastAttempt) {
  Machine machine(1);
  machine.call.begin(kStart);
  machine.call.joinRequest();
  expectQueued(machine.call.requestAbandoned(kStart), 0s, "");
  machine.send();
  EXPECT_EQ(errorOf<ServerError>(machine.answer(503)).attempts(), 2);
}

TEST(JoinedCall, goesAgainWithoutATokenUnlessItSendsItself) {
  Machine machine;
  machine.useUpBudget();
  machine.call.begin(kStart);
  for (int attempt = 1; attempt <= 2; ++attempt) {
    machine.call.joinRequest();
    EXPECT_EQ(machine.answer(503).what, Next::Do::Queue);
  }
  EXPECT_EQ(errorOf<ServerError>(machine.call.slotTaken()).attempts(), 2);
}

TEST(JoinedCall, paysForTheRetryThatItSends) {
  Machine machine;
  machine.call.begin(kStart);
  machine.call.joinRequest();
  machine.answer(503);
  for (int i = 0; i < 9; ++i) machine.budget.take();
  machine.send();
  EXPECT_FALSE(machine.budget.take());
}

TEST(JoinedCall, itsSuccessEarnsNothing) {
  Machine machine;
  machine.useUpBudget();
  for (int i = 0; i < 10; ++i) {
    machine.call.begin(kStart);
    machine.call.joinRequest();
    machine.succeed();
  }
  EXPECT_FALSE(machine.budget.take());
}

TEST(JoinedCall, itsAttemptsAreLimitedToo) {
  Machine machine(1);
  machine.call.begin(kStart);
  machine.call.joinRequest();
  EXPECT_EQ(errorOf<ServerError>(machine.answer(503)).attempts(), 1);
}

TEST(JoinedCall, anEarlierErrorSurvivesARequestThatWasGivenUp) {
  Machine machine;
  machine.call.begin(kStart);
  machine.send();
  machine.answer(503);
  machine.call.joinRequest();
  machine.call.requestAbandoned(kStart);
  EXPECT_EQ(errorOf<ServerError>(machine.call.placeRefused(false)).attempts(), 1);
}

}  // namespace
}  // namespace chatapps::call
