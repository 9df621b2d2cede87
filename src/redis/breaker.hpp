// Decides when it is worth while to ask Redis.
#pragma once

#include <functional>
#include <string>

#include "chatapps/clock.hpp"

namespace chatapps::redis {

/// Not synchronised.
///
/// After three failures in a row, or one that a retry can't mend, nobody asks: there is one probe now and then, ever
/// rarer, at times that differ from process to process. From the first failure on only the lane that met it goes on
/// asking, so that no other one is late for the same reason.
class Breaker {
 public:
  using Time = Clock::time_point;
  using Duration = Clock::duration;

  /// `random`: evenly from [0, 1).
  explicit Breaker(std::function<double()> random);

  bool mayAsk(const std::string& lane) const noexcept {
    return strikes_ == 0 || (strikes_ < kStrikes && lane == suspect_);
  }
  bool isHealthy() const noexcept { return strikes_ == 0; }

  /// A question of `lane` got no answer in time, or none that can be used. `forGood`: nor would the next.
  void failed(const std::string& lane, bool forGood, Time now);
  void succeeded() noexcept;

  /// When the next probe is due; `Time::max()` where none is.
  Time probeAt() const noexcept { return probeAt_; }
  /// A probe goes out: the next one is due only after its end.
  void probing() noexcept { probeAt_ = Time::max(); }
  /// The lane whose key to probe.
  const std::string& suspect() const noexcept { return suspect_; }

 private:
  static constexpr int kStrikes = 3;

  const std::function<double()> random_;
  int strikes_ = 0;
  int rounds_ = 0;  // probes that failed
  std::string suspect_;
  Time probeAt_ = Time::max();
};

}  // namespace chatapps::redis
