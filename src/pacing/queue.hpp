// Who waits behind whom in a lane: an order without times.
#pragma once

#include <array>
#include <cstddef>
#include <list>
#include <memory>

#include "pacing/ticket.hpp"

namespace chatapps::pacing {

/// The order of the tickets that wait. Not synchronised.
class Queue {
 public:
  using Rank = Ticket::Rank;

  Queue() = default;
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  /// Who may go; null when nobody waits.
  Ticket* head() const noexcept { return firstFrom(0); }
  /// Who goes behind that one; null for the last one.
  Ticket* next(const Ticket& ticket) const noexcept;
  std::size_t size() const noexcept { return sizeBefore(Rank::Low); }
  /// How many go before a new one of this rank.
  std::size_t sizeBefore(Rank rank) const noexcept;
  static bool contains(const Ticket& ticket) noexcept { return ticket.standing.waits; }

  /// Behind all others of its rank.
  void append(const std::shared_ptr<Ticket>& ticket, Rank rank);
  /// Takes the ticket out; those behind move up. Gives back the queue's hold on it.
  std::shared_ptr<Ticket> remove(Ticket& ticket) noexcept;

 private:
  Ticket* firstFrom(std::size_t rank) const noexcept;

  std::array<std::list<std::shared_ptr<Ticket>>, 4> rows_;  // one for each rank
};

}  // namespace chatapps::pacing
