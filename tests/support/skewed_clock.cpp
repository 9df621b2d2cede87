#include "skewed_clock.hpp"

#include <dlfcn.h>
#include <time.h>

#include <atomic>

namespace {
std::atomic<long> steadySkew{0}, wallSkew{0};  // in seconds
}

// Stands before the system's own.
extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  using Function = int (*)(clockid_t, timespec*);
  static const auto original = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "clock_gettime"));
  const int result = original(clock, time);
  const bool steady = clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_RAW;  // libcurl may ask either
  if (result == 0 && steady) time->tv_sec += steadySkew.load(std::memory_order_relaxed);
  if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec += wallSkew.load(std::memory_order_relaxed);
  return result;
}

namespace chatapps::support {

SkewedClock::~SkewedClock() {
  steadySkew = 0;
  wallSkew = 0;
}

void SkewedClock::jumpSteady(std::chrono::seconds step) { steadySkew += step.count(); }
void SkewedClock::jumpWall(std::chrono::seconds step) { wallSkew += step.count(); }

}  // namespace chatapps::support
