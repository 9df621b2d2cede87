// The life of one call, as a state machine without I/O, clock or threads: told what happened, it says what to do next.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include "call/judge.hpp"
#include "call/retry_policy.hpp"
#include "chatapps/clock.hpp"
#include "chatapps/errors.hpp"
#include "chatapps/options.hpp"
#include "chatapps/outcome.hpp"
#include "chatapps/transport.hpp"

namespace chatapps::call {

using Time = Clock::time_point;
using Duration = Clock::duration;

/// What the call does next.
struct Next {
  enum class Do {
    Queue,   ///< from `at` on, take a place in the lane
    Send,    ///< send one request
    AskKey,  ///< ask for the API key again, then say `keyAsked`
    Finish,  ///< over: `outcome` is set
  };
  Do what = Do::Finish;
  Time at{};
  bool atFront = false;               ///< with Queue: before all others of its priority
  std::string retryReason;            ///< with Queue: why it goes again; empty the first time
  std::optional<Duration> lanePause;  ///< the answer was a 429: nobody sends in this lane for so long
  bool dropConnection = false;        ///< the connection that brought the answer can not be trusted
  std::optional<Outcome<MessageDetails>> outcome;
};

/// Not thread-safe. `Time::max()` as deadline: none yet, see `startDeadline`.
class Call {
 public:
  Call(CallFacts facts, const RetryOptions& retry, RetryBudget& budget);

  Next begin(Time at);                  ///< its first slot is asked for at `at`
  Next placeRefused(bool queueIsFull);  ///< the lane had no place before the deadline, or none at all
  Next slotTaken();                     ///< its turn came
  /// Another call's request for the same message serves this one too: its answer comes here as well.
  void joinRequest();
  /// That request was given up by the call that sent it: it was an attempt, and another one follows in any case.
  Next requestAbandoned(Time now);
  void left();  ///< the request goes onto the wire
  Next answered(HttpResponse response, std::string_view secret, Time now, SystemTime utcNow);
  Next failed(const TransportFailure& failure, Time now);
  Next keyAsked(bool changed, Time now);
  Next expired();
  Next cancelled();

  void startDeadline(Time deadline) { deadline_ = deadline; }
  Time deadline() const noexcept { return deadline_; }
  int attempts() const noexcept { return facts_.attempts; }
  const std::string& subAccountId() const noexcept { return facts_.subAccountId; }
  const std::string& umid() const noexcept { return facts_.umid; }

 private:
  enum class State { Queued, Sending, AskingKey, Finished };

  Next finish(Outcome<MessageDetails> outcome);
  Next finishWith(std::exception_ptr error) { return finish(Outcome<MessageDetails>(std::move(error))); }
  Next queue(Time at, bool atFront, std::string reason);
  Next retryLater(std::exception_ptr error, std::string reason, Duration atLeast, Time now);
  Next refused(const Refusal& refusal, Time now);
  Next heldBack(const Refusal& refusal, Duration pause, Time now);
  Next distrust(Time now);
  bool takeToken();
  bool mayRetry() const noexcept { return facts_.attempts < retry_.maxAttempts; }
  CallFacts facts(bool retryable) const;

  const RetryOptions& retry_;
  RetryBudget& budget_;
  CallFacts facts_;
  Time deadline_ = Time::max();
  State state_ = State::Queued;
  bool joined_ = false;  ///< the last request was another call's
  bool owesToken_ = false;
  bool retriedOnce_ = false;      ///< a failure that may be tried again once has been
  bool keyRenewed_ = false;       ///< a 401 has been answered with a new key once
  std::exception_ptr lastError_;  ///< of the attempt before; thrown when there is no time for another
};

}  // namespace chatapps::call
