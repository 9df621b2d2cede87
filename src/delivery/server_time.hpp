// What time it is where the records are written, for a client whose own clock may be wrong.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "chatapps/clock.hpp"
#include "chatapps/message_detail.hpp"
#include "chatapps/timestamp.hpp"
#include "delivery/attempts.hpp"

namespace chatapps::delivery {

/// A time that was seen in a record lay in the server's past: its clock has gone on at least as long as ours since
/// then. Nothing more is known, so that is taken for the time, as long as it lies within an hour of our own clock: one
/// that is an hour ahead must not make a step overdue, and a message of yesterday need not be watched as if it were
/// new. The time of a status may be a provider's, whose clock may be ahead of all others: it counts up to our own.
class ServerTime {
 public:
  static constexpr std::chrono::hours kTrustedWithin{1};

  /// From 1970 to 2114, so that no sum of times runs over and a checkpoint can hold it.
  static SystemTime bounded(SystemTime time) noexcept { return std::clamp(time, kFirst, kLast); }

  void saw(const MessageDetails& records, Clock::time_point now, SystemTime utcNow) noexcept {
    for (const MessageDetail& record : records) {
      saw(record.createdAt.time(), now);
      saw(record.status, now, utcNow);
    }
  }

  void saw(const Status& status, Clock::time_point now, SystemTime utcNow) noexcept {
    const auto time = timeOf(status);
    if (time) saw((std::min)(*time, utcNow), now);
  }

  /// A time that the server itself wrote.
  void saw(std::optional<SystemTime> time, Clock::time_point now) noexcept {
    if (!time || *time < kFirst) return;
    const Clock::duration ahead = bounded(*time).time_since_epoch() - now.time_since_epoch();
    ahead_ = ahead_ ? (std::max)(*ahead_, ahead) : ahead;
  }

  SystemTime at(Clock::time_point now, SystemTime utcNow) const noexcept {
    utcNow = bounded(utcNow);
    if (!ahead_) return utcNow;
    return std::clamp(SystemTime(now.time_since_epoch() + *ahead_), utcNow - kTrustedWithin, utcNow + kTrustedWithin);
  }

 private:
  static constexpr SystemTime kFirst{}, kLast{std::chrono::hours(24 * 365 * 145)};

  std::optional<Clock::duration> ahead_;
};

}  // namespace chatapps::delivery
