// A sum of times that does not overflow.
#pragma once

#include "chatapps/clock.hpp"

namespace chatapps {

/// `by` is not negative. What lies too far ahead never comes: `Clock::time_point::max()`.
inline Clock::time_point later(Clock::time_point time, Clock::duration by) noexcept {
  constexpr auto kNever = Clock::time_point::max();
  return time > kNever - by ? kNever : time + by;
}

}  // namespace chatapps
