// Where one thread sleeps on a Clock.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "chatapps/clock.hpp"

namespace chatapps {

/// How often a clock that does not run by itself is looked at while a thread waits for something else.
inline constexpr Clock::duration kLookAtVirtualClock = std::chrono::milliseconds(10);

/// Used by one sleeping thread; woken from any.
class Sleeper {
 public:
  std::mutex mutex;
  std::condition_variable awake;
  bool woken = false;
  Clock::duration awakeSaved{};  ///< so much longer it may stay awake; the sleeping thread's own
};

}  // namespace chatapps
