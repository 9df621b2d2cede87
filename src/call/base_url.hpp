// Where the API is: scheme, host and port, checked before anything is sent there.
#pragma once

#include <string>
#include <string_view>

#include "chatapps/options.hpp"

namespace chatapps::call {

struct BaseUrl {
  std::string text;    ///< `https://host[:port]`, without a trailing slash
  std::string origin;  ///< `https://host:port`, lower case: what a lane is keyed by
  bool loopback = false;
  bool plain = false;  ///< http: only where it is loopback
};

/// Throws InvalidArgumentError naming `baseUrl`: anything beyond scheme, host, port and one trailing slash, and plain http
/// to a host that is not loopback.
BaseUrl parseBaseUrl(std::string_view url);

/// Whether a host, in lower case, is this machine.
bool isLoopback(std::string_view host);

std::string_view regionUrl(Region region);

}  // namespace chatapps::call
