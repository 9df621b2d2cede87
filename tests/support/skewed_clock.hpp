// The system's clocks, moved for one process: what it takes ten minutes or an administrator to see.
#pragma once

#include <chrono>

namespace chatapps::support {

/// While it lives, `clock_gettime` tells another time to this program and all its libraries. Waits that are under way
/// do not notice, so nothing should be waiting for long when the steady clock jumps.
class SkewedClock {
 public:
  SkewedClock() = default;
  SkewedClock(const SkewedClock&) = delete;
  SkewedClock& operator=(const SkewedClock&) = delete;
  ~SkewedClock();

  void jumpSteady(std::chrono::seconds step);  ///< CLOCK_MONOTONIC goes on from there
  void jumpWall(std::chrono::seconds step);    ///< CLOCK_REALTIME alone, either way
};

}  // namespace chatapps::support
