#include "descriptor.hpp"

#include <poll.h>

#include <cerrno>

namespace chatapps::cli {
namespace {

bool waitAgain(int descriptor, short events) {
  if (errno == EINTR) return true;
  if (errno != EAGAIN && errno != EWOULDBLOCK) return false;
  pollfd watched{descriptor, events, 0};
  return poll(&watched, 1, -1) > 0 || errno == EINTR;
}

}  // namespace

bool waitToReadAgain(int descriptor) { return waitAgain(descriptor, POLLIN); }

bool waitToWriteAgain(int descriptor) { return waitAgain(descriptor, POLLOUT); }

}  // namespace chatapps::cli
