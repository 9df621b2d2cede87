#include "chatapps/testing/fake_clock.hpp"

#include <algorithm>

namespace chatapps::testing {
namespace {

// Any instant will do but zero, which would hide code that takes the clock's epoch for "never".
constexpr Clock::time_point kFirstInstant{std::chrono::hours(1)};

}  // namespace

FakeClock::FakeClock() : now_(kFirstInstant) {}

FakeClock::~FakeClock() = default;

FakeClock::time_point FakeClock::now() const noexcept {
  const std::lock_guard lock(mutex_);
  return now_;
}

SystemTime FakeClock::utcNow() const noexcept {
  const std::lock_guard lock(mutex_);
  return date_;
}

void FakeClock::advance(duration step) {
  const std::lock_guard lock(mutex_);
  if (step <= duration::zero()) return;
  const bool fits = step < time_point::max() - now_;
  moveTo(fits ? now_ + step : time_point::max());
}

void FakeClock::setUtcNow(SystemTime date) {
  const std::lock_guard lock(mutex_);
  date_ = date;
}

void FakeClock::enter(Sleeper& sleeper) {
  const std::lock_guard lock(mutex_);
  ++places_[&sleeper].entered;
}

void FakeClock::leave(Sleeper& sleeper) {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(&sleeper);
  if (place == places_.end() || --place->second.entered > 0) return;
  places_.erase(place);
  jumpIfAllWait();
}

void FakeClock::sleep(Sleeper& sleeper, time_point until) {
  std::unique_lock lock(mutex_);
  Place& place = places_[&sleeper];
  place.asleep = true;
  place.until = until;
  jumpIfAllWait();
  place.awake.wait(lock, [&] { return place.woken || place.until <= now_; });
  place.asleep = false;
  place.woken = false;
  if (place.entered == 0) {
    places_.erase(&sleeper);
    jumpIfAllWait();
  }
}

void FakeClock::wake(Sleeper& sleeper) {
  const std::lock_guard lock(mutex_);
  Place& place = places_[&sleeper];
  place.woken = true;
  place.awake.notify_one();
}

// A sleeper that was woken, or whose moment has come, counts as at work although its thread may not run yet.
void FakeClock::jumpIfAllWait() {
  time_point earliest = time_point::max();
  for (const auto& [sleeper, place] : places_) {
    if (place.asleep && !place.woken && place.until > now_) {
      earliest = std::min(earliest, place.until);
    } else if (place.asleep || place.entered > 0) {
      return;
    }
  }
  if (earliest != time_point::max()) moveTo(earliest);
}

void FakeClock::moveTo(time_point then) {
  const bool fits = date_ < SystemTime() || then - now_ < SystemTime::max() - date_;
  date_ = fits ? date_ + (then - now_) : SystemTime::max();
  now_ = then;
  for (auto& [sleeper, place] : places_) {
    if (place.asleep && place.until <= now_) place.awake.notify_one();
  }
}

}  // namespace chatapps::testing
