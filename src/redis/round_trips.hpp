// How long the last answers of Redis took.
#pragma once

#include <algorithm>

#include "chatapps/clock.hpp"

namespace chatapps::redis {

/// Not synchronised.
class RoundTrips {
 public:
  using Duration = Clock::duration;

  void add(Duration roundTrip) noexcept {
    typical_ = typical_ == Duration::zero() ? roundTrip : (3 * typical_ + roundTrip) / 4;
    shortestNow_ = std::min(shortestNow_, roundTrip);
    if (++count_ % kBlock != 0) return;
    shortestBefore_ = shortestNow_;
    shortestNow_ = Duration::max();
  }

  Duration typical() const noexcept { return typical_; }
  /// Of the last one or two hundred; zero where there were fewer.
  Duration shortest() const noexcept { return std::min(shortestBefore_, shortestNow_); }

 private:
  static constexpr int kBlock = 100;

  Duration typical_{};
  Duration shortestNow_ = Duration::max();
  Duration shortestBefore_{};
  int count_ = 0;
};

}  // namespace chatapps::redis
