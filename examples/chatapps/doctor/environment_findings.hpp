/// @file environment_findings.hpp
/// What the environment changes about the way to the server.
#pragma once

#include <optional>
#include <string>

#include "doctor/finding.hpp"

namespace chatapps::cli {

/// The proxy that is used, and where it was said. `given` is what `--proxy` said.
Findings proxyFindings(const std::optional<std::string>& given);

/// A note where TLS session keys are written to a file; nothing else.
Findings keyLogFindings();

/// The URL without user and password.
std::string withoutCredentials(const std::string& url);

}  // namespace chatapps::cli
