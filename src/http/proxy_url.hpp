// Which proxies libcurl understands.
#pragma once

#include <optional>
#include <string>

namespace chatapps::http {

/// The host of a proxy. Nullopt: `url` names none, which takes a scheme (http where there is none), a host, and maybe user,
/// password and port.
std::optional<std::string> hostOfProxy(const std::string& url);

}  // namespace chatapps::http
