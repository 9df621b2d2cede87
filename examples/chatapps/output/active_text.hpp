/// @file active_text.hpp
/// Text that a terminal could act on, escaped the way JSON does it.
#pragma once

#include <string>
#include <string_view>

namespace chatapps::cli {

/// Control characters, DEL, C1, bidirectional and zero-width marks of UTF-8 text as `\u001b`; tab, CR and LF stand. Done
/// to a whole JSON text, this changes nothing of what it means.
std::string escapeActiveText(std::string_view text);

}  // namespace chatapps::cli
