#include "deaf_port.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace chatapps::support {

DeafPort::DeafPort() {
  for (int i = 0; i < 16; ++i) {
    fillers_.push_back(startConnecting(port()));
    pollfd connected{fillers_.back(), POLLOUT, 0};
    if (::poll(&connected, 1, 50) == 0) return;  // this one hangs, and so will the next
  }
  throw std::runtime_error("the queue of a listening socket does not fill up");
}

DeafPort::~DeafPort() {
  for (const int filler : fillers_) ::close(filler);
}

}  // namespace chatapps::support
