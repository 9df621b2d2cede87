// How the programs that make one call after another measure it: they differ in the call alone.
//   PROGRAM VARIANT URL CALLS [CA_FILE]     prints "cpu_us N", "wall_us N" and "allocations N", each of one call
// Started twice under callgrind with two CALLS, the difference is what a call costs, without start and warm-up.
#pragma once

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "benchmark/allocation_count.hpp"
#include "benchmark/cpu_time.hpp"

namespace chatapps::testing {

inline constexpr const char* kSubAccount = "sub_account_id";
inline constexpr const char* kUmid = "dec02e44-c76f-4a0a-b69f-6ac2a4386eb9";
inline constexpr const char* kKey = "benchmark-key";

inline std::string messagePath(const std::string& subAccount = kSubAccount) {
  return "/api/v1/subaccounts/" + subAccount + "/messages/" + kUmid;
}

/// `call()` makes one, and is false where its answer was not the one record.
template <class Call>
int measureCalls(long calls, Call call) {
  constexpr long kWarmUp = 20;
  long good = 0;
  for (long i = 0; i < kWarmUp; ++i) good += call() ? 1 : 0;
  const std::size_t allocationsBefore = allocations();
  const double cpuBefore = cpuMicroseconds();
  const auto start = std::chrono::steady_clock::now();
  for (long i = 0; i < calls; ++i) good += call() ? 1 : 0;
  const std::chrono::duration<double, std::micro> wall = std::chrono::steady_clock::now() - start;
  const double cpu = cpuMicroseconds() - cpuBefore, each = 1.0 / static_cast<double>(calls);
  const auto allocated = static_cast<double>(allocations() - allocationsBefore);
  std::printf("cpu_us %.3f\nwall_us %.3f\nallocations %.2f\n", cpu * each, wall.count() * each, allocated * each);
  if (good == calls + kWarmUp) return 0;
  std::fprintf(stderr, "%ld of %ld calls failed\n", calls + kWarmUp - good, calls + kWarmUp);
  return 1;
}

/// What `main` is given.
struct Arguments {
  std::string variant, url, caFile;
  long calls = 0;
};

/// `run(arguments)` gives the exit code.
template <class Run>
int withArguments(int argc, char** argv, Run run) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: %s VARIANT URL CALLS [CA_FILE]\n", argv[0]);
    return 2;
  }
  try {
    return run(Arguments{argv[1], argv[2], argc > 4 ? argv[4] : "", std::atol(argv[3])});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s %s: %s\n", argv[0], argv[1], error.what());
    return 1;
  }
}

inline int unknownVariant(const Arguments& arguments) {
  std::fprintf(stderr, "there is no variant %s\n", arguments.variant.c_str());
  return 2;
}

}  // namespace chatapps::testing
