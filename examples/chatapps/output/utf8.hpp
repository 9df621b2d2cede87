/// @file utf8.hpp
/// The next code point of a UTF-8 text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chatapps::cli {

struct CodePoint {
  std::uint32_t value;
  std::size_t bytes;  ///< at least 1
};

/// `text` is not empty. A byte that begins no whole character counts as one character of its own value.
inline CodePoint firstCodePoint(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t lead = byte(0);
  const std::size_t bytes = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (bytes > text.size()) return {lead, 1};
  std::uint32_t value = bytes == 1 ? lead : lead & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {lead, 1};
    value = value << 6U | (byte(i) & 0x3FU);
  }
  return {value, bytes};
}

}  // namespace chatapps::cli
