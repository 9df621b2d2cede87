#include "testing/uuid_source.hpp"

#include <array>
#include <cinttypes>
#include <cstdio>

namespace chatapps::testing {

std::string UuidSource::next() {
  const std::uint64_t high = random_();
  const std::uint64_t low = random_();
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%08" PRIx64 "-%04" PRIx64 "-4%03" PRIx64 "-%04" PRIx64 "-%012" PRIx64,
                high >> 32, high >> 16 & 0xffff, high & 0xfff, (low >> 48 & 0x3fff) | 0x8000, low & 0xffffffffffff);
  return text.data();
}

}  // namespace chatapps::testing
