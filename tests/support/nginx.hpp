// The real nginx with TLS, beside a test.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "listener.hpp"
#include "process.hpp"
#include "temporary_folder.hpp"

namespace chatapps::support {

/// Certificates of an own authority, made by `certificates.sh`: `file("ca.pem")`, `file("right.pem")`,
/// `file("right.key")` and so on. Made once for all tests of a process.
const TemporaryFolder& certificates();

/// Starts nginx in the foreground as this user, and ends it when this goes. It passes every request on to `upstream`
/// (such as `http://127.0.0.1:34567`) from several ports, each with a name:
///   right, wrong-host, expired, not-yet-valid, unknown-ca   that certificate, TLS 1.2 and 1.3
///   tls11, tls12, tls13                                     the right certificate, that version alone
///   http2                                                   the right certificate, HTTP/2 offered
///   client-certificate                                      TLS 1.3; answers 400 to clients without a certificate
///   rotated                                                 what `rotateTo` says at the time of each handshake
class Nginx {
 public:
  explicit Nginx(const std::string& upstream);

  int port(const std::string& name) const { return ports_.at(name)->number(); }
  std::string url(const std::string& name) const { return "https://localhost:" + std::to_string(port(name)); }
  void rotateTo(const std::string& certificate);  ///< at the port `rotated`, from the next connection on

  /// Requests that were answered through that port; handshakes that failed there. Counted from nginx's logs, so wait
  /// for them: both give the count as soon as it reaches `atLeast`, or what there is after ten seconds.
  std::size_t requests(const std::string& port, std::size_t atLeast = 0) const;
  std::size_t failedHandshakes(const std::string& port, std::size_t atLeast = 0) const;

 private:
  std::size_t linesWith(const char* log, const std::string& a, const std::string& b, std::size_t atLeast) const;

  TemporaryFolder folder_;
  std::map<std::string, std::unique_ptr<ReservedPort>> ports_;
  std::unique_ptr<Process> process_;
};

}  // namespace chatapps::support
