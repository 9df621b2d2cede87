// One call that waits for its slot, and what its lane answers when it asks.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <set>
#include <string_view>

#include "chatapps/clock.hpp"

namespace chatapps::pacing {

using Time = Clock::time_point;
using Duration = Clock::duration;

enum class Priority : std::uint8_t { Normal, Low };  ///< Low goes only when nobody Normal waits: the polls of waiters

struct Place;
struct Ticket;
struct LatestDeadlineFirst {
  bool operator()(const std::shared_ptr<Ticket>& a, const std::shared_ptr<Ticket>& b) const noexcept;
};
using Tickets = std::multiset<std::shared_ptr<Ticket>, LatestDeadlineFirst>;

/// One call that waits. Made by the call, kept alive by it and by the lane; its callbacks come from any thread, with no
/// lock of the lane held, may come once too often (the call asks the lane what is true), and do not throw.
struct Ticket {
  Duration interval{};          ///< at least this long after the request before it
  Time deadline = Time::max();  ///< a place beyond it is not taken
  Priority priority = Priority::Normal;
  const void* client = nullptr;  ///< who asks, together with whom of that client asks for the same; null: alone
  std::string_view umid;         ///< what it asks for: a text that stays while the ticket waits
  const void* pacer = nullptr;   ///< where its slot has to be reserved as well; null: nowhere
  std::function<void()>
      onTurn;  ///< ask again: it is the head now, or the head's time came nearer, or its place no longer fits

  enum class Where : std::uint8_t { Outside, Waiting, UnderWay };
  /// Where the ticket stands: the lane's own, guarded by the lane's mutex.
  struct Standing {
    Where where = Where::Outside;
    bool wontFit = false;  ///< was put out, or not let in, since its place lies beyond its deadline
    std::list<Place>::iterator place;
    Tickets::iterator self;  ///< in its place, unless it is the first there
  } standing;
};

inline bool LatestDeadlineFirst::operator()(const std::shared_ptr<Ticket>& a,
                                            const std::shared_ptr<Ticket>& b) const noexcept {
  return a->deadline > b->deadline;
}

/// A slot to come: of one ticket, or of several that ask for one message and share the request of the first. That is
/// the one with the latest deadline, so that the request ends for nobody before their own.
struct Place {
  /// Which go first. "Again" is for calls that had their turn: before the others of their priority.
  enum class Rank : std::uint8_t { NormalAgain, Normal, LowAgain, Low };

  std::shared_ptr<Ticket> first;
  Rank rank;
  Tickets others;

  void add(const std::shared_ptr<Ticket>& ticket);
  /// Takes one out, and gives back the hold on it: the next one is the first then.
  std::shared_ptr<Ticket> remove(Ticket& ticket) noexcept;
  /// Says to all of them where they are now.
  void nowIs(Ticket::Where where) const noexcept;
};

/// What the lane says to a ticket that asks.
struct Turn {
  enum class Kind {
    Wait,     ///< not the head, or a request is under way to the wire: `onTurn` will come
    Later,    ///< the head: ask again at `at`
    Reserve,  ///< the head: have the pacer reserve a slot, and say `reserved` with this number
    Go,  ///< the slot is yours: send now, then say `sent` and `answered`, or `unsent`; the ticket waits no longer. One
         ///< that was reserved fell due at `at`: if the pacer does not confirm it, say `postponed`
    WontFit,  ///< the place lies beyond the deadline: leave, where the ticket has not left the lane already
  };
  Kind kind = Kind::Wait;
  Time at{};
  std::uint64_t number = 0;
};

}  // namespace chatapps::pacing
