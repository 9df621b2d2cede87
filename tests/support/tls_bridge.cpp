#include "tls_bridge.hpp"

#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "nginx.hpp"

namespace chatapps::support {
namespace {

Command command(int port, const FaultServer& server, const std::vector<std::string>& arguments) {
  Command bridge{{"bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/\"$0\" && exec openssl s_server -quiet \"$@\" <&3 >&3",
                  std::to_string(server.port()), "-accept", "127.0.0.1:" + std::to_string(port), "-cert",
                  certificates().file("right.pem"), "-key", certificates().file("right.key")},
                 {}};
  bridge.argv.insert(bridge.argv.end(), arguments.begin(), arguments.end());
  return bridge;
}

}  // namespace

TlsBridge::TlsBridge(const FaultServer& server, const std::vector<std::string>& arguments)
    : process_(command(port_.number(), server, arguments)) {
  for (int tries = 0; tries < 1000; ++tries) {
    const int socket = connectTo(port_.number());
    if (socket >= 0) {
      ::close(socket);  // a client that leaves before its handshake, which does no harm
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error("openssl s_server does not start");
}

}  // namespace chatapps::support
