// Where one thread sleeps on a Clock.
#pragma once

#include <condition_variable>
#include <mutex>

#include "chatapps/clock.hpp"

namespace chatapps {

/// Used by one sleeping thread; woken from any.
class Sleeper {
 public:
  std::mutex mutex;
  std::condition_variable awake;
  bool woken = false;
  Clock::duration awakeSaved{};  ///< so much longer it may stay awake; the sleeping thread's own
};

}  // namespace chatapps
