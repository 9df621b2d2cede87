// How the programs that keep many calls in flight measure them.
//   PROGRAM VARIANT URL CALLS IN_FLIGHT     prints "calls_per_second N", "cpu_us N" of one call, and "peak_mb N"
// Each call is for a subaccount of its own.
#pragma once

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "benchmark/cpu_time.hpp"
#include "support/memory.hpp"

namespace chatapps::testing {

struct ManyCalls {
  std::string variant, url;
  long calls = 0, inFlight = 0;
};

inline std::string subAccount(long number) { return "account-" + std::to_string(number); }

/// `makeThem()` makes them all and gives how many succeeded.
template <class Make>
int measureMany(const ManyCalls& asked, Make makeThem) {
  const double cpuBefore = cpuMicroseconds();
  const auto start = std::chrono::steady_clock::now();
  const long good = makeThem();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  std::printf("calls_per_second %.0f\ncpu_us %.3f\npeak_mb %.2f\n", static_cast<double>(asked.calls) / wall.count(),
              (cpuMicroseconds() - cpuBefore) / static_cast<double>(asked.calls),
              static_cast<double>(support::peakMemoryBytes()) / 1e6);
  if (good == asked.calls) return 0;
  std::fprintf(stderr, "%ld of %ld calls failed\n", asked.calls - good, asked.calls);
  return 1;
}

/// `run(asked)` gives the exit code.
template <class Run>
int withManyCalls(int argc, char** argv, Run run) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: %s VARIANT URL CALLS IN_FLIGHT\n", argv[0]);
    return 2;
  }
  try {
    return run(ManyCalls{argv[1], argv[2], std::atol(argv[3]), std::atol(argv[4])});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s %s: %s\n", argv[0], argv[1], error.what());
    return 1;
  }
}

}  // namespace chatapps::testing
