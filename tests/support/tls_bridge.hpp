// TLS in front of a FaultServer, whose scripts then see and say the plain bytes.
#pragma once

#include <string>
#include <vector>

#include "fault_server.hpp"
#include "listener.hpp"
#include "process.hpp"

namespace chatapps::support {

/// `openssl s_server` with the certificate "right", whose standard input and output are one connection to the server.
/// It takes one client after the other, and passes on what all of them say over that connection.
class TlsBridge {
 public:
  explicit TlsBridge(const FaultServer& server, const std::vector<std::string>& arguments = {});

  int port() const { return port_.number(); }
  std::string url() const { return "https://localhost:" + std::to_string(port_.number()); }
  /// Ends without a word of TLS: no close_notify.
  void kill() { process_.signal(9); }

 private:
  ReservedPort port_;
  Process process_;
};

}  // namespace chatapps::support
