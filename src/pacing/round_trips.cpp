#include "pacing/round_trips.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace chatapps::pacing {

namespace {
constexpr std::size_t kKept = 1000;
constexpr std::size_t kFewest = 8;  // fewer say nothing about the shortest
constexpr std::size_t kEvery = 16;  // answers between two estimates, once there are many

// The share of round trips that may be shorter than the estimate. A 429 costs a pause of a second or more, while
// sending later costs the spread of the round trips each time; where the tail is normal, both costs balance near this
// share.
double riskFor(Duration spread) noexcept {
  const double seconds = std::chrono::duration<double>(spread).count();
  return std::clamp(seconds / 10.0, 1e-5, 0.003);
}
}  // namespace

void RoundTrips::add(Duration roundTrip) {
  roundTrip = std::max(roundTrip, Duration::zero());
  const std::lock_guard<std::mutex> lock(mutex_);
  if (inOrderOfArrival_.size() < kKept) {
    inOrderOfArrival_.reserve(kKept);
    inOrderOfSize_.reserve(kKept);
    inOrderOfArrival_.push_back(roundTrip);
    inOrderOfSize_.insert(std::upper_bound(inOrderOfSize_.begin(), inOrderOfSize_.end(), roundTrip), roundTrip);
  } else {
    const Duration old = inOrderOfArrival_[oldest_];
    inOrderOfArrival_[oldest_] = roundTrip;
    oldest_ = (oldest_ + 1) % kKept;
    const auto out = std::lower_bound(inOrderOfSize_.begin(), inOrderOfSize_.end(), old);
    const auto in = std::lower_bound(inOrderOfSize_.begin(), inOrderOfSize_.end(), roundTrip);
    if (out < in) {
      std::move(out + 1, in, out);
      *(in - 1) = roundTrip;
    } else {
      std::move_backward(in, out, out + 1);
      *in = roundTrip;
    }
  }
  if (++sinceEstimate_ >= kEvery || inOrderOfSize_.size() < 100 || roundTrip < low()) estimate();
}

// The low quantile. Where it lies beyond the shortest round trip that is known, it is extrapolated: distances from the
// median grow with the root of the logarithm of the odds, as they do in a normal tail.
void RoundTrips::estimate() noexcept {
  sinceEstimate_ = 0;
  const auto count = static_cast<double>(inOrderOfSize_.size());
  const Duration median = inOrderOfSize_[inOrderOfSize_.size() / 2];
  typical_.store(median.count(), std::memory_order_relaxed);
  if (inOrderOfSize_.size() < kFewest) return;
  const double risk = riskFor(median - inOrderOfSize_.front());
  const double rank = std::max(1.0, std::floor(3 * risk * count));  // less a matter of luck than the quantile's own
  const Duration known = inOrderOfSize_[static_cast<std::size_t>(rank) - 1];
  const double reach = std::max(1.0, std::sqrt(std::log(1.0 / risk) / std::log(count / rank)));
  const auto distance = static_cast<Duration::rep>(static_cast<double>((median - known).count()) * reach);
  // The shortest of so many is safe enough where more than one of them could be shorter.
  const Duration floor = risk * count >= 1 ? inOrderOfSize_.front() : Duration::zero();
  low_.store(std::max(median.count() - distance, floor.count()), std::memory_order_relaxed);
}

}  // namespace chatapps::pacing
