// The sockets of kept connections: libcurl tells which one it used only once a transfer is over, and by its local port when
// it is about to send over it again.
#pragma once

#include <curl/curl.h>

#include <unordered_map>

namespace chatapps::http {

/// Not thread-safe.
class KeptSockets {
 public:
  /// An answer has come whole over this connection, which carries one request at a time.
  void remember(long localPort, curl_socket_t socket);
  /// Closes a socket for libcurl, as CURLOPT_CLOSESOCKETFUNCTION: its number may be another one's from then on.
  static int close(void* self, curl_socket_t socket) noexcept;
  /// Whether the server has spoken, or hung up, before it was asked over this connection.
  bool hasUnreadBytes(long localPort) const;

 private:
  std::unordered_map<long, curl_socket_t> byPort_;
};

}  // namespace chatapps::http
