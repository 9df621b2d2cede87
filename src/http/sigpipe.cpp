#include "http/sigpipe.hpp"

#include <curl/curl.h>

#if !defined(_WIN32) && !defined(__APPLE__)
#include <pthread.h>

#include <cerrno>
#include <ctime>
#endif

namespace chatapps::http {

bool SigpipeBlocked::libcurlNeedsIt() noexcept {
  static const bool isOld = curl_version_info(CURLVERSION_NOW)->version_num < 0x075700;
  return isOld;
}

// macOS has sockets that raise none, and libcurl makes them so.
#if defined(_WIN32) || defined(__APPLE__)

SigpipeBlocked::SigpipeBlocked(bool) noexcept {}
SigpipeBlocked::~SigpipeBlocked() = default;

#else

namespace {

sigset_t onlySigpipe() noexcept {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  return set;
}

bool isPending() noexcept {
  sigset_t pending;
  return sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
}

}  // namespace

// One that waits already is the program's own, which has blocked it.
SigpipeBlocked::SigpipeBlocked(bool isNeeded) noexcept {
  if (!isNeeded || isPending()) return;
  const sigset_t set = onlySigpipe();
  blocks_ = pthread_sigmask(SIG_BLOCK, &set, &before_) == 0;
}

SigpipeBlocked::~SigpipeBlocked() {
  if (!blocks_) return;
  const sigset_t set = onlySigpipe();
  constexpr timespec kNoWait{};
  while (sigtimedwait(&set, nullptr, &kNoWait) < 0 && errno == EINTR) {
  }
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

#endif

}  // namespace chatapps::http
