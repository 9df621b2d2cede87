// The shared table of the host pacer: when a lane's next slot falls due, and when its next request may leave. Works on
// bare memory.
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
  std::atomic<std::uint64_t> lane;  ///< hash of the lane's name
  std::atomic<std::uint64_t>
      nextSlot;                     ///< when the next slot that can be reserved falls due: GCRA's theoretical arrival
  std::atomic<std::uint64_t> gate;  ///< when the next request may leave; odd while an answer may make it later
  std::atomic<std::uint64_t> lateness;  ///< how long after it fell due the last slot was used
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && sizeof(HostSlot) == 32);

/// A hash table with open addressing over such rows. Thread-safe and process-safe, never blocks. Rows of lanes that
/// nobody uses are taken over by others.
///
/// A slot is reserved first, which puts the processes in an order, and passes the gate when it falls due, which keeps
/// one request from leaving too close behind another that was late.
class HostSlots {
 public:
  static constexpr std::size_t kCount = 65'536;
  static constexpr std::uint64_t kHorizon = 60'000'000'000;  ///< what lies further ahead is corrupt: it is reset

  explicit HostSlots(HostSlot* slots) noexcept : slots_(slots) {}

  /// The same in every process and version.
  static std::uint64_t hashOf(std::string_view origin, std::string_view subAccountId) noexcept;

  struct Reserved {
    std::uint64_t due;   ///< when the slot falls due, `now` or later
    std::uint64_t next;  ///< when the one after it does
  };
  /// Takes the lane's next slot. Nullopt: the table is full.
  std::optional<Reserved> reserve(std::uint64_t lane, std::uint64_t interval, std::uint64_t now) noexcept;
  /// What passing changed of the gate.
  struct Passed {
    std::uint64_t from, to;
  };
  /// The slot will not be used: it is the next one again, unless somebody has reserved after it, and nobody's answer is
  /// awaited for it.
  void giveBack(std::uint64_t lane, Reserved slot, Passed passed = {}) noexcept;

  /// A slot that fell due `late` ago is to be used. Zero: it is, and nobody else's within `interval`; `passed` says what
  /// that changed. More: ask again after so long.
  std::uint64_t pass(std::uint64_t lane, std::uint64_t interval, std::uint64_t late, std::uint64_t now,
                     Passed* passed = nullptr) noexcept;

  /// A request left, or its answer came: the next one may leave `at`, or later while its answer is awaited. False: the
  /// table is full.
  bool note(std::uint64_t lane, std::uint64_t at, bool answerAwaited, std::uint64_t now) noexcept;

  /// Nobody leaves before `until`. False: the table is full.
  bool hold(std::uint64_t lane, std::uint64_t until, std::uint64_t now) noexcept;

 private:
  HostSlot* find(std::uint64_t lane) noexcept;
  HostSlot* findOrClaim(std::uint64_t lane, std::uint64_t now) noexcept;

  HostSlot* slots_;
};

}  // namespace chatapps::pacing
