#include "listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace chatapps::support {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// A socket bound to a free port; the port is written to `port`.
int boundSocket(int& port, bool reusable) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = reusable ? 1 : 0;
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (socket < 0 || ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    const int error = errno;
    if (socket >= 0) ::close(socket);
    throw std::system_error(error, std::generic_category(), "no port for a test server");
  }
  port = ntohs(address.sin_port);
  return socket;
}

}  // namespace

Listener::Listener(int backlog) : descriptor_(boundSocket(port_, false)) {
  if (::listen(descriptor_, backlog) != 0) {
    const int error = errno;
    ::close(descriptor_);
    throw std::system_error(error, std::generic_category(), "a test server can not listen");
  }
}

Listener::~Listener() { ::close(descriptor_); }

// Linux lets a second socket bind to the port as long as both may reuse it and neither listens.
ReservedPort::ReservedPort() : descriptor_(boundSocket(number_, true)) {}

ReservedPort::~ReservedPort() { ::close(descriptor_); }

int connectTo(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (socket >= 0 && ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
  if (socket >= 0) ::close(socket);
  return -1;
}

int startConnecting(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const sockaddr_in address = loopback(port);
  if (socket >= 0) ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return socket;
}

void sendAtOnce(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace chatapps::support
