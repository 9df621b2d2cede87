/// @file interrupt.hpp
/// Ctrl-C and its kin, turned into a cancellation.
#pragma once

#include <atomic>
#include <chatapps/cancellation.hpp>
#include <csignal>
#include <thread>

namespace chatapps::cli {

/// While it lives, SIGINT, SIGTERM and SIGHUP cancel the token instead of ending the program; a second one ends it at
/// once, and so does the first as long as nobody has asked for the token or the descriptor: then there is nothing to
/// finish, and perhaps a read that waits for a pipe. Made before any other thread, since threads inherit the signals that
/// are blocked here.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  CancellationToken token() noexcept {
    heeded_ = true;
    return source_.token();
  }

  /// The signal that came, or 0.
  int signal() const noexcept { return signal_; }
  /// The exit code that a shell gives to that signal: 130 for SIGINT.
  int exitCode() const noexcept { return 128 + signal_; }

  /// Becomes readable with the first signal: to be polled beside an input.
  int descriptor() noexcept {
    heeded_ = true;
    return pipe_[0];
  }

 private:
  void waitForSignals();

  CancellationSource source_;
  std::atomic<int> signal_{0};
  std::atomic<bool> heeded_{false};
  std::atomic<bool> ending_{false};
  int pipe_[2] = {-1, -1};
  sigset_t signals_{};
  std::thread thread_;
};

}  // namespace chatapps::cli
