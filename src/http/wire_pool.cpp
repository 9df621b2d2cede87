#include "http/wire_pool.hpp"

#include <utility>

#include "http/wire.hpp"

namespace chatapps::http {
namespace {

constexpr std::size_t kMostIdle = 32;  // a burst of threads must not leave its connections open for good

}  // namespace

WirePool::WirePool(WireOptions options) : options_(std::move(options)) { idle_.reserve(kMostIdle); }

WirePool::~WirePool() = default;

std::unique_ptr<Wire> WirePool::lease() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Wire> wire = std::move(idle_.back());
      idle_.pop_back();
      return wire;
    }
  }
  return std::make_unique<Wire>(options_);
}

void WirePool::giveBack(std::unique_ptr<Wire> wire) {
  if (wire->isSpent()) return;
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(wire));
}

}  // namespace chatapps::http
