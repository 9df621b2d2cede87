#include "tls_bridge.hpp"

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "nginx.hpp"

namespace chatapps::support {
namespace {

Command command(const TemporaryFolder& folder, int port, const FaultServer& server, const std::string& alpn) {
  const std::string pem = folder.file("right.pem");  // haproxy wants the certificate and its key in one file
  std::ofstream(pem) << readFile(certificates().file("right.pem")) << readFile(certificates().file("right.key"));
  const std::string configuration = folder.file("haproxy.cfg");
  std::ofstream(configuration)
      << "defaults\n  mode tcp\n  timeout connect 1m\n  timeout client 1m\n  timeout server 1m\n"
      << "listen bridge\n  bind 127.0.0.1:" << port << " ssl crt " << pem << " alpn " << alpn
      << "\n  server faults 127.0.0.1:" << server.port() << "\n";
  // Debian keeps it in sbin, which is not in everybody's PATH.
  return {{"sh", "-c", "PATH=$PATH:/usr/sbin:/usr/local/sbin exec haproxy -db -f \"$0\"", configuration}, {}};
}

}  // namespace

TlsBridge::TlsBridge(const FaultServer& server, const std::string& alpn)
    : process_(command(folder_, port_.number(), server, alpn)) {
  for (int tries = 0; tries < 1000; ++tries) {
    const int socket = connectTo(port_.number());
    if (socket >= 0) {
      ::close(socket);  // a client that leaves before its handshake, which does no harm
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error("haproxy does not start");
}

}  // namespace chatapps::support
