// The wires of one client: each goes to one loop at a time, the one used last first, since its connection is the warmest.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "http/wire_options.hpp"

namespace chatapps::http {

class Wire;

/// Thread-safe.
class WirePool {
 public:
  explicit WirePool(WireOptions options);
  ~WirePool();

  std::unique_ptr<Wire> lease();
  void giveBack(std::unique_ptr<Wire> wire);

 private:
  const WireOptions options_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Wire>> idle_;
};

}  // namespace chatapps::http
