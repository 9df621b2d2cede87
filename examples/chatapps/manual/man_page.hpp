/// @file man_page.hpp
/// The manual page, for section 1.
#pragma once

#include <string>

#include "manual/outline.hpp"

namespace chatapps::cli {

/// In roff, with the macros of man(7).
std::string manPage(const Outline& outline);

}  // namespace chatapps::cli
