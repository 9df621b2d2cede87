// The text of ids and URLs: what is allowed in it, and how other characters are written.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace chatapps {

/// What a character may be part of, as a table: each call looks at some two hundred.
struct Characters {
  enum : unsigned char { Hex = 1, Alphanumeric = 2, Unreserved = 4 };
  constexpr Characters() noexcept {
    add("0123456789abcdefABCDEF", Hex | Alphanumeric | Unreserved);
    add("ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ", Alphanumeric | Unreserved);
    add("-._", Unreserved);
  }
  constexpr void add(std::string_view characters, int kind) noexcept {
    for (const char c : characters) kinds[static_cast<unsigned char>(c)] = static_cast<unsigned char>(kind);
  }
  constexpr bool are(char c, int kind) const noexcept { return (kinds[static_cast<unsigned char>(c)] & kind) != 0; }
  unsigned char kinds[256] = {};
};
inline constexpr Characters kCharacters;

constexpr bool isAlphanumeric(char c) noexcept { return kCharacters.are(c, Characters::Alphanumeric); }
constexpr bool isHex(char c) noexcept { return kCharacters.are(c, Characters::Hex); }
constexpr bool isUnreserved(char c) noexcept { return kCharacters.are(c, Characters::Unreserved); }

/// `^[A-Za-z0-9\-._&]{3,50}$`
inline bool isSubAccountId(std::string_view text) noexcept {
  return text.size() >= 3 && text.size() <= 50 &&
         std::all_of(text.begin(), text.end(), [](char c) { return isUnreserved(c) || c == '&'; });
}

/// A dashed UUID, either case.
inline bool isUmid(std::string_view text) noexcept {
  return text.size() == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-' &&
         std::count_if(text.begin(), text.end(), isHex) == 32;
}

/// Almost every character stands for itself, so they are appended in runs.
inline void appendPercentEncoded(std::string& url, std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  while (!text.empty()) {
    const auto run = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), isUnreserved) - text.begin());
    url += text.substr(0, run);
    if (run == text.size()) return;
    const auto byte = static_cast<unsigned char>(text[run]);
    url += '%';
    url += kHex[byte >> 4];
    url += kHex[byte & 15];
    text.remove_prefix(run + 1);
  }
}

/// Nullopt for a `%` without two hexadecimal digits.
inline std::optional<std::string> percentDecoded(std::string_view text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size() || !isHex(text[i + 1]) || !isHex(text[i + 2])) return std::nullopt;
    decoded += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
    i += 2;
  }
  return decoded;
}

}  // namespace chatapps
