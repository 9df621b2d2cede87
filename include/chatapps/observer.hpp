/// @file observer.hpp
/// What happens inside a call, for metrics, traces and logs.
#pragma once

#include <chrono>
#include <exception>
#include <string>

#include "chatapps/export.hpp"

namespace chatapps {

/// The call's turn came.
struct SlotTaken {
  std::string subAccountId, umid;
  int attempt = 0;                      ///< the attempt that this slot is for, from 1
  std::chrono::nanoseconds waited{0};   ///< since it asked for the slot
};

/// A request leaves.
struct AttemptStarted {
  std::string subAccountId, umid;
  int attempt = 0;
};

/// A request got its answer, or will not get one.
struct AttemptFinished {
  std::string subAccountId, umid;
  int attempt = 0;
  int httpStatus = 0;                   ///< 0 where there was no answer
  std::chrono::nanoseconds took{0};     ///< since the attempt started
  std::string failure;                  ///< empty where there was an answer
};

/// The call will be tried again.
struct RetryPlanned {
  std::string subAccountId, umid;
  int attempt = 0;                      ///< the attempt that failed
  std::chrono::nanoseconds delay{0};    ///< before it asks for its next slot; with a held lane, how long the lane is held
  std::string reason;                   ///< such as `HTTP 503`
};

/// A 429 holds the whole lane of a subaccount.
struct LaneHeld {
  std::string subAccountId;
  std::chrono::nanoseconds pause{0};
};

/// The call is over. Comes exactly once for each call that got as far as asking for a slot.
struct CallFinished {
  std::string subAccountId, umid;
  int attempts = 0;
  std::exception_ptr error;             ///< null where the call succeeded
  std::chrono::nanoseconds took{0};     ///< since the call began
};

/// A callback of the user's threw. It was contained; everything else goes on.
struct CallbackFailed {
  std::string where;                    ///< which callback: `onDone`, `executor`, `observer`
  std::exception_ptr error;
};

/// Receives the events of all calls of a client, each on the thread that runs the call: implementations are thread-safe
/// and quick. No event holds the API key or personal data. What a handler throws is contained.
class CHATAPPS_EXPORT Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer();

  virtual void onSlotTaken(const SlotTaken&) {}
  virtual void onAttemptStarted(const AttemptStarted&) {}
  virtual void onAttemptFinished(const AttemptFinished&) {}
  virtual void onRetryPlanned(const RetryPlanned&) {}
  virtual void onLaneHeld(const LaneHeld&) {}
  virtual void onCallFinished(const CallFinished&) {}
  virtual void onCallbackFailed(const CallbackFailed&) {}
};

}  // namespace chatapps
