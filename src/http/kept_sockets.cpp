#include "http/kept_sockets.hpp"

#include <cstddef>
#include <new>
#include <utility>

#ifndef _WIN32
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace chatapps::http {
namespace {

constexpr std::chrono::milliseconds kTrusted(2);

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

KeptSockets::Socket* KeptSockets::kept(long localPort) noexcept {
  for (Socket& one : open_) {
    if (localPort != 0 && one.localPort == localPort) return &one;
  }
  return nullptr;
}

int KeptSockets::opened(void* self, curl_socket_t socket, curlsocktype) noexcept {
  auto& sockets = *static_cast<KeptSockets*>(self);
  if (Socket* const before = sockets.find(socket)) {
    *before = {socket};
    return CURL_SOCKOPT_OK;
  }
  try {
    sockets.open_.push_back({socket});
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

void KeptSockets::release(long localPort) noexcept {
  Socket* const one = kept(localPort);
  if (one && one->requests > 0) --one->requests;
}

#ifdef _WIN32
void KeptSockets::remember(long) noexcept {}
void KeptSockets::look() noexcept {}
bool KeptSockets::take(long) noexcept { return true; }
#else
void KeptSockets::remember(long localPort) noexcept {
  for (std::size_t i = 0; i < open_.size();) {
    Socket& one = open_[i];
    const long port = one.localPort != 0 ? one.localPort : localPortOf(one.number);
    if (port == localPort) {
      one.localPort = port;
      one.requests = 1;
      one.wasUsed = true;
    }
    if (port != 0) {
      ++i;
    } else {  // it was closed
      one = open_.back();
      open_.pop_back();
    }
  }
}

void KeptSockets::look() noexcept {
  try {
    std::vector<pollfd> idle;
    idle.reserve(open_.size());
    for (const Socket& one : open_) {
      if (one.isLookedAt()) idle.push_back({one.number, POLLIN, 0});
    }
    if (poll(idle.data(), idle.size(), 0) < 0) return;
    lookedAt_ = std::chrono::steady_clock::now();
    auto seen = idle.begin();
    for (Socket& one : open_) {
      one.wasQuiet = one.isLookedAt() && (seen++)->revents == 0;
      if (one.requests == 0) one.wasUsed = false;
    }
  } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): each is looked at by itself
  }
}

bool KeptSockets::take(long localPort) noexcept {
  Socket* const one = kept(localPort);
  if (!one) return true;
  const bool wasQuiet = std::exchange(one->wasQuiet, false);
  char byte = 0;
  if ((!wasQuiet || std::chrono::steady_clock::now() - lookedAt_ > kTrusted) &&
      recv(one->number, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0)
    return false;
  ++one->requests;
  one->wasUsed = true;
  return true;
}
#endif

}  // namespace chatapps::http
