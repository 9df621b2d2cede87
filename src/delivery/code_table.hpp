// What the catalogues of codes are made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "chatapps/codes.hpp"

namespace chatapps::delivery {

struct CodeEntry {
  std::int32_t code;
  CodeClass codeClass;
  const char* text;
  const char* advice = nullptr;  ///< null: what its class advises
};

/// In order of code.
struct CodeTable {
  template <std::size_t N>
  constexpr explicit CodeTable(const CodeEntry (&table)[N]) noexcept : begin(table), end(table + N) {}

  /// Null where it is not in the table.
  constexpr const CodeEntry* find(std::int64_t code) const noexcept {
    for (const CodeEntry* entry = begin; entry != end; ++entry) {
      if (entry->code == code) return entry;
    }
    return nullptr;
  }
  constexpr bool isInOrder() const noexcept {
    for (const CodeEntry* entry = begin + 1; entry != end; ++entry) {
      if (entry[-1].code >= entry->code) return false;
    }
    return true;
  }

  const CodeEntry* begin;
  const CodeEntry* end;
};

/// What is said of a code, by its entry; null: it is not known.
std::string textOf(const CodeEntry* entry, std::int64_t code);
CodeClass classOf(const CodeEntry* entry) noexcept;
std::string_view adviceOf(const CodeEntry* entry) noexcept;

}  // namespace chatapps::delivery
