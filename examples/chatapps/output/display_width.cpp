#include "display_width.hpp"

#include <algorithm>
#include <cstdint>

#include "utf8.hpp"

namespace chatapps::cli {
namespace {

bool within(std::uint32_t c, std::uint32_t first, std::uint32_t last) { return c >= first && c <= last; }

std::size_t columnsOf(std::uint32_t c) {
  if (within(c, 0x0300, 0x036F) || within(c, 0x0E31, 0x0E3A) || within(c, 0x0E47, 0x0E4E) ||
      within(c, 0x20D0, 0x20FF) || within(c, 0xFE00, 0xFE0F)) {
    return 0;  // accents, Thai vowel and tone marks, variation selectors
  }
  if (within(c, 0x1100, 0x115F) || within(c, 0x2E80, 0xA4CF) || within(c, 0xAC00, 0xD7A3) ||
      within(c, 0xF900, 0xFAFF) || within(c, 0xFE30, 0xFE6F) || within(c, 0xFF00, 0xFF60) ||
      within(c, 0xFFE0, 0xFFE6) || within(c, 0x1F300, 0x1FAFF) || within(c, 0x20000, 0x3FFFD)) {
    return 2;
  }
  return 1;
}

/// How many bytes of the text fit into `columns`; at least one character, so that every loop over it ends.
std::size_t bytesThatFit(std::string_view text, std::size_t columns) {
  std::size_t bytes = 0, used = 0;
  while (bytes < text.size()) {
    const auto next = firstCodePoint(text.substr(bytes));
    used += columnsOf(next.value);
    if (used > columns && bytes > 0) break;
    bytes += next.bytes;
  }
  return bytes;
}

}  // namespace

std::size_t displayWidth(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto next = firstCodePoint(text);
    columns += columnsOf(next.value);
    text.remove_prefix(next.bytes);
  }
  return columns;
}

std::string padded(std::string_view text, std::size_t columns) {
  const auto width = displayWidth(text);
  std::string all(text);
  all.append(width < columns ? columns - width : 0, ' ');
  return all;
}

std::string shortened(std::string_view text, std::size_t columns) {
  if (displayWidth(text) <= columns) return std::string(text);
  return std::string(text.substr(0, bytesThatFit(text, columns - 3))) + "...";
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  while (displayWidth(text) > columns) {
    const auto fits = bytesThatFit(text, columns);
    // A blank right behind what fits is a good place to break as well.
    const auto blank = text.substr(0, std::min(fits + 1, text.size())).rfind(' ');
    const auto end = blank == std::string_view::npos || blank == 0 ? fits : blank;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == blank ? end + 1 : end);
  }
  if (!text.empty() || lines.empty()) lines.emplace_back(text);
  return lines;
}

}  // namespace chatapps::cli
