/// @file active_text.hpp
/// Text that a terminal could act on, escaped the way JSON does it.
#pragma once

#include <string>
#include <string_view>

namespace chatapps::cli {

enum class Keep { Nothing, LineBreaks };

/// Control characters, DEL, C1, bidirectional and zero-width marks of UTF-8 text as `\u001b`. Inside the strings of a
/// JSON text this changes nothing of what it means. `Keep::LineBreaks` lets tab, CR and LF stand.
std::string escapeActiveText(std::string_view text, Keep keep);

}  // namespace chatapps::cli
