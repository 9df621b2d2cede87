// What a 429 and a 401 do to a call.
#include <cstdlib>

#include "unit/call_machine.hpp"

namespace chatapps::call {
namespace {

const std::string kQuota = R"({"code":429,"message":"Quota exceeded. Please try again in 3 second(s)."})";

TEST(CallRefusal, a429HoldsTheLaneAndStandsAtItsFront) {
  SentMachine machine;
  const Next next = machine.answer(429, "", {{"Retry-After", "2"}});
  expectQueued(next, 0s, "HTTP 429");
  EXPECT_TRUE(next.atFront);
  EXPECT_EQ(next.lanePause, 2s);
}

TEST(CallRefusal, row42_theLaneIsHeldAtLeastASecond) {
  for (const Headers& headers :
       {Headers{}, Headers{{"Retry-After", "0"}}, Headers{{"Retry-After", "junk"}}, Headers{{"Retry-After", "-5"}},
        Headers{{"Retry-After", "0.5"}}, Headers{{"Retry-After", "100000000000000000000"}}}) {
    SentMachine machine;
    EXPECT_EQ(machine.answer(429, "", headers).lanePause, 1s);
  }
}

TEST(CallRefusal, row38_theMessagesSecondsCountAndTheLargerWins) {
  EXPECT_EQ(SentMachine().answer(429, kQuota).lanePause, 3s);
  EXPECT_EQ(SentMachine().answer(429, kQuota, {{"Retry-After", "1"}}).lanePause, 3s);
  EXPECT_EQ(SentMachine().answer(429, kQuota, {{"Retry-After", "5"}}).lanePause, 5s);
}

TEST(CallRefusal, row40_aDateCountsFromTheAnswersOwnDate) {
  const Headers headers = {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"Retry-After", "Sun, 06 Nov 1994 08:49:47 GMT"}};
  EXPECT_EQ(SentMachine().answer(429, "", headers).lanePause, 10s) << "the local clock is decades off";
}

TEST(CallRefusal, aPauseBeyondTheDeadlineFailsAtOnceButHoldsTheLane) {
  for (const char* pause : {"30", "86400"}) {
    SentMachine machine;
    const Next next = machine.answer(429, "", {{"Retry-After", pause}});
    ASSERT_TRUE(next.lanePause);
    EXPECT_GE(*next.lanePause, 30s);
    EXPECT_EQ(errorOf<RateLimitError>(next).retryAfter(), std::chrono::seconds(std::atoi(pause)));
  }
}

TEST(CallRefusal, exhausted429sHoldTheLaneToo) {
  SentMachine machine(2);
  machine.answer(429);
  machine.send();
  const Next next = machine.answer(429, "", {{"Retry-After", "2"}});
  EXPECT_EQ(next.lanePause, 2s);
  const auto error = errorOf<RateLimitError>(next);
  EXPECT_EQ(error.attempts(), 2);
  EXPECT_EQ(error.retryAfter(), 2s);
  EXPECT_TRUE(error.retryable());
}

TEST(CallRefusal, row42_a429WithAnEmptyBudgetFailsFast) {
  SentMachine machine;
  machine.useUpBudget();
  const Next next = machine.answer(429);
  EXPECT_TRUE(next.lanePause);
  errorOf<RateLimitError>(next);
}

TEST(CallRefusal, withoutADeadlineNo429IsTooLong) {
  SentMachine machine(4, Duration::max());
  EXPECT_EQ(machine.answer(429, "", {{"Retry-After", "86400"}}).what, Next::Do::Queue);
}

TEST(CallRefusal, aWaitOfCenturiesIsNoOverflow) {
  const Headers headers = {{"Date", "Fri, 01 Jan 1700 00:00:00 GMT"}, {"Retry-After", "Fri, 01 Jan 2200 00:00:00 GMT"}};
  errorOf<RateLimitError>(SentMachine().answer(429, "", headers));
  errorOf<ServerError>(SentMachine().answer(503, "", headers));
}

// 401.

TEST(CallRefusal, a401AsksForTheKeyAgain) {
  SentMachine machine;
  EXPECT_EQ(machine.answer(401).what, Next::Do::AskKey);
  const Next next = machine.call.keyAsked(true, kStart + 1s);
  expectQueued(next, 1s, "the API key was renewed after HTTP 401");
  EXPECT_TRUE(next.atFront);
  machine.send();
  EXPECT_TRUE(machine.succeed().outcome->ok());
  EXPECT_EQ(machine.call.attempts(), 2);
}

TEST(CallRefusal, a401WithTheSameKeyIsTheEnd) {
  SentMachine machine;
  machine.answer(401, R"({"code":1200,"errorId":"e-1"})");
  const auto error = errorOf<UnauthorizedError>(machine.call.keyAsked(false, kStart));
  EXPECT_EQ(error.attempts(), 1);
  EXPECT_EQ(error.errorId(), "e-1");
}

TEST(CallRefusal, aRenewedKeyThatIsRefusedIsTheEnd) {
  SentMachine machine;
  machine.answer(401);
  machine.call.keyAsked(true, kStart);
  machine.send();
  EXPECT_EQ(errorOf<UnauthorizedError>(machine.answer(401)).attempts(), 2);
}

TEST(CallRefusal, aRenewedKeyIsTriedEvenWhereRetriesAreOffAndTheBudgetIsEmpty) {
  SentMachine machine(1);
  machine.useUpBudget();
  machine.answer(401);
  EXPECT_EQ(machine.call.keyAsked(true, kStart).what, Next::Do::Queue);
}

TEST(CallRefusal, withoutTimeForARenewedKeyThe401Remains) {
  SentMachine machine;
  machine.answer(401);
  machine.call.keyAsked(true, kStart);
  EXPECT_EQ(errorOf<UnauthorizedError>(machine.call.placeRefused(false)).attempts(), 1);
}

}  // namespace
}  // namespace chatapps::call
