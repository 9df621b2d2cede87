// Decides which requests of one subaccount are within the rate limit.
#pragma once

#include <optional>

#include "chatapps/clock.hpp"
#include "chatapps/testing/sandbox.hpp"

namespace chatapps::testing {

/// One request in each interval, counted the chosen way. Not thread-safe.
class RateWindow {
 public:
  RateWindow(Window kind, Clock::duration interval, bool rejectedRequestsCount);

  /// Nullopt: the request that comes at `now` is accepted. Else how long until one would be.
  std::optional<Clock::duration> request(Clock::time_point now);

 private:
  Clock::time_point opensAt() const;

  Window kind_;
  Clock::duration interval_;
  bool rejectedRequestsCount_;
  std::optional<Clock::time_point> last_;  // the last request that counted
};

}  // namespace chatapps::testing
