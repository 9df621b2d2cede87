/// @file completions.hpp
/// Scripts by which shells complete the program's commands, options and their values.
#pragma once

#include <string>

#include "manual/outline.hpp"

namespace chatapps::cli {

std::string bashCompletion(const Outline& outline);
std::string zshCompletion(const Outline& outline);
std::string fishCompletion(const Outline& outline);

}  // namespace chatapps::cli
