// Where one thread sleeps on a Clock.
#pragma once

#include <condition_variable>
#include <mutex>

namespace chatapps {

/// Used by one sleeping thread; woken from any.
class Sleeper {
 public:
  std::mutex mutex;
  std::condition_variable awake;
  bool woken = false;
};

}  // namespace chatapps
