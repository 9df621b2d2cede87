// The CPU time of this process.
#pragma once

#include <sys/resource.h>

namespace chatapps::testing {

/// User and system, of all threads.
inline double cpuMicroseconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return 1e6 * static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

}  // namespace chatapps::testing
