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
  void begin(long localPort) noexcept;  ///< a request goes over this connection
  void end(long localPort) noexcept;    ///< its transfer is over
  /// Whether the server has spoken, or hung up, before it was asked over this connection. One that carries other requests,
  /// as in HTTP/2, has good reason to.
  bool hasUnreadBytes(long localPort) const;

 private:
  void forgetIdle();

  struct Kept {
    curl_socket_t socket = CURL_SOCKET_BAD;
    int underWay = 0;
  };

  std::unordered_map<long, Kept> byPort_;
};

}  // namespace chatapps::http
