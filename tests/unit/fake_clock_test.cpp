#include "chatapps/testing/fake_clock.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <vector>

#include "sleeper.hpp"

using namespace std::chrono_literals;
using chatapps::Clock;
using chatapps::Sleeper;
using chatapps::testing::FakeClock;

namespace {

constexpr auto kForever = Clock::time_point::max();

/// A thread that works on the clock: enters, sleeps, leaves, and tells when it woke up.
std::future<Clock::time_point> sleepAside(FakeClock& clock, Sleeper& sleeper, Clock::time_point until) {
  clock.enter(sleeper);
  return std::async(std::launch::async, [&clock, &sleeper, until] {
    clock.sleep(sleeper, until);
    const auto wokeUp = clock.now();
    clock.leave(sleeper);
    return wokeUp;
  });
}

/// That nothing happens can only be seen by looking for a while.
bool staysAsleep(const std::future<Clock::time_point>& end) {
  return end.wait_for(20ms) == std::future_status::timeout;
}

}  // namespace

TEST(FakeClock, beginsOnAFixedDateAndStandsStill) {
  const FakeClock clock;
  EXPECT_EQ(clock.utcNow(), FakeClock::kFirstDate);
  EXPECT_EQ(clock.now(), FakeClock().now());
  EXPECT_FALSE(clock.isReal());
}

TEST(FakeClock, advanceMovesBothFaces) {
  FakeClock clock;
  const auto start = clock.now();
  clock.advance(65s);
  EXPECT_EQ(clock.now(), start + 65s);
  EXPECT_EQ(clock.utcNow(), FakeClock::kFirstDate + 65s);
}

TEST(FakeClock, neverGoesBackAndNeverOverflows) {
  FakeClock clock;
  const auto start = clock.now();
  clock.advance(-1s);
  EXPECT_EQ(clock.now(), start);
  clock.advance(Clock::duration::max());
  clock.advance(Clock::duration::max());
  EXPECT_EQ(clock.now(), kForever);
  EXPECT_EQ(clock.utcNow(), chatapps::SystemTime::max());
}

TEST(FakeClock, theDateCanBeSetAlone) {
  FakeClock clock;
  const auto start = clock.now();
  clock.setUtcNow(FakeClock::kFirstDate + 1h);
  EXPECT_EQ(clock.now(), start);
  clock.advance(1s);
  EXPECT_EQ(clock.utcNow(), FakeClock::kFirstDate + 1h + 1s);
}

TEST(FakeClock, goesOnFromADateBefore1970) {
  FakeClock clock;
  clock.setUtcNow(chatapps::SystemTime(-1h));
  clock.advance(1s);
  EXPECT_EQ(clock.utcNow(), chatapps::SystemTime(-1h + 1s));
}

TEST(FakeClock, jumpsToTheEndOfTheOnlySleep) {
  FakeClock clock;
  Sleeper sleeper;
  const auto until = clock.now() + 240h;
  clock.enter(sleeper);
  clock.sleep(sleeper, until);
  clock.leave(sleeper);
  EXPECT_EQ(clock.now(), until);
}

TEST(FakeClock, aSleepThatIsOverAlreadyMovesNothing) {
  FakeClock clock;
  Sleeper sleeper;
  const auto start = clock.now();
  clock.sleep(sleeper, start);
  clock.sleep(sleeper, start - 1s);
  EXPECT_EQ(clock.now(), start);
}

TEST(FakeClock, sleepersWakeUpInTheOrderOfTheirTimes) {
  FakeClock clock;
  Sleeper early, late;
  const auto start = clock.now();
  clock.enter(early);  // entered before either sleeps, so that time can not run ahead
  auto lateEnd = sleepAside(clock, late, start + 2s);
  auto earlyEnd = sleepAside(clock, early, start + 1s);
  EXPECT_EQ(earlyEnd.get(), start + 1s);
  clock.leave(early);
  EXPECT_EQ(lateEnd.get(), start + 2s);
}

