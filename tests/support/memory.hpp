// How much memory this process holds.
#pragma once

#include <cstddef>

namespace chatapps::support {

/// Starts a new measurement of the peak.
void forgetPeakMemory();
std::size_t peakMemoryBytes();      ///< resident, the highest since `forgetPeakMemory`
std::size_t residentMemoryBytes();  ///< now

/// What to multiply a bound on memory with: sanitizers keep freed memory and shadows of all of it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr std::size_t kMemoryScale = 16;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr std::size_t kMemoryScale = 16;
#else
inline constexpr std::size_t kMemoryScale = 1;
#endif
#else
inline constexpr std::size_t kMemoryScale = 1;
#endif

}  // namespace chatapps::support
