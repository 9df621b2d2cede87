// Where other threads leave work for a loop.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
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
  bool closed_ = false;
  bool nudged_ = false;
  Wire* wire_ = nullptr;
  std::vector<Job> jobs_;
};

}  // namespace chatapps::http
