// The addresses of a host. A name server may take as long as it likes: it is asked on a thread of its own.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "redis/socket.hpp"
#include "redis/wake_pipe.hpp"

namespace chatapps::redis {

class Lookup {
 public:
  /// Writes to `wake` when it is done.
  static std::shared_ptr<Lookup> begin(const std::string& host, int port, std::shared_ptr<WakePipe> wake);

  bool isDone() const noexcept { return done_.load(); }
  /// Once it is done; empty where there are none.
  const std::vector<Place>& places() const noexcept { return places_; }

 private:
  void run(const std::string& host, int port, int flags);

  std::vector<Place> places_;
  std::atomic<bool> done_{false};
};

}  // namespace chatapps::redis
