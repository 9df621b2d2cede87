/// @file probe.hpp
/// One request to the server, without the API key: can it be reached, is it who it says, and what is its time?
#pragma once

#include <chatapps/options.hpp>
#include <functional>
#include <string>

#include "doctor/finding.hpp"

namespace chatapps::cli {

/// Scheme, host and port that these options lead to.
std::string serverOf(const ClientOptions& options);

/// Sends one request to the server's root, over the same way as calls take, and tells what came back and by how much
/// the clocks differ. `interrupted` is asked now and then; once it says so, the request is given up. Empty then.
Findings probe(const ClientOptions& options, const std::function<bool()>& interrupted);

/// What the clocks say: `ahead` is how many seconds this machine's is ahead of the server's.
Finding clockFinding(long ahead);

}  // namespace chatapps::cli
