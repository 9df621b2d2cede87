#include "redis/breaker.hpp"

#include <algorithm>
#include <utility>

namespace chatapps::redis {

namespace {
using std::chrono::milliseconds;
constexpr Breaker::Duration kFirstPause = milliseconds(500);
constexpr int kMostDoublings = 5;  // 16 s, times 0.5 to 1.5
}  // namespace

Breaker::Breaker(std::function<double()> random) : random_(std::move(random)) {}

void Breaker::failed(const std::string& lane, bool forGood, Time now) {
  if (strikes_ == 0) suspect_ = lane;
  strikes_ = forGood ? kStrikes : std::min(strikes_ + 1, kStrikes);
  if (probeAt_ != Time::max()) return;  // one is planned already
  const Duration pause = kFirstPause * (1 << std::min(rounds_, kMostDoublings));
  ++rounds_;
  probeAt_ = now + std::chrono::duration_cast<Duration>(pause * (0.5 + random_()));
}

void Breaker::succeeded() noexcept {
  strikes_ = 0;
  rounds_ = 0;
  probeAt_ = Time::max();
}

}  // namespace chatapps::redis
