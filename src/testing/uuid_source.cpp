#include "testing/uuid_source.hpp"

#include <cstddef>

namespace chatapps::testing {
namespace {

// The lowest `digits` digits.
std::string hex(std::uint64_t number, std::size_t digits) {
  std::string text(digits, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, number >>= 4)
    *digit = "0123456789abcdef"[number & 15];
  return text;
}

}  // namespace

std::string UuidSource::next() {
  const std::uint64_t high = random_();
  const std::uint64_t low = random_();
  const std::uint64_t variant = (low >> 48 & 0x3fff) | 0x8000;
  return hex(high >> 32, 8) + "-" + hex(high >> 16, 4) + "-4" + hex(high, 3) + "-" + hex(variant, 4) + "-" +
         hex(low, 12);
}

}  // namespace chatapps::testing
