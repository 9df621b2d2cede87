// Whose signal a broken connection is.
#pragma once

#if !defined(_WIN32) && !defined(__APPLE__)
#include <csignal>
#endif

namespace chatapps::http {

/// While it lives, libcurl raises no SIGPIPE on this thread that anybody sees. Signals belong to the program, so libcurl is
/// told to leave them alone; before 7.87 it then wrote to TLS connections without care, and one that was reset ended the
/// program. Does nothing with a newer one.
class SigpipeBlocked {
 public:
  explicit SigpipeBlocked(bool isNeeded = libcurlNeedsIt()) noexcept;
  SigpipeBlocked(const SigpipeBlocked&) = delete;
  SigpipeBlocked& operator=(const SigpipeBlocked&) = delete;
  ~SigpipeBlocked();

 private:
  static bool libcurlNeedsIt() noexcept;

#if !defined(_WIN32) && !defined(__APPLE__)
  bool blocks_ = false;
  sigset_t before_{};
#endif
};

}  // namespace chatapps::http
