// One call that waits for its slot, and what its lane answers when it asks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "chatapps/clock.hpp"

namespace chatapps::pacing {

using Time = Clock::time_point;
using Duration = Clock::duration;

enum class Priority : std::uint8_t { Normal, Low };  ///< Low goes only when nobody Normal waits: the polls of waiters

/// One call that waits. Made by the call, kept alive by it and by the lane; its callbacks come from any thread, with no
/// lock of the lane held, may come once too often (the call asks the lane what is true), and do not throw.
struct Ticket {
  std::string message;          ///< who asks for what; tickets with equal, non-empty texts share one slot
  Duration interval{};          ///< at least this long after the request before it
  Time deadline = Time::max();  ///< a place beyond it is not taken
  Priority priority = Priority::Normal;
  std::function<void()>
      onTurn;  ///< ask again: it is the head now, or the head's time came nearer, or its place no longer fits

  /// Where the ticket stands: the lane's own, guarded by the lane's mutex.
  struct Standing {
    std::shared_ptr<Ticket> self;  ///< the lane's hold on the ticket; null unless it waits
    Ticket* ahead = nullptr;
    Ticket* behind = nullptr;
    std::uint64_t place = 0;  ///< equal for tickets that share a place; those stand side by side
    std::uint8_t rank = 0;
    bool wontFit = false;  ///< was put out, or not let in, since its place lies beyond its deadline
  } standing;
};

/// What the lane says to a ticket that asks.
struct Turn {
  enum class Kind {
    Wait,   ///< not the head, or a request is under way to the wire: `onTurn` will come
    Later,  ///< the head: ask again at `at`
    Go,     ///< the slot is yours: send now, then say `sent` and `answered`, or `unsent`; the ticket has left the lane
    WontFit,  ///< the place lies beyond the deadline: the ticket has left the lane
  };
  Kind kind = Kind::Wait;
  Time at{};
  std::vector<std::shared_ptr<Ticket>> sharers;  ///< with Go: tickets for the same message, which left the lane too
};

}  // namespace chatapps::pacing
