#include "http/kept_sockets.hpp"

#ifndef _WIN32
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace chatapps::http {

void KeptSockets::remember(long localPort, curl_socket_t socket) {
  if (localPort > 0 && socket != CURL_SOCKET_BAD) byPort_[localPort] = socket;
}

int KeptSockets::close(void* self, curl_socket_t socket) noexcept {
  auto& byPort = static_cast<KeptSockets*>(self)->byPort_;
  for (auto kept = byPort.begin(); kept != byPort.end();) kept = kept->second == socket ? byPort.erase(kept) : ++kept;
#ifdef _WIN32
  return closesocket(socket);
#else
  return ::close(socket);
#endif
}

bool KeptSockets::hasUnreadBytes(long localPort) const {
#ifdef _WIN32
  static_cast<void>(localPort);
  return false;
#else
  const auto kept = byPort_.find(localPort);
  char byte = 0;
  return kept != byPort_.end() && recv(kept->second, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
#endif
}

}  // namespace chatapps::http
