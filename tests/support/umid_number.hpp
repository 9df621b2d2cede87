// Umids that tests can count.
#pragma once

#include <string>

namespace chatapps::support {

/// `00000000-0000-4000-8000-000000000042` for 42.
inline std::string umidNumber(int number) {
  const std::string digits = std::to_string(number);
  return "00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

}  // namespace chatapps::support
