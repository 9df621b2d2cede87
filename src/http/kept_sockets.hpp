// The sockets of kept connections: libcurl tells which one it used only once a transfer is over, and by its local port when
// it is about to send over it again.
#pragma once

#include <curl/curl.h>

#include <chrono>
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
  /// Whether a request may go over it, which it then does until `release`. Not where the server has spoken, or hung up,
  /// before it was asked. One that is not remembered may always carry it.
  bool take(long localPort) noexcept;
  void release(long localPort) noexcept;
  /// Looks by one system call at those that have carried a request since the last look and do not now, so that `take` needs
  /// none of its own for a moment.
  void look() noexcept;

 private:
  struct Socket {
    curl_socket_t number;
    long localPort = 0;     ///< 0: it is not remembered
    int requests = 0;       ///< that go over it: libcurl may send the next one before it says that one is over
    bool wasUsed = false;   ///< since the last look
    bool wasQuiet = false;  ///< at the last look, and has carried no request since
    bool isLookedAt() const noexcept { return wasUsed && requests == 0; }
  };
  Socket* find(curl_socket_t number) noexcept;
  Socket* kept(long localPort) noexcept;

  std::vector<Socket> open_;  ///< each number once
  std::chrono::steady_clock::time_point lookedAt_{};
};

}  // namespace chatapps::http
