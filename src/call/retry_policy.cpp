#include "call/retry_policy.hpp"

#include <algorithm>

namespace chatapps::call {
namespace {

constexpr int kFull = 100;
constexpr int kRetry = 10;
constexpr int kReward = 1;

}  // namespace

bool RetryBudget::take() {
  const std::lock_guard lock(mutex_);
  if (tenths_ < kRetry) return false;
  tenths_ -= kRetry;
  return true;
}

void RetryBudget::succeeded() {
  const std::lock_guard lock(mutex_);
  tenths_ = std::min(kFull, tenths_ + kReward);
}

bool isRetryableStatus(int status) { return status >= 500 && status <= 599 && status != 501 && status != 505; }

double draw(const std::function<double()>& random) {
  const double drawn = random();
  return drawn > 0.0 ? std::min(drawn, 1.0) : 0.0;
}

Clock::duration backoff(const RetryOptions& retry, int attempt) {
  std::chrono::milliseconds most = retry.baseDelay;
  for (int i = 1; i < attempt && most < retry.maxDelay; ++i) most *= 2;
  most = std::min(most, retry.maxDelay);
  return std::chrono::duration_cast<Clock::duration>(most * draw(retry.random));
}

}  // namespace chatapps::call
