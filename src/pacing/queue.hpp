// Who waits behind whom in a lane: an order without times.
#pragma once

#include <array>
#include <cstddef>
#include <list>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

#include "pacing/ticket.hpp"

namespace chatapps::pacing {

/// The places of the tickets that wait, in the order in which they go. Not synchronised.
class Queue {
 public:
  using Rank = Place::Rank;

  Queue() = default;
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  /// Who may go: the first ticket of the first place; null when nobody waits.
  Ticket* head() const noexcept;
  /// The place of those who ask for the same as this ticket, which does not wait yet; null when there is none.
  Place* placeFor(const Ticket& ticket) const noexcept;
  static bool contains(const Ticket& ticket) noexcept { return ticket.standing.where == Ticket::Where::Waiting; }

  std::size_t places() const noexcept { return placesBefore(Rank::Low); }
  std::size_t tickets() const noexcept;
  std::size_t tickets(Rank rank) const noexcept { return rows_[static_cast<std::size_t>(rank)].tickets; }
  /// How many places go before a new one of this rank.
  std::size_t placesBefore(Rank rank) const noexcept;
  /// How many places go before that one. Linear in the answer.
  std::size_t placesBefore(const Place& place) const noexcept;
  /// `see(place)` for each, in order.
  template <class See>
  void forEachPlace(See see) const {
    for (const Row& row : rows_) {
      for (const Place& place : row.places) see(place);
    }
  }

  /// A place of its own, behind all others of its rank.
  void append(const std::shared_ptr<Ticket>& ticket, Rank rank);
  /// One more for that place, which moves behind all others of `rank` if that is better than its own.
  void join(const std::shared_ptr<Ticket>& ticket, Place& place, Rank rank);
  /// Takes the ticket out; those behind move up. Gives back the queue's hold on it.
  std::shared_ptr<Ticket> remove(Ticket& ticket) noexcept;
  /// Takes out its place, with all who share it: they are under way.
  std::list<Place> removePlaceOf(Ticket& ticket) noexcept;
  /// Brings such a place back, before all others of its rank.
  void putBack(std::list<Place>& place) noexcept;

 private:
  struct Row {
    std::list<Place> places;
    std::size_t tickets = 0;
  };
  struct ByMessage {
    using is_transparent = void;
    using Message = std::pair<const void*, std::string_view>;
    static Message of(const Ticket& ticket) noexcept { return {ticket.client, ticket.umid}; }
    static Message of(const Place* place) noexcept { return of(*place->first); }
    template <class A, class B>
    bool operator()(const A& a, const B& b) const noexcept {
      return of(a) < of(b);
    }
  };

  Row& rowOf(Rank rank) noexcept { return rows_[static_cast<std::size_t>(rank)]; }
  void forget(const Place& place) noexcept;

  std::array<Row, 4> rows_;  // one for each rank
  // The places that others may join. One that began in an empty queue stands beside the index, so that calls that never
  // wait for each other do not pay for it.
  Place* unindexed_ = nullptr;
  std::set<Place*, ByMessage> byMessage_;
};

}  // namespace chatapps::pacing
