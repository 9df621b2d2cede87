// Waits for sockets with finer steps than libcurl's whole milliseconds.
#pragma once

#include <curl/curl.h>

#include "chatapps/clock.hpp"

namespace chatapps::http {

/// As curl_multi_poll, at most `atMost` long.
void preciseWait(CURLM* multi, Clock::duration atMost);

}  // namespace chatapps::http
