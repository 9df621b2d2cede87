// The calls of one subaccount that wait for their slot, and the time at which the next slot falls due.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>

#include "chatapps/clock.hpp"
#include "pacing/queue.hpp"
#include "pacing/rejections.hpp"
#include "pacing/round_trips.hpp"
#include "pacing/ticket.hpp"

namespace chatapps::pacing {

/// Thread-safe; time comes in with each call. One request of a lane is under way to the wire at a time: from Go until
/// `sent` or `unsent`. The order is: enter, ask (again at each `onTurn` and each `Later`), Go, sent, answered, and
/// rejected or succeeded.
///
/// Where a pacer has its say as well, the head reserves a slot before Go. It is the lane's: whoever stands at the head when it
/// falls due uses it. It is given back by a head that leaves, if that had it reserved or nobody else waits.
///
/// The next slot falls due one interval after the last answer, less the time that the quickest answers take: the
/// answer's arrival bounds from above when the server saw the request, the quickest round trips bound from below how
/// soon the next one gets there. Never sooner than one interval after the last request left.
///
/// All is O(1) or close, but: a 429 looks at each ticket once; a ticket that joins others in the middle may count the
/// places before it when its deadline is near.
class Lane {
 public:
  enum class End { Back, Front };  ///< Front: a call that had its turn goes again before all others of its priority

  explicit Lane(std::shared_ptr<RoundTrips> roundTrips = std::make_shared<RoundTrips>());

  /// False when the ticket's place would lie beyond its deadline, or `maxWaiting` tickets wait already that do not go
  /// behind it (those that enter at the front, or of low priority, are let in and not counted against others: whoever
  /// sends them holds them in any case). Else the ticket asks next; its message, interval and priority stay as they are
  /// while it waits.
  bool enter(const std::shared_ptr<Ticket>& ticket, End end, std::size_t maxWaiting, Time now);
  Turn ask(Ticket& ticket, Time now);
  /// The pacer's answer to `Reserve`; harmless when nobody waits for it any more. `Time::max()`: never, which nobody waits
  /// for; null: it could not be asked, and the head reserves anew.
  void reserved(std::uint64_t number, std::optional<Time> due);
  /// The slot of the one that was let go is not there yet, but at that time, or is lost: it stands before all others of its
  /// rank again.
  void postponed(std::optional<Time> at);
  /// The ticket no longer wants its place: those behind it move up. Harmless when it has left already, or was let go. True: a
  /// slot is reserved that nobody else uses; it counts as let go until the slot is given back, and `unsent` said.
  bool leave(Ticket& ticket);

  /// The request that was let go leaves: the slot is spent. Gives the tickets whose calls share it.
  Tickets sent(Time now);
  void unsent();  ///< it will not leave: the slot goes to the next ticket, one that shares its place first
  void answered(Time sentAt, Time now);         ///< its answer came (any status): teaches the lane the round trip
  Duration rejected(Duration pause, Time now);  ///< its answer was a 429: gives how long nobody sends from now
  void succeeded();                             ///< its answer was not a 429

  /// How long until `messages` more requests have been sent, those that wait already included.
  Duration estimate(std::size_t messages, Duration interval, Time now) const;

  /// The interval as repeated 429s have stretched it.
  Duration stretched(Duration interval) const;
  /// How far apart senders that know nothing of each other's requests had better go: the jitter of the network counts
  /// in.
  Duration spacing(Duration interval) const;
  /// How long from now until the next request may leave, at least; whether an answer that is awaited may make it later.
  struct Outlook {
    Duration untilNext;
    bool answerAwaited;
  };
  Outlook outlook(Duration interval, Time now) const;

  /// Whether a new lane would behave as this one does.
  bool isIdle(Time now) const;

 private:
  /// What a pacer was asked for, and has answered or not yet.
  struct Reservation {
    const void* pacer = nullptr;  ///< null: there is none
    const Ticket* by = nullptr;   ///< who had it asked, and may be gone
    std::uint64_t number = 0;
    bool isAnswered = false;
    Time due{}, at{};  ///< when the slot falls due; when to ask for it
  };

  bool isReservedFor(const Ticket& ticket) const noexcept {
    return ticket.pacer != nullptr && ticket.pacer == reservation_.pacer;
  }
  Time notBefore(const Ticket& ticket) const noexcept;
  Time dueTime(Duration interval) const noexcept;
  Time likelyDueTime(Duration interval) const noexcept;
  Time afterLast(Duration interval, Duration slack) const noexcept;
  Duration spread() const noexcept;
  Time slotAfter(std::size_t ahead, Duration interval, Time now) const noexcept;
  bool fitsAfter(std::size_t ahead, const Ticket& ticket, Time now) const noexcept;
  bool fitsIn(const Place& place, const Ticket& ticket, Time now) const noexcept;
  std::shared_ptr<Ticket> whoMustAsk() noexcept;
  Duration patience(Duration interval) const noexcept;

  const std::shared_ptr<RoundTrips> roundTrips_;
  mutable std::mutex mutex_;
  Queue queue_;
  Rejections rejections_;
  std::list<Place> underWay_;    // the one that was let go and has not said sent or unsent, if there is one
  Duration underWayInterval_{};  // of that one
  Reservation reservation_;
  std::optional<Time> lastSent_;
  Duration longestInterval_{};    // of all that left
  bool awaited_ = false;          // its answer has not come
  Duration slack_{};              // so long after its interval the next one may leave
  Time holdUntil_ = Time::min();  // a 429's pause
  // Who will ask without being called: told to come back at a time, or called already.
  const Ticket* expected_ = nullptr;
  Time expectedAt_{};
};

}  // namespace chatapps::pacing
