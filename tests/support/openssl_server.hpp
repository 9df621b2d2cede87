// A TLS 1.3 server that refuses clients without a certificate with an alert, which nginx never does.
#pragma once

#include <string>

#include "listener.hpp"
#include "process.hpp"

namespace chatapps::support {

/// `openssl s_server` with the certificate "right", beside a test. To a client with a certificate of the authority it
/// answers each GET with an HTML page.
class OpensslServer {
 public:
  OpensslServer();

  std::string url() const { return "https://localhost:" + std::to_string(port_.number()); }
  /// Whether it turned a client away for lack of a certificate; waits for that.
  bool hasRefusedAClient() { return process_.waitForError("peer did not return a certificate"); }

 private:
  ReservedPort port_;
  Process process_;
};

}  // namespace chatapps::support
