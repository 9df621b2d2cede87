/// @file progress.hpp
/// How far a bulk run is.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>

namespace chatapps::cli {

/// Counts, and says in one line how it goes: done, failed, rate, time left. Not thread-safe.
class Progress {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Progress(std::optional<std::size_t> total, Time start) : total_(total), start_(start) {
    samples_.push_back({start, 0});
  }

  void count(bool failed) {
    ++done_;
    if (failed) ++failed_;
  }
  std::size_t done() const noexcept { return done_; }
  std::size_t failed() const noexcept { return failed_; }

  /// At most ten bars a second are worth drawing.
  bool isDue(Time now) const noexcept { return now - drawn_ >= std::chrono::milliseconds(100); }

  /// The bar: no wider than `columns`, no line break. The rate is that of the last seconds.
  std::string bar(Time now, int columns);
  /// What it came to: the rate is that of the whole run.
  std::string summary(Time now) const;

 private:
  struct Sample {
    Time at;
    std::size_t done;
  };
  double recentRate(Time now);

  std::optional<std::size_t> total_;
  Time start_;
  Time drawn_{};
  std::size_t done_ = 0, failed_ = 0;
  std::deque<Sample> samples_;
};

}  // namespace chatapps::cli
