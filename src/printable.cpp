#include "chatapps/printable.hpp"

#include <cstdint>

namespace chatapps {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 1;
  bool valid = false;  // else it is one byte that is not UTF-8
};

/// The first character of a text that is not empty, by the table of well-formed sequences in the Unicode standard.
Character first(std::string_view text) noexcept {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {lead};
  std::uint32_t code = lead & (0x7Fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {lead};
    code = code << 6 | (byte(i) & 0x3Fu);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kSmallest[bytes] || surrogate || code > 0x10FFFF) return {lead};
  return {code, bytes, true};
}

/// What a terminal acts on, what turns or hides text, and what breaks a line.
bool actsOnReader(std::uint32_t code) noexcept {
  struct Range {
    std::uint32_t first, last;
  };
  constexpr Range kRanges[] = {
      {0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},     {0x61C, 0x61C},   {0x180E, 0x180E},   {0x200B, 0x200F},
      {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
  };
  for (const Range& range : kRanges) {
    if (code >= range.first && code <= range.last) return true;
  }
  return false;
}

void escape(char kind, std::uint32_t code, int digits, std::string& out) {
  out += '\\';
  out += kind;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += "0123456789abcdef"[code >> shift & 0xF];
}

void append(const Character& character, std::string_view bytes, std::string& out) {
  const std::uint32_t code = character.code;
  if (!character.valid) return escape('x', code, 2, out);
  if (!actsOnReader(code)) {
    out += bytes;
    return;
  }
  switch (code) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (code < 0x80) return escape('x', code, 2, out);
  if (code < 0x10000) return escape('u', code, 4, out);
  escape('U', code, 8, out);
}

}  // namespace

std::string printable(std::string_view text, std::size_t maxBytes) {
  std::string out;
  std::size_t shown = 0;
  while (!text.empty()) {
    const Character character = first(text);
    if (character.bytes > maxBytes - shown) break;
    append(character, text.substr(0, character.bytes), out);
    text.remove_prefix(character.bytes);
    shown += character.bytes;
  }
  if (!text.empty()) out += "... (" + std::to_string(text.size()) + " bytes)";
  return out;
}

}  // namespace chatapps
