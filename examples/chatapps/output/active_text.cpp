#include "active_text.hpp"

#include <cstdint>
#include <cstdio>

#include "utf8.hpp"

namespace chatapps::cli {
namespace {

/// The same characters that `chatapps::printable` escapes.
bool isActive(std::uint32_t c) {
  struct Range {
    std::uint32_t first, last;
  };
  constexpr Range kRanges[] = {
      {0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},     {0x61C, 0x61C},   {0x180E, 0x180E},   {0x200B, 0x200F},
      {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
  };
  for (const auto& range : kRanges) {
    if (c >= range.first && c <= range.last) return true;
  }
  return false;
}

std::string escaped(std::uint32_t c) {
  char code[16];
  if (c < 0x10000) {
    std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
  } else {
    const auto rest = static_cast<unsigned>(c - 0x10000);
    std::snprintf(code, sizeof code, "\\u%04x\\u%04x", 0xD800U + (rest >> 10U), 0xDC00U + (rest & 0x3FFU));
  }
  return code;
}

}  // namespace

std::string escapeActiveText(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const auto [c, bytes] = firstCodePoint(text);
    const bool isLayout = c == '\t' || c == '\r' || c == '\n';
    if (isActive(c) && !isLayout) {
      shown += escaped(c);
    } else {
      shown += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  return shown;
}

}  // namespace chatapps::cli
