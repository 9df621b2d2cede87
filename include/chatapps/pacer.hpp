/// @file pacer.hpp
/// The seam through which processes and machines share one rate limit.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "chatapps/clock.hpp"
#include "chatapps/export.hpp"

namespace chatapps {

/// Which limit a slot belongs to: one subaccount at one host. A plain value.
struct LaneName {
  std::string origin;        ///< scheme, host and port, such as `https://chatapps.8x8.com:443`
  std::string subAccountId;  ///< whose limit it is
};

/// Hands out slots that others draw from as well. Thread-safe; never called with a lock of the library held.
///
/// A client asks for the call at the head of a lane only, once the process's own lane would let it go: a pacer can only
/// add delay. It must not throw; when its store is away it answers by its own fallback.
class CHATAPPS_EXPORT Pacer {
 public:
  Pacer() = default;
  Pacer(const Pacer&) = delete;
  Pacer& operator=(const Pacer&) = delete;
  virtual ~Pacer();

  /// Reserves the next slot of the lane, at least `interval` after the one before it: as 429s have stretched it, with the
  /// network's jitter on top. `done` is called exactly once, from any thread, maybe before `reserve` returns:
  /// the slot is the caller's, `wait` from then on (zero: now). One that is neither used nor given back is lost.
  virtual void reserve(const LaneName& lane, Clock::duration interval,
                       std::function<void(Clock::duration wait)> done) = 0;

  /// Asked when the wait for a reserved slot is over, `late` after it fell due; here `interval` is without the jitter.
  /// Zero: send now. More: ask again after so long. Nullopt: the slot is lost, since it is too long past, and another one
  /// is reserved. Quick, never blocks.
  virtual std::optional<Clock::duration> confirm(const LaneName& lane, Clock::duration interval, Clock::duration late);

  /// Called when a request of this process leaves, and again when its answer has come. As far as this process knows, the
  /// next one may leave `untilNext` from now, or somewhat later if the answer is still awaited. For pacers that can tell
  /// others in time.
  /// Quick, never blocks.
  virtual void passOn(const LaneName& lane, Clock::duration untilNext, bool answerAwaited) noexcept;

  /// The server answered 429: nobody sends in this lane for `pause` from now.
  virtual void hold(const LaneName& lane, Clock::duration pause) = 0;

  /// The slot that was reserved last will not be used. Quick, never blocks.
  virtual void giveBack(const LaneName& lane) noexcept;
};

}  // namespace chatapps
