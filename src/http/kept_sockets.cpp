#include "http/kept_sockets.hpp"

#include <cstddef>
#include <new>

#ifndef _WIN32
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace chatapps::http {
namespace {

#ifndef _WIN32
long localPortOf(curl_socket_t socket) noexcept {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}
#endif

}  // namespace

KeptSockets::Socket* KeptSockets::find(curl_socket_t number) noexcept {
  for (Socket& one : open_) {
    if (one.number == number) return &one;
  }
  return nullptr;
}

int KeptSockets::opened(void* self, curl_socket_t socket, curlsocktype) noexcept {
  auto& sockets = *static_cast<KeptSockets*>(self);
  if (Socket* const before = sockets.find(socket)) {
    before->localPort = 0;
    return CURL_SOCKOPT_OK;
  }
  try {
    sockets.open_.push_back({socket, 0});
  } catch (const std::bad_alloc&) {
    return CURL_SOCKOPT_ERROR;  // its requests would leave unseen
  }
  return CURL_SOCKOPT_OK;
}

int KeptSockets::close(void* self, curl_socket_t socket) noexcept {
  auto& sockets = *static_cast<KeptSockets*>(self);
  if (Socket* const one = sockets.find(socket)) {
    *one = sockets.open_.back();
    sockets.open_.pop_back();
  }
#ifdef _WIN32
  return closesocket(socket);
#else
  return ::close(socket);
#endif
}

#ifdef _WIN32
void KeptSockets::remember(long) noexcept {}
bool KeptSockets::hasUnreadBytes(long) const noexcept { return false; }
#else
void KeptSockets::remember(long localPort) noexcept {
  for (std::size_t i = 0; i < open_.size();) {
    Socket& one = open_[i];
    const long port = one.localPort != 0 ? one.localPort : localPortOf(one.number);
    if (port == localPort) one.localPort = port;
    if (port != 0) {
      ++i;
    } else {  // it was closed
      one = open_.back();
      open_.pop_back();
    }
  }
}

bool KeptSockets::hasUnreadBytes(long localPort) const noexcept {
  for (const Socket& one : open_) {
    char byte = 0;
    if (one.localPort == localPort) return recv(one.number, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
  }
  return false;
}
#endif

}  // namespace chatapps::http
