// One call that waits for its slot, and what its lane answers when it asks.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string_view>

#include "chatapps/clock.hpp"

namespace chatapps::pacing {

using Time = Clock::time_point;
using Duration = Clock::duration;

enum class Priority : std::uint8_t { Normal, Low };  ///< Low goes only when nobody Normal waits: the polls of waiters

struct Place;
struct Ticket;
using Tickets = std::list<std::shared_ptr<Ticket>>;

/// One call that waits. Made by the call, kept alive by it and by the lane; its callbacks come from any thread, with no
/// lock of the lane held, may come once too often (the call asks the lane what is true), and do not throw.
struct Ticket {
  Duration interval{};          ///< at least this long after the request before it
  Time deadline = Time::max();  ///< a place beyond it is not taken
  Priority priority = Priority::Normal;
  const void* client = nullptr;  ///< who asks, with others of the same client that ask for the same; null: alone
  std::string_view umid;         ///< what it asks for: a text that stays while the ticket waits
  std::function<void()>
      onTurn;  ///< ask again: it is the head now, or the head's time came nearer, or its place no longer fits

  /// Where the ticket stands: the lane's own, guarded by the lane's mutex.
  struct Standing {
    std::list<Place>::iterator place;
    Tickets::iterator self;  ///< in its place, unless it is the first there
    bool waits = false;
    bool wontFit = false;  ///< was put out, or not let in, since its place lies beyond its deadline
  } standing;
};

/// A slot to come: of one ticket, or of several that ask for one message and go together.
struct Place {
  /// Which go first. "Again" is for calls that had their turn: before the others of their priority.
  enum class Rank : std::uint8_t { NormalAgain, Normal, LowAgain, Low };

  std::shared_ptr<Ticket> first;
  Rank rank;
  Tickets others;
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
  Tickets sharers;  ///< with Go: the others of its place, which have left the lane too
};

}  // namespace chatapps::pacing
