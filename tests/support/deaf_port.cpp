#include "deaf_port.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>

namespace chatapps::support {

namespace {

template <class Connect>
std::vector<int> fill(Connect startConnectingToIt) {
  std::vector<int> fillers;
  for (int i = 0; i < 16; ++i) {
    fillers.push_back(startConnectingToIt());
    pollfd connected{fillers.back(), POLLOUT, 0};
    if (::poll(&connected, 1, 50) == 0) return fillers;  // this one hangs, and so will the next
  }
  throw std::runtime_error("the queue of a listening socket does not fill up");
}

}  // namespace

DeafPort::DeafPort() : fillers_(fill([this] { return startConnecting(port()); })) {}

DeafPort::~DeafPort() {
  for (const int filler : fillers_) ::close(filler);
}

DeafIpv6Port::DeafIpv6Port(int port) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(static_cast<std::uint16_t>(port));
  address.sin6_addr = in6addr_loopback;
  const auto* const place = reinterpret_cast<const sockaddr*>(&address);
  const int socket = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0 || ::bind(socket, place, sizeof address) != 0 || ::listen(socket, 0) != 0) {
    if (socket >= 0) ::close(socket);
    return;
  }
  listener_ = socket;
  fillers_ = fill([&] {
    const int filler = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    ::connect(filler, place, sizeof address);
    return filler;
  });
}

DeafIpv6Port::~DeafIpv6Port() {
  if (listener_ >= 0) ::close(listener_);
  for (const int filler : fillers_) ::close(filler);
}

}  // namespace chatapps::support
