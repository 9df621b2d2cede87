// The sockets that the test servers stand on.
#pragma once

namespace chatapps::support {

/// A listening socket on a free port of 127.0.0.1. Closes itself.
class Listener {
 public:
  explicit Listener(int backlog = 1024);  ///< throws std::system_error
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  int descriptor() const { return descriptor_; }
  int port() const { return port_; }

 private:
  int port_ = 0;
  int descriptor_ = -1;
};

/// A free port of 127.0.0.1 that nobody else is given while this lives, kept for another program that is to listen on
/// it (with SO_REUSEADDR, as servers do).
class ReservedPort {
 public:
  ReservedPort();  ///< throws std::system_error
  ReservedPort(const ReservedPort&) = delete;
  ReservedPort& operator=(const ReservedPort&) = delete;
  ~ReservedPort();

  int number() const { return number_; }

 private:
  int number_ = 0;
  int descriptor_ = -1;
};

/// A connection to a port of 127.0.0.1, or -1.
int connectTo(int port);
/// The same without waiting for it: the socket can be written to once it is connected.
int startConnecting(int port);

/// Small messages leave at once.
void sendAtOnce(int socket);

}  // namespace chatapps::support
