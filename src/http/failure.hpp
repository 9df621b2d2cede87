// From libcurl's result codes to what they mean for a call.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <string>

#include "chatapps/transport.hpp"

namespace chatapps::http {

/// `text` is what libcurl wrote into its error buffer, `host` where the request went, `sent` whether it had begun to leave.
TransportFailure failureOf(CURLcode code, const std::string& text, const std::string& host, bool sent, int osError);

/// The body of the answer, which had this status, is larger than `most` bytes.
TransportFailure tooLarge(std::size_t most, int status);

}  // namespace chatapps::http
