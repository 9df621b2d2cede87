// The sockets of kept connections: libcurl tells which one it used only once a transfer is over, and by its local port when
// it is about to send over it again.
#pragma once

#include <curl/curl.h>

#include <vector>

namespace chatapps::http {

/// Not thread-safe.
class KeptSockets {
 public:
  /// As CURLOPT_SOCKOPTFUNCTION and CURLOPT_CLOSESOCKETFUNCTION: libcurl has opened a socket, or has us close it, and its
  /// number may be another one's from then on. Some versions close one that was never connected without a word.
  static int opened(void* self, curl_socket_t socket, curlsocktype purpose) noexcept;
  static int close(void* self, curl_socket_t socket) noexcept;

  /// The first answer comes over the connection from this port, which carries one request at a time.
  void remember(long localPort) noexcept;
  /// Whether the server has spoken, or hung up, before it was asked over this connection. False of one that is not
  /// remembered.
  bool hasUnreadBytes(long localPort) const noexcept;

 private:
  struct Socket {
    curl_socket_t number;
    long localPort;  ///< 0: it is not remembered
  };
  Socket* find(curl_socket_t number) noexcept;

  std::vector<Socket> open_;  ///< each number once
};

}  // namespace chatapps::http
