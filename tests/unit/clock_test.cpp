// How threads wait on a clock that is not a FakeClock: the machine's, and one of the user's own.
#include "chatapps/clock.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "sleeper.hpp"

namespace chatapps {
namespace {

using namespace std::chrono_literals;

/// What a user may write who needs no more than to set the time.
class ClockByHand : public Clock {
 public:
  explicit ClockByHand(bool real) : real_(real) {}
  time_point now() const noexcept override { return time_point(now_.load()); }
  SystemTime utcNow() const noexcept override { return {}; }
  bool isReal() const noexcept override { return real_; }
  void set(duration time) { now_ = time; }

 private:
  const bool real_;
  std::atomic<duration> now_{1h};
};

/// Twelve hours later whenever it is looked at.
class ClockThatFlies : public Clock {
 public:
  time_point now() const noexcept override { return time_point(now_ += duration(12h)); }
  SystemTime utcNow() const noexcept override { return {}; }
  bool isReal() const noexcept override { return false; }

 private:
  mutable duration now_{};
};

TEST(MachineClock, goesForwardAndKnowsTheDate) {
  const Clock& clock = *Clock::system();
  const auto before = clock.now();
  EXPECT_GE(clock.now(), before);
  EXPECT_GT(clock.utcNow(), SystemTime(1'700'000'000s));
  EXPECT_TRUE(clock.isReal());
  EXPECT_EQ(Clock::system(), Clock::system());
}

TEST(MachineClock, aMomentThatIsPastIsNoSleep) {
  Sleeper sleeper;
  Clock::system()->sleep(sleeper, Clock::system()->now() - 1s);
  Clock::system()->sleep(sleeper, Clock::time_point::min());
}

TEST(MachineClock, doesNotReturnBeforeItsTime) {
  Sleeper sleeper;
  const auto until = Clock::system()->now() + 300us;
  Clock::system()->sleep(sleeper, until);
  EXPECT_GE(Clock::system()->now(), until);
}

TEST(MachineClock, spendsAShortSleepAwakeWhileSomethingIsSavedUp) {
  Sleeper sleeper;
  for (int tries = 0; tries < 100;
       ++tries) {  // a thread that does not get to run in between may have nothing to wait for
    sleeper.awakeSaved = 1ms;
    Clock::system()->sleep(sleeper, Clock::system()->now() + 100us);
    if (sleeper.awakeSaved < 1ms - 90us) break;
  }
  EXPECT_LT(sleeper.awakeSaved, 1ms - 90us);
  EXPECT_GE(sleeper.awakeSaved, 0ms);
}

TEST(MachineClock, aWakeThatCameBeforeTheSleepIsKeptAndUsedUp) {
  Sleeper sleeper;
  Clock::system()->wake(sleeper);
  Clock::system()->sleep(sleeper, Clock::time_point::max());
  EXPECT_FALSE(sleeper.woken);
}

TEST(MachineClock, anotherThreadWakesASleeper) {
  Sleeper sleeper;
  std::thread waker([&] { Clock::system()->wake(sleeper); });
  Clock::system()->sleep(sleeper, Clock::time_point::max());
  waker.join();
}

TEST(ClockOfTheUsersOwn, isLookedAtAgainWhileItDoesNotGoByItself) {
  ClockByHand clock(false);
  Sleeper sleeper;
  const auto until = clock.now() + 24h;
  std::thread sleeping([&] { clock.sleep(sleeper, until); });
  clock.set(48h);
  sleeping.join();
}

TEST(ClockOfTheUsersOwn, savesUpALittleOfALongSleepForThoseAfterIt) {
  ClockThatFlies clock;
  Sleeper sleeper;
  clock.sleep(sleeper, clock.now() + 24h);
  EXPECT_EQ(sleeper.awakeSaved, 1ms);
}

TEST(ClockOfTheUsersOwn, thatStandsStillCanBeWoken) {
  for (const bool real : {true, false}) {
    ClockByHand clock(real);
    Sleeper sleeper;
    std::thread sleeping([&] { clock.sleep(sleeper, clock.now() + 50us); });
    clock.wake(sleeper);
    sleeping.join();
  }
}

}  // namespace
}  // namespace chatapps
