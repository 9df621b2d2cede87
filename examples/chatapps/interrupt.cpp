#include "interrupt.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

namespace chatapps::cli {

Interrupt::Interrupt() {
  if (pipe(pipe_) != 0) throw std::runtime_error(std::string("pipe: ") + std::strerror(errno));
  for (const int end : pipe_) fcntl(end, F_SETFD, FD_CLOEXEC);
  // A script's background job starts with SIGINT ignored, and would never see it. SIGHUP stays ignored where it is, as
  // by nohup: while it is blocked, it would be seen all the same.
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  sigemptyset(&signals_);
  for (const int number : {SIGINT, SIGTERM}) sigaddset(&signals_, number);
  struct sigaction hangup {};
  if (sigaction(SIGHUP, nullptr, &hangup) != 0 || hangup.sa_handler != SIG_IGN) sigaddset(&signals_, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  thread_ = std::thread([this] { waitForSignals(); });
}

Interrupt::~Interrupt() {
  ending_ = true;
  // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread,cert-pos44-c): it waits for it
  pthread_kill(thread_.native_handle(), SIGTERM);
  thread_.join();
  for (const int end : pipe_) close(end);
}

void Interrupt::waitForSignals() {
  while (true) {
    int number = 0;
    if (sigwait(&signals_, &number) != 0 || ending_) return;
    if (signal_ != 0 || !heeded_) _exit(128 + number);
    signal_ = number;
    source_.cancel();
    if (write(pipe_[1], "!", 1) != 1) return;
  }
}

}  // namespace chatapps::cli
