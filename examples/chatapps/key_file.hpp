/// @file key_file.hpp
/// An API key from a file.
#pragma once

#include <string>

namespace chatapps::cli {

/// What the file holds, without the line breaks at its end. Throws InvalidArgumentError when it can not be read.
std::string readKeyFile(const std::string& path);

}  // namespace chatapps::cli
