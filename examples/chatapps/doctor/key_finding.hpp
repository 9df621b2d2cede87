/// @file key_finding.hpp
/// Whether there is an API key that can be sent.
#pragma once

#include <string>

#include "doctor/finding.hpp"

namespace chatapps::cli {

/// Tells where the key is from, its length and what is wrong with it, never a character of it. `file` is what
/// `--api-key-file` said, or empty.
Finding keyFinding(const std::string& file);

}  // namespace chatapps::cli
