/// @file fake_clock.hpp
/// Time that a test moves: ten days pass in a millisecond.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>

#include "chatapps/clock.hpp"

namespace chatapps::testing {

/// A clock that stands still while any thread of the library works on it.
///
/// As soon as all of them wait, it jumps to the earliest moment that one of them waits for, so a call that has to wait
/// for its slot returns at once and `now()` tells how long it would have taken. `advance` moves it by hand. A sink, a
/// predicate or `onChange` counts as work: it may make synchronous calls, yet must not wait for another thread's.
/// Thread-safe.
///
///     auto clock = std::make_shared<chatapps::testing::FakeClock>();
///     options.clock = clock;
///     clock->advance(65s);
class FakeClock : public Clock {
 public:
  /// The date of a new clock: 2026-01-01T00:00:00Z.
  static constexpr SystemTime kFirstDate{std::chrono::seconds{1'767'225'600}};

  FakeClock();
  ~FakeClock() override;

  time_point now() const noexcept override;
  SystemTime utcNow() const noexcept override;
  bool isReal() const noexcept override { return false; }

  /// Time goes on by `step`, from any thread. Zero or less does nothing.
  void advance(duration step);
  /// Sets the date alone, as an administrator would: `now()` stays.
  void setUtcNow(SystemTime date);

  // How the library's threads wait; see Clock. A wake before its sleep is kept.
  void enter(Sleeper& sleeper) override;
  void leave(Sleeper& sleeper) override;
  void sleep(Sleeper& sleeper, time_point until) override;
  void wake(Sleeper& sleeper) override;

 private:
  struct Place {
    int entered = 0;  // a callback may make a call of its own on the thread that runs it
    bool asleep = false;
    bool woken = false;
    time_point until{};
    std::condition_variable awake;
  };

  void jumpIfAllWait();
  void moveTo(time_point then);

  mutable std::mutex mutex_;
  time_point now_;
  SystemTime date_ = kFirstDate;
  std::map<const Sleeper*, Place> places_;
};

}  // namespace chatapps::testing
