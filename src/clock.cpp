#include "chatapps/clock.hpp"

#include <algorithm>
#include <thread>

#include "sleeper.hpp"

namespace chatapps {
namespace {

// A sleeping thread comes back some 50 microseconds late. A lane at 50 requests a second would lose a quarter of a percent
// of its quota to that, so the last stretch is spent awake.
constexpr Clock::duration kAwakeBefore = std::chrono::microseconds(80);
constexpr Clock::duration kLongestSleep = std::chrono::hours(1);  // keeps every sum far from overflow

class MachineClock final : public Clock {
 public:
  time_point now() const noexcept override { return std::chrono::steady_clock::now(); }
  SystemTime utcNow() const noexcept override {
    return std::chrono::time_point_cast<SystemTime::duration>(std::chrono::system_clock::now());
  }
};

}  // namespace

Clock::~Clock() = default;

void Clock::enter(Sleeper&) {}

void Clock::leave(Sleeper&) {}

void Clock::sleep(Sleeper& sleeper, time_point until) {
  std::unique_lock lock(sleeper.mutex);
  const bool farAway = until == time_point::max() || until > now() + kLongestSleep;
  const duration wait = farAway ? kLongestSleep : until - now();
  const auto woken = [&] { return sleeper.woken; };
  if (wait > kAwakeBefore) sleeper.awake.wait_until(lock, std::chrono::steady_clock::now() + wait - kAwakeBefore, woken);
  while (!sleeper.woken && !farAway && now() < until) {
    lock.unlock();
    std::this_thread::yield();
    lock.lock();
  }
  sleeper.woken = false;
}

void Clock::wake(Sleeper& sleeper) {
  const std::lock_guard lock(sleeper.mutex);
  sleeper.woken = true;
  sleeper.awake.notify_one();
}

const std::shared_ptr<Clock>& Clock::system() {
  // Never destroyed: a client in a static object may outlive any other static.
  static const auto* const clock = new std::shared_ptr<Clock>(std::make_shared<MachineClock>());
  return *clock;
}

}  // namespace chatapps
