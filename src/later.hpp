// Sums of times that do not overflow.
#pragma once

#include <algorithm>
#include <chrono>

#include "chatapps/clock.hpp"
#include "chatapps/timestamp.hpp"

namespace chatapps {

/// `by` is not negative. What lies too far ahead never comes: `Clock::time_point::max()`.
inline Clock::time_point later(Clock::time_point time, Clock::duration by) noexcept {
  constexpr auto kNever = Clock::time_point::max();
  return time > kNever - by ? kNever : time + by;
}

/// Of dates, with a delay that somebody else made: a negative one counts as none, one of more than a hundred years as a
/// hundred years.
template <class Delay>
SystemTime later(SystemTime time, Delay delay) noexcept {
  constexpr Delay kCentury = std::chrono::hours(24 * 365 * 100);
  constexpr SystemTime kLatest = (SystemTime::max)();
  const Delay clamped = (std::min)((std::max)(delay, Delay::zero()), kCentury);
  return time > kLatest - clamped ? kLatest : time + clamped;
}

}  // namespace chatapps
