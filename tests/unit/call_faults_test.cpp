// What each fault does to a call: whether it is tried again, when, how often, and what it ends with.
#include "unit/call_machine.hpp"

namespace chatapps::call {
namespace {

using Kind = TransportFailure::Kind;
using Retry = TransportFailure::Retry;

// The network.

TEST(CallFaults, aRefusedConnectionIsTriedAgainAndEndsAsNotSent) {
  SentMachine machine(3);
  expectQueued(machine.fail(Retry::Always, Delivery::NotSent), 1s, "h: broken");
  machine.send();
  expectQueued(machine.fail(Retry::Always, Delivery::NotSent, 2s), 4s, "h: broken");
  machine.send();
  const auto error = errorOf<TransportError>(machine.fail(Retry::Always, Delivery::NotSent, 5s));
  EXPECT_EQ(error.attempts(), 3);
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_TRUE(error.retryable());
}

TEST(CallFaults, theSystemsErrorNumberIsKept) {
  SentMachine machine(1);
  TransportFailure failure;
  failure.reason = "h: no route to host";
  failure.osError = 113;
  const auto error = errorOf<TransportError>(machine.call.failed(failure, kStart));
  EXPECT_EQ(error.osError(), 113);
  EXPECT_NE(std::string(error.what()).find("h: no route to host"), std::string::npos);
}

TEST(CallFaults, aConnectTimeoutIsTriedAgainAndEndsAsATimeout) {
  SentMachine machine(2);
  TransportFailure failure;
  failure.kind = Kind::Timeout;
  failure.reason = "h: connect timeout";
  expectQueued(machine.call.failed(failure, kStart), 1s, "h: connect timeout");
  machine.send();
  const auto error = errorOf<TimeoutError>(machine.call.failed(failure, kStart));
  EXPECT_EQ(error.attempts(), 2);
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_FALSE(error.wouldWait());
}

TEST(CallFaults, aDeadKeptConnectionIsTriedAgainWithASlotOfItsOwn) {
  SentMachine machine;
  const Next next = machine.fail();
  EXPECT_EQ(next.what, Next::Do::Queue);
  EXPECT_FALSE(next.atFront);
  machine.send();
  EXPECT_TRUE(machine.succeed(2s).outcome->ok());
  EXPECT_EQ(machine.call.attempts(), 2);
}

TEST(CallFaults, tlsIsNeverTriedAgain) {
  SentMachine machine;
  TransportFailure failure;
  failure.kind = Kind::Tls;
  failure.reason = "h: certificate has expired";
  failure.retry = Retry::Never;
  const auto error = errorOf<TlsError>(machine.call.failed(failure, kStart));
  EXPECT_FALSE(error.retryable());
  EXPECT_NE(std::string(error.what()).find("expired"), std::string::npos);
}

TEST(CallFaults, whatCanNotPassIsNotTriedAgainWhateverTheTransportSays) {
  for (const Kind kind : {Kind::Tls, Kind::BodyTooLarge, Kind::BadEncoding}) {
    SentMachine machine;
    TransportFailure failure;
    failure.kind = kind;
    EXPECT_EQ(machine.call.failed(failure, kStart).what, Next::Do::Finish);
  }
}

TEST(CallFaults, whatTheLibraryLacksIsATransportErrorAndNotTriedAgain) {
  SentMachine machine;
  TransportFailure failure;
  failure.kind = Kind::LibraryFault;
  failure.retry = Retry::Never;
  failure.reason = "out of memory";
  EXPECT_EQ(errorOf<TransportError>(machine.call.failed(failure, kStart)).attempts(), 1);
}

TEST(CallFaults, framingThatBreaksIsTriedAgainOnce) {
  SentMachine machine;
  expectQueued(machine.fail(Retry::Once), 1s, "h: broken");
  machine.send();
  EXPECT_EQ(errorOf<TransportError>(machine.fail(Retry::Once)).attempts(), 2);
}

TEST(CallFaults, onceMeansOnceEvenWithOtherFaultsBetween) {
  SentMachine machine(10);
  EXPECT_EQ(machine.fail(Retry::Once).what, Next::Do::Queue);
  machine.send();
  EXPECT_EQ(machine.answer(503).what, Next::Do::Queue);
  machine.send();
  EXPECT_EQ(machine.fail(Retry::Always).what, Next::Do::Queue);
  machine.send();
  EXPECT_EQ(errorOf<TransportError>(machine.fail(Retry::Once)).attempts(), 4);
}

TEST(CallFaults, garbageIsNeverTriedAgain) {
  SentMachine machine;
  const auto error = errorOf<TransportError>(machine.fail(Retry::Never));
  EXPECT_EQ(error.attempts(), 1);
  EXPECT_FALSE(error.retryable());
}

TEST(CallFaults, aTextFromTheNetworkIsMadePrintable) {
  SentMachine machine;
  TransportFailure failure;
  failure.reason = "h: \x1b[2J\r\n";
  const Next next = machine.call.failed(failure, kStart);
  EXPECT_EQ(next.retryReason.find('\x1b'), std::string::npos);
  machine.send();
  failure.retry = Retry::Never;
  EXPECT_EQ(std::string(errorOf<TransportError>(machine.call.failed(failure, kStart)).what()).find('\r'),
            std::string::npos);
}

// Answers.

TEST(CallFaults, answersThatAreForGoodEndTheCall) {
  for (const int status : {301, 302, 304, 307, 400, 403, 404, 405, 410, 422, 426, 501, 505, 999}) {
    SentMachine machine;
    const Next next = machine.answer(status);
    ASSERT_EQ(next.what, Next::Do::Finish) << status;
    EXPECT_FALSE(next.lanePause) << status;
    try {
      (void)next.outcome->value();
      ADD_FAILURE() << status;
    } catch (const ApiError& error) {
      EXPECT_EQ(error.httpStatus(), status);
      EXPECT_EQ(error.attempts(), 1);
      EXPECT_EQ(error.delivery(), Delivery::Answered);
    }
  }
}

TEST(CallFaults, a2xxThatIsNoAnswerEndsTheCall) {
  for (const auto& [status, body] : {std::pair<int, std::string>{204, "{}"},
                                     {206, testing::ScriptedTransport::exampleBody()},
                                     {200, "<html>"},
                                     {200, "{}"}}) {
    SentMachine machine;
    EXPECT_EQ(errorOf<DecodeError>(machine.answer(status, body)).httpStatus(), status);
  }
}

TEST(CallFaults, aGatewaysErrorIsTriedAgainWithGrowingDelay) {
  SentMachine machine;
  expectQueued(machine.answer(502, "<html>"), 1s, "HTTP 502");
  machine.send();
  expectQueued(machine.answer(503), 2s, "HTTP 503");
  machine.send();
  expectQueued(machine.answer(504), 4s, "HTTP 504");
  machine.send();
  const auto error = errorOf<ServerError>(machine.answer(500));
  EXPECT_EQ(error.httpStatus(), 500);
  EXPECT_EQ(error.attempts(), 4);
}

TEST(CallFaults, aServersRetryAfterIsAFloor) {
  SentMachine machine;
  expectQueued(machine.answer(503, "", {{"Retry-After", "7"}}), 7s, "HTTP 503");
  machine.send();
  expectQueued(machine.answer(503, "", {{"Retry-After", "1"}}), 2s, "HTTP 503");
}

TEST(CallFaults, anotherAttemptOnlyWhereItFitsTheDeadline) {
  SentMachine machine;
  expectQueued(machine.answer(503, "", {{"Retry-After", "29"}}), 29s, "HTTP 503");
  SentMachine late;
  const auto error = errorOf<ServerError>(late.answer(503, "", {{"Retry-After", "30"}}));
  EXPECT_EQ(error.retryAfter(), 30s);
  EXPECT_EQ(error.attempts(), 1);
  SentMachine later;
  errorOf<ServerError>(later.answer(503, "", {}, 29s));
}

TEST(CallFaults, anEmptyBudgetEndsRetries) {
  SentMachine machine;
  machine.useUpBudget();
  EXPECT_EQ(errorOf<ServerError>(machine.answer(503)).attempts(), 1);
}

TEST(CallFaults, aRetryThatDoesNotFitLeavesTheBudgetAlone) {
  SentMachine machine;
  machine.answer(503, "", {{"Retry-After", "3600"}});
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(machine.budget.take());
}

TEST(CallFaults, aCutAnswerIsTriedAgainAndNeverASuccess) {
  SentMachine machine(2);
  const std::string half = testing::ScriptedTransport::exampleBody().substr(0, 100);
  expectQueued(machine.answer(200, half), 1s, "answer cut short");
  machine.send();
  EXPECT_TRUE(errorOf<DecodeError>(machine.answer(200, half)).retryable());
}

TEST(CallFaults, recordsOfAnotherMessageDropTheConnectionAndAreTriedAgainOnce) {
  SentMachine machine;
  const std::string other = testing::ScriptedTransport::exampleBody("00000000-0000-4000-8000-000000000000");
  const Next first = machine.answer(200, other);
  EXPECT_EQ(first.what, Next::Do::Queue);
  EXPECT_TRUE(first.dropConnection);
  machine.send();
  const Next second = machine.answer(200, other);
  EXPECT_TRUE(second.dropConnection);
  const auto error = errorOf<TransportError>(second);
  EXPECT_EQ(error.attempts(), 2);
  EXPECT_EQ(error.delivery(), Delivery::Answered);
}

}  // namespace
}  // namespace chatapps::call
