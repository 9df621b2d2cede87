// TLS in front of a FaultServer, whose scripts then see and say the plain bytes.
#pragma once

#include <string>

#include "fault_server.hpp"
#include "listener.hpp"
#include "process.hpp"
#include "temporary_folder.hpp"

namespace chatapps::support {

/// haproxy with the certificate "right": each client gets a connection of its own to the server.
class TlsBridge {
 public:
  /// `alpn` is the only protocol that it offers: `h2` or `http/1.1`.
  explicit TlsBridge(const FaultServer& server, const std::string& alpn = "http/1.1");

  int port() const { return port_.number(); }
  std::string url() const { return "https://localhost:" + std::to_string(port_.number()); }
  /// Ends without a word of TLS: no close_notify.
  void kill() { process_.signal(9); }

 private:
  TemporaryFolder folder_;
  ReservedPort port_;
  Process process_;
};

}  // namespace chatapps::support
