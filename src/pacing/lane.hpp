// The calls of one subaccount that wait for their slot, and the time at which the next slot falls due.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "chatapps/clock.hpp"

namespace chatapps::pacing {

using Time = Clock::time_point;
using Duration = Clock::duration;

enum class Priority { Normal, Low };  ///< Low goes only when nobody Normal waits: the polls of waiters

/// One call that waits. Made by the call, kept alive by it and by the lane; its callbacks come from any thread, with no lock
/// of the lane held, and may come once too often: the call asks the lane what is true.
struct Ticket {
  std::string message;         ///< who asks for what; tickets with equal, non-empty texts share one slot
  Duration interval{};         ///< at least this long after the request before it
  Time deadline = Time::max(); ///< a place beyond it is not taken
  Priority priority = Priority::Normal;
  std::function<void()> onTurn;  ///< ask again: it is the head now, or the head's time moved, or its place no longer fits
};

/// What the lane says to a ticket that asks.
struct Turn {
  enum class Kind {
    Wait,     ///< not the head: `onTurn` will come
    Later,    ///< the head: ask again at `at`
    Go,       ///< the slot is yours: send now, then say `sent` and `answered`, or `unsent`
    WontFit,  ///< the place lies beyond the deadline: the ticket has left the lane
  };
  Kind kind = Kind::Wait;
  Time at{};
  std::vector<std::shared_ptr<Ticket>> sharers;  ///< with Go: tickets for the same message, which left the lane too
};

/// Thread-safe; time comes in with each call. One request of a lane is under way to the wire at a time: from Go until
/// `sent` or `unsent`.
class Lane {
 public:
  enum class End { Back, Front };  ///< Front: a call that met a 429 goes again before all others

  /// False when the ticket's place would lie beyond its deadline, or `maxWaiting` tickets wait already.
  bool enter(const std::shared_ptr<Ticket>& ticket, End end, std::size_t maxWaiting, Time now);
  Turn ask(Ticket& ticket, Time now);
  /// The ticket no longer wants its place: those behind it move up. Harmless when it has left already.
  void leave(Ticket& ticket, Time now);

  void sent(Time now);                     ///< the request that was let go leaves: the slot is spent
  void unsent(Time now);                   ///< it will not leave: the slot goes to the next ticket
  void answered(Time sentAt, Time now);    ///< its answer came (any status): teaches the lane the round trip
  void rejected(Duration pause, Time now); ///< its answer was a 429: nobody sends before now + pause
  void succeeded();                        ///< its answer was not a 429

  /// How long until `messages` more requests have been sent.
  Duration estimate(std::size_t messages, Duration interval, Time now) const;
};

}  // namespace chatapps::pacing
