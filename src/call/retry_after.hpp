// How long an answer asks to wait before the next request.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "chatapps/timestamp.hpp"
#include "chatapps/transport.hpp"

namespace chatapps::call {

/// The largest valid Retry-After header or the error message's "try again in N second(s)", whichever is longer; nullopt
/// where neither says anything valid. A date counts from the answer's own Date header, or from `utcNow` without a valid
/// one; a date in the past is 0.
std::optional<std::chrono::milliseconds> retryAfter(const HttpResponse& response,
                                                    const std::optional<std::string>& message, SystemTime utcNow);

}  // namespace chatapps::call
