// How much memory this process holds.
#pragma once

#include <cstddef>

#include "sanitized.hpp"

namespace chatapps::support {

/// Starts a new measurement of the peak.
void forgetPeakMemory();
std::size_t peakMemoryBytes();      ///< resident, the highest since `forgetPeakMemory`
std::size_t residentMemoryBytes();  ///< now

/// What to multiply a bound on memory with: sanitizers keep freed memory and shadows of all of it.
inline constexpr std::size_t kMemoryScale = kSanitized ? 16 : 1;

}  // namespace chatapps::support
