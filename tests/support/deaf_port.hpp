// Ports of loopback where connecting never ends: its queue is full, so the system drops each SYN.
#pragma once

#include <vector>

#include "listener.hpp"

namespace chatapps::support {

class DeafPort {
 public:
  DeafPort();
  DeafPort(const DeafPort&) = delete;
  DeafPort& operator=(const DeafPort&) = delete;
  ~DeafPort();

  int port() const { return listener_.port(); }

 private:
  const Listener listener_{0};
  std::vector<int> fillers_;
};

/// The same on ::1, at a port that a living server has on 127.0.0.1.
class DeafIpv6Port {
 public:
  explicit DeafIpv6Port(int port);
  DeafIpv6Port(const DeafIpv6Port&) = delete;
  DeafIpv6Port& operator=(const DeafIpv6Port&) = delete;
  ~DeafIpv6Port();

  bool isThere() const { return listener_ >= 0; }  ///< else the system has no IPv6

 private:
  int listener_ = -1;
  std::vector<int> fillers_;
};

}  // namespace chatapps::support
