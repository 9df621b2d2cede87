#include "chatapps/clock.hpp"

#include <algorithm>
#include <utility>

#include "sleeper.hpp"

namespace chatapps {
namespace {

// A sleeping thread comes back some 50 to 300 microseconds late. A lane at 50 requests a second would lose a percent of its
// quota to that, so the last stretch is spent awake: at most this long each time, and this share of the whole. What a long
// sleep leaves of its share serves the short ones after it: a slot that is put off a little is a second sleep.
constexpr Clock::duration kAwakeAtMost = std::chrono::microseconds(250);
constexpr Clock::duration kAwakeSavedAtMost = 4 * kAwakeAtMost;
constexpr int kAwakeShare = 64;
// Keeps every sum far from overflow. Where the standard library waits by the time of day, one that is set back must not keep
// anyone asleep.
#if defined(_GLIBCXX_USE_PTHREAD_COND_CLOCKWAIT) || defined(__APPLE__)
constexpr Clock::duration kLongestSleep = std::chrono::hours(1);
#else
constexpr Clock::duration kLongestSleep = std::chrono::seconds(1);
#endif

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

// A clock of the user's own may stand still, or be moved by hand: what is left is asked again and again.
void Clock::sleep(Sleeper& sleeper, time_point until) {
  std::unique_lock lock(sleeper.mutex);
  const duration longest = isReal() ? kLongestSleep : kLookAtVirtualClock;
  const time_point began = now();
  const duration whole = std::max(until, began) - began;
  const duration awakeBefore = std::min(kAwakeAtMost, sleeper.awakeSaved + whole / kAwakeShare);
  duration awake{};
  for (time_point at = began; !sleeper.woken && at < until;) {
    const duration left = until == time_point::max() ? longest : std::min(until - at, longest);
    const bool staysAwake = left <= awakeBefore;
    if (staysAwake) {
      lock.unlock();  // so that it can be woken. To yield would give away a whole slice where others want to run
      lock.lock();
    } else {
      sleeper.awake.wait_until(lock, std::chrono::steady_clock::now() + left - awakeBefore,
                               [&] { return sleeper.woken; });
    }
    const time_point then = std::exchange(at, now());
    if (staysAwake) awake += at - then;
  }
  const duration share = (now() - began) / kAwakeShare;
  sleeper.awakeSaved = std::clamp(sleeper.awakeSaved + share - awake, duration::zero(), kAwakeSavedAtMost);
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
