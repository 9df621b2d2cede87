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
  std::string subAccountId;            ///< of the call
  std::string umid;                    ///< of the call
  int attempt = 0;                     ///< the attempt that this slot is for, from 1
  std::chrono::nanoseconds waited{0};  ///< since it asked for the slot
};

/// A request leaves.
struct AttemptStarted {
  std::string subAccountId;  ///< of the call
  std::string umid;          ///< of the call
  int attempt = 0;           ///< from 1
};

/// A request got its answer, or will not get one. Comes once for each that started.
struct AttemptFinished {
  std::string subAccountId;          ///< of the call
  std::string umid;                  ///< of the call
  int attempt = 0;                   ///< from 1
  int httpStatus = 0;                ///< 0 where there was no answer
  std::chrono::nanoseconds took{0};  ///< since the attempt started
  std::string failure;               ///< empty where there was an answer
};

/// The call will be tried again.
struct RetryPlanned {
  std::string subAccountId;           ///< of the call
  std::string umid;                   ///< of the call
  int attempt = 0;                    ///< the attempt that failed
  std::chrono::nanoseconds delay{0};  ///< before it asks for its next slot; with a held lane, how long the lane is held
  std::string reason;                 ///< such as `HTTP 503`
};

/// A 429 holds the whole lane of a subaccount.
struct LaneHeld {
  std::string subAccountId;           ///< whose lane it is
  std::chrono::nanoseconds pause{0};  ///< from now
};

/// Requests of others are no longer counted, though `Pacing` asks for it: this process keeps to the limit by itself alone.
/// Comes once in a client's life, with `Pacing::host()`.
struct PacingAlone {
  std::string reason;  ///< such as `/run/user/7/chatapps/pacing belongs to another user`
};

/// The call is over. Comes exactly once for each call whose arguments are in order; bulk items that were not begun, since
/// the key was refused, have none.
struct CallFinished {
  std::string subAccountId;  ///< of the call
  std::string umid;          ///< of the call
  int attempts = 0;          ///< tries, those included whose connection failed, or whose request was another call's
  std::exception_ptr error;  ///< null where the call succeeded
  std::chrono::nanoseconds took{0};  ///< since the call began
};

/// A callback of the user's threw. It was contained; everything else goes on.
struct CallbackFailed {
  std::string where;         ///< which callback: `onDone`, `executor`, `observer`, `apiKeyProvider`, `retry.random`
  std::exception_ptr error;  ///< what it threw
};

/// Receives the events of all calls of a client, each on the thread that runs the call: implementations are thread-safe
/// and quick. No event holds the API key or personal data. What a handler throws is contained. A handler makes no calls
/// of the client: it would wait for the thread that it runs on.
class CHATAPPS_EXPORT Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer();

  virtual void onSlotTaken(const SlotTaken&) {}              ///< Does nothing, as all of these do.
  virtual void onAttemptStarted(const AttemptStarted&) {}    ///< A request leaves.
  virtual void onAttemptFinished(const AttemptFinished&) {}  ///< An answer, or none.
  virtual void onRetryPlanned(const RetryPlanned&) {}        ///< Another attempt follows.
  virtual void onLaneHeld(const LaneHeld&) {}                ///< After a 429.
  virtual void onPacingAlone(const PacingAlone&) {}          ///< Shared pacing is away.
  virtual void onCallFinished(const CallFinished&) {}        ///< The end of a call.
  virtual void onCallbackFailed(const CallbackFailed&) {}    ///< The user's code threw.
};

}  // namespace chatapps
