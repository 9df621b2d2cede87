// When a failed attempt is tried again, and how long after.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>

#include "chatapps/clock.hpp"
#include "chatapps/options.hpp"

namespace chatapps::call {

/// Keeps a client's retries from piling onto a server that fails: 10 tokens, one for each retry, a tenth back for each
/// success. Thread-safe.
class RetryBudget {
 public:
  bool take();
  void succeeded();

 private:
  std::mutex mutex_;
  int tenths_ = 100;
};

/// Whether an answer of this status is worth another attempt (429 is not asked here: it holds the lane).
bool isRetryableStatus(int status);

/// A number from 0 to 1. What a source of the user's gives beyond is cut; NaN is 0.
double draw(const std::function<double()>& random);

/// Full jitter: anywhere from nothing to the doubled base, `attempt` counted from 1.
Clock::duration backoff(const RetryOptions& retry, int attempt);

}  // namespace chatapps::call
