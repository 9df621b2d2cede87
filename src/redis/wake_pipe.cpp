#include "redis/wake_pipe.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace chatapps::redis {

WakePipe::WakePipe() {
  if (::pipe(ends_) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  for (const int end : ends_) {
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
    ::fcntl(end, F_SETFL, ::fcntl(end, F_GETFL) | O_NONBLOCK);
  }
}

WakePipe::~WakePipe() {
  for (const int end : ends_) ::close(end);
}

void WakePipe::wake() noexcept {
  [[maybe_unused]] const auto written = ::write(ends_[1], "", 1);  // a full pipe wakes as well
}

void WakePipe::drain() noexcept {
  char bytes[256];
  while (::read(ends_[0], bytes, sizeof bytes) > 0) {
  }
}

}  // namespace chatapps::redis
