/// @file input_text.hpp
/// A whole file at once.
#pragma once

#include <string>

namespace chatapps::cli {

/// The file's bytes, or those of standard input for `-`; at most a little over 1 MiB, since more is no receipt.
/// Throws InvalidArgumentError when it can not be read.
std::string readAll(const std::string& path);

}  // namespace chatapps::cli
