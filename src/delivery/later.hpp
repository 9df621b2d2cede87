// Times that are added up without running over the end of what nanoseconds can hold.
#pragma once

#include <algorithm>
#include <chrono>

#include "chatapps/timestamp.hpp"

namespace chatapps::delivery {

/// `time + delay`; the latest time there is where that lies beyond it. A negative delay counts as none, one of more
/// than a hundred years as a hundred years.
template <class Delay>
SystemTime later(SystemTime time, Delay delay) noexcept {
  constexpr Delay kCentury = std::chrono::hours(24 * 365 * 100);
  constexpr SystemTime kLatest = (SystemTime::max)();
  const Delay clamped = (std::min)((std::max)(delay, Delay::zero()), kCentury);
  return time > kLatest - clamped ? kLatest : time + clamped;
}

}  // namespace chatapps::delivery
