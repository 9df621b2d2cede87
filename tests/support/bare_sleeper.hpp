// What a busy machine adds to every sleep, which is no fault of the library's.
#pragma once

#include <atomic>
#include <chrono>
#include <thread>

namespace chatapps::support {

/// A thread that does nothing but sleep for one interval after another, for as long as this lives.
class BareSleeper {
 public:
  explicit BareSleeper(std::chrono::nanoseconds interval)
      : thread_([this, interval] {
          const auto start = std::chrono::steady_clock::now();
          double slept = 0;
          while (!over_) {
            std::this_thread::sleep_for(interval);
            slept += std::chrono::duration<double>(interval).count();
          }
          excess_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / slept - 1;
        }) {}
  BareSleeper(const BareSleeper&) = delete;
  BareSleeper& operator=(const BareSleeper&) = delete;
  ~BareSleeper() { finish(); }

  /// How much longer it slept than asked, as a share.
  double finish() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
    return excess_;
  }

 private:
  std::atomic<bool> over_{false};
  double excess_ = 0;
  std::thread thread_;
};

}  // namespace chatapps::support
