// Dates as HTTP headers write them.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace chatapps::call {

/// A date in any of the three forms of RFC 9110, section 5.6.7, since 1970. A year of two digits lies from 1970 to 2069.
std::optional<std::chrono::seconds> httpDate(std::string_view text);

}  // namespace chatapps::call
