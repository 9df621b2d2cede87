#include "http/kept_sockets.hpp"

#include <iterator>
#include <new>

#ifndef _WIN32
#include <netinet/in.h>
#include <sys/socket.h>
#endif

namespace chatapps::http {
namespace {

constexpr std::size_t kMost = 1024;  // ports of connections that are gone stay in the table until then

}  // namespace

void KeptSockets::remember(long localPort, curl_socket_t socket) {
  if (localPort <= 0 || socket == CURL_SOCKET_BAD) return;
  if (byPort_.size() >= kMost && byPort_.count(localPort) == 0) forgetIdle();
  byPort_[localPort].socket = socket;
}

void KeptSockets::begin(long localPort) noexcept {
  try {
    ++byPort_[localPort].underWay;
  } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): at worst a connection is replaced
  }
}

void KeptSockets::end(long localPort) noexcept {
  const auto kept = byPort_.find(localPort);
  if (kept != byPort_.end() && kept->second.underWay > 0) --kept->second.underWay;
}

void KeptSockets::forgetIdle() {
  for (auto kept = byPort_.begin(); kept != byPort_.end();) {
    kept = kept->second.underWay > 0 ? std::next(kept) : byPort_.erase(kept);
  }
}

#ifdef _WIN32
bool KeptSockets::hasUnreadBytes(long) const { return false; }
#else
bool KeptSockets::hasUnreadBytes(long localPort) const {
  const auto kept = byPort_.find(localPort);
  if (kept == byPort_.end() || kept->second.socket == CURL_SOCKET_BAD || kept->second.underWay > 0) return false;
  // The descriptor may have been closed and given to something else since.
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(kept->second.socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return false;
  const in_port_t port = address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                                       : reinterpret_cast<const sockaddr_in&>(address).sin_port;
  char byte = 0;
  return ntohs(port) == localPort && recv(kept->second.socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
}
#endif

}  // namespace chatapps::http