TEST(FakeClock, standsStillWhileAnEnteredThreadIsAtWork) {
  FakeClock clock;
  Sleeper busy, waiting;
  const auto start = clock.now();
  clock.enter(busy);
  auto end = sleepAside(clock, waiting, start + 1s);
  EXPECT_TRUE(staysAsleep(end));
  EXPECT_EQ(clock.now(), start);
  clock.leave(busy);
  EXPECT_EQ(end.get(), start + 1s);
}

TEST(FakeClock, aWakeBeforeTheSleepIsKept) {
  FakeClock clock;
  Sleeper sleeper;
  const auto start = clock.now();
  clock.enter(sleeper);
  clock.wake(sleeper);
  clock.sleep(sleeper, kForever);
  EXPECT_EQ(clock.now(), start);
  clock.sleep(sleeper, start + 1s);  // one wake ends one sleep
  EXPECT_EQ(clock.now(), start + 1s);
  clock.leave(sleeper);
}

TEST(FakeClock, aWakeBeforeTheSleepIsKeptForOneThatHasNotEntered) {
  FakeClock clock;
  Sleeper sleeper;
  clock.wake(sleeper);
  clock.sleep(sleeper, kForever);
  EXPECT_EQ(clock.now(), FakeClock().now());
}

TEST(FakeClock, aWokenSleeperHoldsTimeUntilItSleepsAgain) {
  FakeClock clock;
  Sleeper woken, waiting;
  const auto start = clock.now();
  clock.enter(woken);
  clock.wake(woken);
  auto end = sleepAside(clock, waiting, start + 5s);
  clock.sleep(woken, start + 1s);
  EXPECT_EQ(clock.now(), start);
  clock.sleep(woken, start + 1s);
  EXPECT_EQ(clock.now(), start + 1s);
  clock.leave(woken);
  EXPECT_EQ(end.get(), start + 5s);
}

TEST(FakeClock, nothingMovesWhenAllWaitForever) {
  FakeClock clock;
  Sleeper sleeper;
  const auto start = clock.now();
  auto end = sleepAside(clock, sleeper, kForever);
  EXPECT_TRUE(staysAsleep(end));
  clock.wake(sleeper);
  EXPECT_EQ(end.get(), start);
}

TEST(FakeClock, advanceEndsSleepsThatAreDue) {
  FakeClock clock;
  Sleeper busy, waiting;
  const auto start = clock.now();
  clock.enter(busy);
  auto end = sleepAside(clock, waiting, start + 1s);
  clock.advance(3s);
  EXPECT_EQ(end.get(), start + 3s);
  clock.leave(busy);
}

TEST(FakeClock, aThreadMayEnterTwice) {
  FakeClock clock;
  Sleeper sleeper, waiting;
  const auto start = clock.now();
  clock.enter(sleeper);
  clock.enter(sleeper);
  clock.leave(sleeper);
  auto end = sleepAside(clock, waiting, start + 1s);
  EXPECT_TRUE(staysAsleep(end));
  clock.leave(sleeper);
  EXPECT_EQ(end.get(), start + 1s);
}

TEST(FakeClock, manyThreadsSleepThroughTenDays) {
  constexpr int kThreads = 16;
  constexpr int kSleeps = 200;
  constexpr auto kStep = Clock::duration(10 * 24h) / kSleeps;
  FakeClock clock;
  const auto start = clock.now();
  std::vector<Sleeper> sleepers(kThreads);
  std::vector<std::thread> threads;
  std::atomic<int> early{0};
  for (Sleeper& sleeper : sleepers) clock.enter(sleeper);
  for (Sleeper& sleeper : sleepers) {
    threads.emplace_back([&] {
      for (int i = 1; i <= kSleeps; ++i) {
        clock.sleep(sleeper, start + i * kStep);
        if (clock.now() != start + i * kStep) ++early;
      }
      clock.leave(sleeper);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(early, 0);
  EXPECT_EQ(clock.now(), start + 10 * 24h);
}
