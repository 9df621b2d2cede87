// A port of 127.0.0.1 where connecting never ends: its queue is full, so the system drops each SYN.
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

}  // namespace chatapps::support
