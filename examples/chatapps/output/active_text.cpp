#include "active_text.hpp"

#include <cstdint>
#include <cstdio>

#include "utf8.hpp"

namespace chatapps::cli {
namespace {

bool within(std::uint32_t c, std::uint32_t first, std::uint32_t last) { return c >= first && c <= last; }

bool isActive(std::uint32_t c) {
  return c < 0x20 || within(c, 0x7F, 0x9F) ||  // controls, DEL, C1
         c == 0xAD || c == 0x061C || within(c, 0x200B, 0x200F) ||
         within(c, 0x2028, 0x202E) ||  // marks that do not show
         within(c, 0x2060, 0x206F) || c == 0xFEFF;
}

}  // namespace

std::string escapeActiveText(std::string_view text, Keep keep) {
  std::string escaped;
  escaped.reserve(text.size());
  while (!text.empty()) {
    const auto [c, bytes] = firstCodePoint(text);
    const bool kept = keep == Keep::LineBreaks && (c == '\t' || c == '\r' || c == '\n');
    if (isActive(c) && !kept) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
      escaped += code;
    } else {
      escaped += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  return escaped;
}

}  // namespace chatapps::cli
