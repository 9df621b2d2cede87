/// @file pacing_finding.hpp
/// The file through which the programs of one user share the rate limit.
#pragma once

#include <string>

#include "doctor/finding.hpp"

namespace chatapps::cli {

/// Looks only: makes nothing. `given` is what `--pacing-file` said; empty: the user's own place. A file that can not be
/// used is a note, since calls then keep to the limit within their own process.
Finding pacingFileFinding(const std::string& given);

}  // namespace chatapps::cli
