/// @file printable.hpp
/// Makes text that came from elsewhere safe to show.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "chatapps/export.hpp"

namespace chatapps {

/// The text with everything that a terminal or a log could act on written as `\n`, `\x1b` or `\u202e`: control characters,
/// DEL, C1, bidirectional and zero-width marks, and bytes that are not UTF-8.
/// At most `maxBytes` bytes of input are shown; what is cut is said as `... (N bytes)`.
CHATAPPS_EXPORT std::string printable(std::string_view text, std::size_t maxBytes = 1024);

}  // namespace chatapps
