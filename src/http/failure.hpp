// From libcurl's result codes to what they mean for a call.
#pragma once

#include <curl/curl.h>

#include <string>

#include "chatapps/transport.hpp"

namespace chatapps::http {

/// `text` is what libcurl wrote into its error buffer, `host` where the request went, `sent` whether it had begun to leave.
TransportFailure failureOf(CURLcode code, const std::string& text, const std::string& host, bool sent, int osError);

}  // namespace chatapps::http
