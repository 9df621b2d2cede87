#include "pacing/host_slots.hpp"

#include <algorithm>

namespace chatapps::pacing {

namespace {
constexpr std::size_t kReach = 64;    // rows that a lane may stand in
constexpr int kTries = 1000;          // ends what a process that scribbles over the table could keep from ending
constexpr std::uint64_t kQueue = 64;  // so many intervals ahead are no sign of corruption
constexpr std::uint64_t kLongestInterval = 86'400'000'000'000;  // a day
constexpr std::uint64_t kFarthest = kQueue * kLongestInterval;  // nobody's time lies further ahead
constexpr std::uint64_t kAwaited = 1;
constexpr std::uint64_t kShortLook = 250'000;          // how soon to look again whether an answer came, at least
constexpr std::uint64_t kShortPatience = 100'000'000;  // how long to wait for it, at least

std::uint64_t horizonFor(std::uint64_t interval) noexcept { return std::max(HostSlots::kHorizon, kQueue * interval); }

// A time that no process wrote in good faith counts as none.
std::uint64_t sane(std::uint64_t time, std::uint64_t now, std::uint64_t horizon) noexcept {
  return time > now + horizon ? 0 : time;
}

bool isFree(const HostSlot& slot, std::uint64_t now) noexcept {
  const auto unused = [now](std::uint64_t time) { return time <= now || time > now + kFarthest; };
  return unused(slot.nextSlot.load()) && unused(slot.gate.load() & ~kAwaited);
}
}  // namespace

std::uint64_t HostSlots::hashOf(std::string_view origin, std::string_view subAccountId) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  const auto add = [&hash](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3; };
  for (const char c : origin) add(static_cast<unsigned char>(c));
  add(0);
  for (const char c : subAccountId) add(static_cast<unsigned char>(c));
  hash ^= hash >> 32;  // its low bits, which choose the row, depend on too little of the text
  hash *= 0x9e3779b97f4a7c15;
  hash ^= hash >> 29;
  return hash == 0 ? 1 : hash;
}

std::optional<HostSlots::Reserved> HostSlots::reserve(std::uint64_t lane, std::uint64_t interval,
                                                      std::uint64_t now) noexcept {
  interval = std::min(interval, kLongestInterval);
  for (int tries = 0; tries < kTries; ++tries) {
    HostSlot* const slot = findOrClaim(lane, now);
    if (slot == nullptr) break;
    const std::uint64_t gate = sane(slot->gate.load() & ~kAwaited, now, horizonFor(interval));
    std::uint64_t seen = slot->nextSlot.load();
    const std::uint64_t due = std::max({sane(seen, now, horizonFor(interval)), gate, now});
    // Slots that are used later and later show that the plan is too tight.
    const std::uint64_t slack = std::min(slot->lateness.load() / 8, interval / 16);
    const Reserved reserved{due, due + interval + slack};
    if (!slot->nextSlot.compare_exchange_strong(seen, reserved.next)) continue;
    // Its row may have been taken over in between, as one that nobody used.
    if (slot->lane.load() == lane) return reserved;
  }
  return std::nullopt;
}

void HostSlots::giveBack(std::uint64_t lane, Reserved slot, Passed passed) noexcept {
  HostSlot* const row = find(lane);
  if (row == nullptr) return;
  if (passed.to != 0) row->gate.compare_exchange_strong(passed.to, passed.from);
  row->nextSlot.compare_exchange_strong(slot.next, slot.due);
}

std::uint64_t HostSlots::pass(std::uint64_t lane, std::uint64_t interval, std::uint64_t late, std::uint64_t now,
                              Passed* passed) noexcept {
  interval = std::min(interval, kLongestInterval);
  for (int tries = 0; tries < kTries; ++tries) {
    HostSlot* const slot = findOrClaim(lane, now);
    if (slot == nullptr) break;
    std::uint64_t seen = slot->gate.load();
    const std::uint64_t gate = sane(seen & ~kAwaited, now, horizonFor(interval));
    if (gate > now) return gate - now;
    if ((seen & kAwaited) != 0) {
      const std::uint64_t patience = std::max(interval / 4, kShortPatience);
      if (gate + patience > now) return std::min(gate + patience - now, std::max(interval / 16, kShortLook));
    }
    const Passed change{gate, (now + interval) | kAwaited};
    if (!slot->gate.compare_exchange_strong(seen, change.to)) continue;
    if (passed != nullptr) *passed = change;
    slot->lateness.store(late);
    if (slot->lane.load() == lane) break;
  }
  return 0;
}

bool HostSlots::note(std::uint64_t lane, std::uint64_t at, bool answerAwaited, std::uint64_t now) noexcept {
  at = std::min(at, now + kFarthest);
  for (int tries = 0; tries < kTries; ++tries) {
    HostSlot* const slot = findOrClaim(lane, now);
    if (slot == nullptr) break;
    std::uint64_t seen = slot->gate.load();
    const std::uint64_t gate = std::max(sane(seen, now, kFarthest), at) & ~kAwaited;
    if (!slot->gate.compare_exchange_strong(seen, gate | (answerAwaited ? kAwaited : 0))) continue;
    if (slot->lane.load() == lane) return true;
  }
  return false;
}

bool HostSlots::hold(std::uint64_t lane, std::uint64_t until, std::uint64_t now) noexcept {
  return note(lane, std::min(until, now + kHorizon), false, now);
}

HostSlot* HostSlots::find(std::uint64_t lane) noexcept {
  for (std::size_t step = 0; step < kReach; ++step) {
    HostSlot& slot = slots_[(lane + step) % kCount];
    const std::uint64_t owner = slot.lane.load();
    if (owner == lane) return &slot;
    if (owner == 0) return nullptr;  // the first free row is always the next to be claimed
  }
  return nullptr;
}

// A row that was the lane's before comes first, wherever it stands: only then a free one is claimed. Two processes may
// still claim two rows for one lane at the same moment; the first row wins from then on, and one request may come
// early.
HostSlot* HostSlots::findOrClaim(std::uint64_t lane, std::uint64_t now) noexcept {
  for (int tries = 0; tries < kTries; ++tries) {
    if (HostSlot* const mine = find(lane)) return mine;
    bool anyFree = false;
    for (std::size_t step = 0; step < kReach && !anyFree; ++step) {
      HostSlot& slot = slots_[(lane + step) % kCount];
      std::uint64_t owner = slot.lane.load();
      std::uint64_t gate = slot.gate.load();
      if (!isFree(slot, now)) continue;
      anyFree = true;
      if (!slot.lane.compare_exchange_strong(owner, lane)) continue;  // somebody was quicker: look again
      slot.gate.compare_exchange_strong(gate, 0);  // what the last owner awaited is nothing to this one
      slot.lateness.store(0);
    }
    if (!anyFree) break;
  }
  return nullptr;
}

}  // namespace chatapps::pacing
