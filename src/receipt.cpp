#include "chatapps/receipt.hpp"

#include <cstddef>

namespace chatapps {

bool authorizedBy(std::string_view headerValue, std::string_view expected) noexcept {
  if (expected.empty()) return false;
  // Volatile, so that no compiler ends the loop once the answer is certain.
  volatile unsigned difference = headerValue.size() == expected.size() ? 0 : 1;
  for (std::size_t i = 0, j = 0; i < headerValue.size(); ++i) {
    difference = difference | (static_cast<unsigned char>(headerValue[i]) ^ static_cast<unsigned char>(expected[j]));
    j = j + 1 == expected.size() ? 0 : j + 1;
  }
  return difference == 0;
}

}  // namespace chatapps
