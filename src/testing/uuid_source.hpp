// Made-up UUIDs that are the same for the same seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace chatapps::testing {

/// Not thread-safe.
class UuidSource {
 public:
  explicit UuidSource(std::uint64_t seed) : random_(seed) {}

  /// A version 4 UUID in lower case.
  std::string next();

 private:
  std::mt19937_64 random_;  // its sequence is fixed by the C++ standard
};

}  // namespace chatapps::testing
