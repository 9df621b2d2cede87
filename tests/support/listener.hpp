// The sockets that the test servers stand on.
#pragma once

namespace chatapps::support {

/// A listening socket on a free port of 127.0.0.1. Closes itself.
class Listener {
 public:
  /// Throws std::system_error. `inherited`: children that are started while it is open get it too.
  explicit Listener(int backlog = 1024, bool inherited = false);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  int descriptor() const { return descriptor_; }
  int port() const { return port_; }

 private:
  int descriptor_ = -1;
  int port_ = 0;
};

/// A connection to a port of 127.0.0.1, or -1.
int connectTo(int port);

/// Small messages leave at once.
void sendAtOnce(int socket);

}  // namespace chatapps::support
