// Where other threads leave work for a loop.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "chatapps/clock.hpp"
#include "sleeper.hpp"

namespace chatapps::http {

class Wire;

/// Thread-safe; outlives its loop, so that late messages fall into it and are forgotten.
class Inbox {
 public:
  using Job = std::function<void()>;

  explicit Inbox(std::shared_ptr<Clock> clock) : clock_(std::move(clock)) {}

  /// Runs the job on the loop's thread, soon. False, and never, once the loop is gone.
  bool post(Job job);
  /// Ends the wait of a loop, which asks anew whether it is done. Allocates nothing.
  void nudge();

  /// Posts what must not be lost: where there is no memory for it, there may be some in a moment.
  template <class Work>
  void postSurely(const Work& work) noexcept {
    for (int tries = 0; tries < 1000; ++tries) {
      try {
        post(work);
        return;
      } catch (...) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    }
  }

 private:
  friend class Loop;

  struct Taken {
    std::vector<Job> jobs;
    bool nudged;
  };
  Taken takeAll();
  void wake();
  void close();
  void listenAt(Wire* wire);  ///< where the loop waits while transfers are under way; null: on the clock

  const std::shared_ptr<Clock> clock_;
  Sleeper sleeper_;
  std::mutex mutex_;
  std::thread::id runner_;  ///< of the loop, which looks here before it waits
  bool closed_ = false;
  bool nudged_ = false;
  Wire* wire_ = nullptr;
  std::vector<Job> jobs_;
};

}  // namespace chatapps::http
