// Lower case of ASCII letters, whatever the program's locale says.
#pragma once

#include <string>
#include <string_view>

namespace chatapps {

constexpr char lowerCase(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string lowerCase(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = lowerCase(c);
  return result;
}

}  // namespace chatapps
