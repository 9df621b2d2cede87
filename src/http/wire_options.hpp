// What all requests of a client have in common on the wire.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "chatapps/options.hpp"

namespace chatapps::http {

struct WireOptions {
  TlsOptions tls;
  std::optional<std::string> proxy;  ///< as in ClientOptions
  bool loopback = false;             ///< plain http is allowed, and the environment's proxies are not
  std::string baseUrl;               ///< scheme, host and port, with which each request's URL begins
  std::chrono::milliseconds connectTimeout{};
  std::size_t maxBodyBytes = 0;
  std::shared_ptr<Clock> clock;  ///< not null
};

}  // namespace chatapps::http
