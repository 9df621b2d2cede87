// The sockets of kept connections: libcurl tells which one it used only once a transfer is over, and by its local port when
// it is about to send over it again.
#pragma once

#include <curl/curl.h>

#include <unordered_map>

namespace chatapps::http {

/// Not thread-safe.
class KeptSockets {
 public:
  void remember(long localPort, curl_socket_t socket);
  /// Whether the server has spoken, or hung up, before it was asked over this connection.
  bool hasUnreadBytes(long localPort) const;

 private:
  std::unordered_map<long, curl_socket_t> byPort_;
};

}  // namespace chatapps::http
