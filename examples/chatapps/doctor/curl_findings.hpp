/// @file curl_findings.hpp
/// What the libcurl that this program runs with can do.
#pragma once

#include <string>

#include "doctor/finding.hpp"

namespace chatapps::cli {

/// Versions, TLS, asynchronous name lookup, and the callback that keeps one slot to one request.
Findings curlFindings();

/// Which certificate authorities are trusted: those of `caFile`, or libcurl's own where it is empty. Where they are not
/// `used`, none is no problem.
Finding authoritiesFinding(const std::string& caFile, bool used);

}  // namespace chatapps::cli
