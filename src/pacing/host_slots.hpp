// The shared table of the host pacer: for each lane, when its next slot falls due. Works on bare memory.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace chatapps::pacing {

/// One lane's row in memory that processes share. Each word is changed by one compare-and-swap and means something by
/// itself, so a process may be killed between any two instructions. All zero: free. Times are nanoseconds since boot.
struct HostSlot {
  std::atomic<std::uint64_t> lane;       ///< hash of the lane's name
  std::atomic<std::uint64_t> nextAt;     ///< when the next slot falls due; GCRA's theoretical arrival time
  std::atomic<std::uint64_t> heldUntil;  ///< a 429's pause
  std::atomic<std::uint64_t> spare;
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && sizeof(HostSlot) == 32);

/// A hash table with open addressing over such rows. Thread-safe and process-safe, never blocks. Rows of lanes that
/// nobody uses are taken over by others.
class HostSlots {
 public:
  static constexpr std::size_t kCount = 65'536;
  static constexpr std::uint64_t kHorizon = 60'000'000'000;  ///< what lies further ahead is corrupt: it is reset

  explicit HostSlots(HostSlot* slots) noexcept : slots_(slots) {}

  /// The same in every process and version.
  static std::uint64_t hashOf(std::string_view origin, std::string_view subAccountId) noexcept;

  /// Takes the lane's next slot; gives when it falls due, `now` or later. Nullopt: the table is full.
  std::optional<std::uint64_t> reserve(std::uint64_t lane, std::uint64_t interval, std::uint64_t now) noexcept;
  /// No slot falls due before `until`. False: the table is full.
  bool hold(std::uint64_t lane, std::uint64_t until, std::uint64_t now) noexcept;

  /// Whether the lane is held.
  bool isHeld(std::uint64_t lane, std::uint64_t now) noexcept;
  /// A slot that fell due less than an interval ago is used only now: moves the next one back. False: somebody has that
  /// one.
  bool postpone(std::uint64_t lane, std::uint64_t interval, std::uint64_t now) noexcept;

 private:
  HostSlot* find(std::uint64_t lane) noexcept;
  HostSlot* findOrClaim(std::uint64_t lane, std::uint64_t now) noexcept;

  HostSlot* slots_;
};

}  // namespace chatapps::pacing
