/// @file clock.hpp
/// The seam through which time enters the library.
#pragma once

#include <chrono>
#include <memory>

#include "chatapps/export.hpp"
#include "chatapps/timestamp.hpp"

namespace chatapps {

class Sleeper;

/// What time it is, and how a thread waits for a later one. Implementations are thread-safe.
///
/// A clock of your own needs `now()` and `utcNow()` only; the waiting then happens in real time. `testing::FakeClock`
/// replaces the waiting as well.
class CHATAPPS_EXPORT Clock {
 public:
  using duration = std::chrono::nanoseconds;                                        ///< in nanoseconds
  using time_point = std::chrono::time_point<std::chrono::steady_clock, duration>;  ///< that only ever goes forward

  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock();

  /// Monotonic time: deadlines, slots and delays are counted on it.
  virtual time_point now() const noexcept = 0;
  /// The time of day: for a Retry-After date when the answer carries no Date of its own, and for what is due in a timeline.
  virtual SystemTime utcNow() const noexcept = 0;

  /// Whether time passes by itself. False makes a call that waits for a socket look at the clock every 10 ms.
  virtual bool isReal() const noexcept { return true; }

  // How a thread waits. Called by the library, around and inside the work of one thread.
  virtual void enter(Sleeper& sleeper);                    ///< a thread begins to work on this clock
  virtual void leave(Sleeper& sleeper);                    ///< it stops
  virtual void sleep(Sleeper& sleeper, time_point until);  ///< returns at `until`, or once woken
  virtual void wake(Sleeper& sleeper);                     ///< from any thread

  /// The machine's own clocks. One object for the process.
  static const std::shared_ptr<Clock>& system();
};

}  // namespace chatapps
