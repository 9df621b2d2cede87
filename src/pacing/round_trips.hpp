// How long the last answers of an origin took, and how little the next one may take.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <vector>

#include "pacing/ticket.hpp"

namespace chatapps::pacing {

/// The last 1,000 round trips to one origin, shared by its lanes. Thread-safe; reading takes no lock.
class RoundTrips {
 public:
  void add(Duration roundTrip);

  /// Hardly any round trip is shorter. Zero until there are enough to tell.
  Duration low() const noexcept { return Duration(low_.load(std::memory_order_relaxed)); }
  /// The median; zero when nothing is known.
  Duration typical() const noexcept { return Duration(typical_.load(std::memory_order_relaxed)); }

 private:
  void estimate() noexcept;

  std::mutex mutex_;
  std::vector<Duration> inOrderOfArrival_;  // a ring, once full
  std::vector<Duration> inOrderOfSize_;     // the same ones
  std::size_t oldest_ = 0;
  std::size_t sinceEstimate_ = 0;
  std::atomic<Duration::rep> low_{0};
  std::atomic<Duration::rep> typical_{0};
};

}  // namespace chatapps::pacing
