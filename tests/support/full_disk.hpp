// A disk that is full after so many bytes of each file, for this process and as long as the object lives.
#pragma once

#include <sys/resource.h>

#include <csignal>
#include <stdexcept>

namespace chatapps::support {

class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit full{bytes, before_.rlim_max};
    if (setrlimit(RLIMIT_FSIZE, &full) != 0) throw std::runtime_error("no limit for files");
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*const handler_)(int);
  rlimit before_{};
};

}  // namespace chatapps::support
