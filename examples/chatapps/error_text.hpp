/// @file error_text.hpp
/// An error as people read it.
#pragma once

#include <exception>
#include <string>

namespace chatapps::cli {

/// One or two lines with their line breaks: what happened, and what to do next.
std::string errorText(const std::exception& error);

}  // namespace chatapps::cli
