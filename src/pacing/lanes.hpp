// All lanes of the process: clients that share a limit share a lane.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "chatapps/clock.hpp"
#include "pacing/lane.hpp"

namespace chatapps::pacing {

/// Which lane. Refers to what the caller holds.
struct LaneKey {
  std::string_view origin;  ///< scheme, host and port
  std::string_view subAccountId;
  const std::shared_ptr<Clock>& clock;  ///< this very object: times of different clocks have nothing in common
  std::size_t transportKind = 0;        ///< a server of a test's is not the one on the network
};

/// Gives each key its lane. Thread-safe.
///
/// Lanes that nobody uses are dropped once new ones would behave the same: a few are looked at whenever one is made, so
/// that their number stays near the number of those in use.
class Lanes {
 public:
  std::shared_ptr<Lane> lane(const LaneKey& key);

  std::size_t size() const;

  static Lanes& ofProcess();

 private:
  /// What the times in a lane and the round trips of an origin belong to.
  struct World {
    explicit World(const LaneKey& key) noexcept;
    bool isOf(const LaneKey& key) const noexcept;
    bool isGone() const noexcept { return clockAlive.expired(); }

    const Clock* clock;
    std::weak_ptr<Clock> clockAlive;  // tells whether the address still means the same object
    std::size_t transportKind;
  };
  struct Entry {
    World world;
    std::string origin;
    std::string subAccountId;
    std::size_t hash;
    std::shared_ptr<Lane> lane;
  };
  struct Origin {
    World world;
    std::string name;
    std::shared_ptr<RoundTrips> roundTrips;
  };

  std::shared_ptr<RoundTrips> roundTripsOf(const LaneKey& key);
  std::list<Entry> takeOutSomeIdle(const LaneKey& key);

  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // those looked at longest ago first
  std::unordered_multimap<std::size_t, std::list<Entry>::iterator> byHash_;
  std::list<Origin> origins_;  // those used longest ago first
};

}  // namespace chatapps::pacing
