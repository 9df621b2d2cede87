#include "pacing/lanes.hpp"

#include <functional>
#include <iterator>

#include "of_process.hpp"

namespace chatapps::pacing {

namespace {
constexpr int kLookedAt = 4;               // more than one for each lane that is made, so that idle ones become fewer
constexpr std::size_t kOriginsKept = 100;  // those in use come on top

std::size_t hashOf(const LaneKey& key) noexcept {
  const std::hash<std::string_view> ofText;
  const std::size_t hash = ofText(key.subAccountId) * 31 + ofText(key.origin);
  return (hash * 31 + std::hash<const void*>()(key.clock.get())) * 31 + key.transportKind;
}
}  // namespace

Lanes::World::World(const LaneKey& key) noexcept
    : clock(key.clock.get()), clockAlive(key.clock), transportKind(key.transportKind) {}

bool Lanes::World::isOf(const LaneKey& key) const noexcept {
  return clock == key.clock.get() && transportKind == key.transportKind && !isGone();
}

std::shared_ptr<Lane> Lanes::lane(const LaneKey& key) {
  const std::size_t hash = hashOf(key);
  std::list<Entry> idle;  // destroyed after the mutex is let go
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto [first, last] = byHash_.equal_range(hash);
  for (auto it = first; it != last; ++it) {
    const Entry& entry = *it->second;
    if (entry.subAccountId == key.subAccountId && entry.origin == key.origin && entry.world.isOf(key))
      return entry.lane;
  }
  idle = takeOutSomeIdle(key);
  std::list<Entry> made;
  made.push_back({World(key), std::string(key.origin), std::string(key.subAccountId), hash,
                  std::make_shared<Lane>(roundTripsOf(key))});
  byHash_.emplace(hash, made.begin());
  entries_.splice(entries_.end(), made);
  return entries_.back().lane;
}

std::size_t Lanes::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return entries_.size();
}

// What was learned of an origin outlives its lanes, which come and go.
std::shared_ptr<RoundTrips> Lanes::roundTripsOf(const LaneKey& key) {
  for (auto origin = origins_.begin(); origin != origins_.end(); ++origin) {
    if (origin->name != key.origin || !origin->world.isOf(key)) continue;
    origins_.splice(origins_.end(), origins_, origin);
    return origin->roundTrips;
  }
  for (auto origin = origins_.begin(); origin != origins_.end();) {
    const bool tooMany = origins_.size() >= kOriginsKept && origin->roundTrips.use_count() == 1;
    origin = tooMany || origin->world.isGone() ? origins_.erase(origin) : std::next(origin);
  }
  origins_.push_back({World(key), std::string(key.origin), std::make_shared<RoundTrips>()});
  return origins_.back().roundTrips;
}

std::list<Lanes::Entry> Lanes::takeOutSomeIdle(const LaneKey& key) {
  const Time now = key.clock->now();
  std::list<Entry> idle;
  for (int count = 0; count < kLookedAt && !entries_.empty(); ++count) {
    const auto entry = entries_.begin();
    const bool unused = entry->lane.use_count() == 1;
    // Of other clocks it is not known what time it is there.
    if (unused && (entry->world.isGone() || (entry->world.clock == key.clock.get() && entry->lane->isIdle(now)))) {
      auto [it, last] = byHash_.equal_range(entry->hash);
      while (it != last && it->second != entry) ++it;
      byHash_.erase(it);
      idle.splice(idle.end(), entries_, entry);
    } else {
      entries_.splice(entries_.end(), entries_, entry);
    }
  }
  return idle;
}

Lanes& Lanes::ofProcess() { return chatapps::ofProcess<Lanes>(); }

}  // namespace chatapps::pacing
