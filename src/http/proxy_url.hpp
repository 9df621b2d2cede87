// Which proxies libcurl understands.
#pragma once

#include <string>

namespace chatapps::http {

/// Whether `url` names a proxy: scheme (http where there is none), host, optional user, password and port.
bool isProxyUrl(const std::string& url);

}  // namespace chatapps::http
