/// @file display_width.hpp
/// How many columns a text takes on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace chatapps::cli {

/// Columns of UTF-8 text: East Asian characters and emoji take two, combining marks none.
std::size_t displayWidth(std::string_view text);

/// The text, with blanks up to `columns`. Longer text stays as it is.
std::string padded(std::string_view text, std::size_t columns);

/// The text cut at its end, with `...`, so that it takes no more than `columns`, which is at least 3.
std::string shortened(std::string_view text, std::size_t columns);

/// The text in lines of at most `columns`, broken at blanks where there are any. Never empty.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

}  // namespace chatapps::cli
