// Writes moments as the API and HTTP do.
#pragma once

#include <string>

#include "chatapps/timestamp.hpp"

namespace chatapps::testing {

/// ISO 8601 with two to seven digits of a second, such as `2020-06-17T04:17:21.06Z`. `zone` is `Z` or `+00:00`.
std::string isoTime(SystemTime moment, const char* zone = "Z");

/// As in the header Date: `Wed, 17 Jun 2020 04:17:21 GMT`.
std::string httpDate(SystemTime moment);

}  // namespace chatapps::testing
