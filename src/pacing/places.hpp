// Who waits behind whom in a lane: an order without times.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "pacing/ticket.hpp"

namespace chatapps::pacing {

/// The order of the tickets that wait. A place is one or more tickets for one message, side by side; it goes as one.
///
/// Not synchronised. The tickets are the nodes of the list, so one that meets an empty lane costs no allocation.
class Places {
 public:
  /// Which places go first. "Again" is for calls that had their turn: before the others of their priority.
  enum class Rank : std::uint8_t { NormalAgain, Normal, LowAgain, Low };

  Places() = default;
  Places(const Places&) = delete;
  Places& operator=(const Places&) = delete;
  ~Places();

  /// Who may go: the first ticket of the first place; null when nobody waits.
  Ticket* head() const noexcept;
  /// The ticket behind, of whatever place and rank; null for the last one.
  Ticket* next(const Ticket& ticket) const noexcept;
  static bool samePlace(const Ticket* a, const Ticket* b) noexcept;

  std::size_t tickets() const noexcept { return ticketsBefore(Rank::Low); }
  std::size_t places() const noexcept { return placesBefore(Rank::Low); }
  /// How many tickets, and how many places, go before a new one of this rank.
  std::size_t ticketsBefore(Rank rank) const noexcept;
  std::size_t placesBefore(Rank rank) const noexcept;
  /// How many places go before the ticket's. Linear in the answer.
  std::size_t placesBefore(const Ticket& ticket) const noexcept;

  static bool contains(const Ticket& ticket) noexcept { return ticket.standing.self != nullptr; }
  static Rank rankOf(const Ticket& ticket) noexcept { return static_cast<Rank>(ticket.standing.rank); }
  /// The last ticket of the place that waits for the same message, or null.
  Ticket* mateOf(Ticket& ticket) const;

  /// A place of its own, behind all others of its rank.
  void append(const std::shared_ptr<Ticket>& ticket, Rank rank);
  /// Becomes the last of the place whose last ticket is `last`.
  void join(const std::shared_ptr<Ticket>& ticket, Ticket& last) noexcept;
  /// Moves the place whose last ticket is `last` behind all others of a better rank. Linear in the tickets of the
  /// place.
  void lift(Ticket& last, Rank rank) noexcept;

  /// Takes the ticket out; those behind move up. Gives back the lane's hold on it.
  std::shared_ptr<Ticket> remove(Ticket& ticket) noexcept;
  /// Takes out those that stand behind it in its place, in order.
  std::vector<std::shared_ptr<Ticket>> removeSharersOf(Ticket& first);

 private:
  struct Row {
    Ticket* first = nullptr;
    Ticket* last = nullptr;
    std::size_t tickets = 0, places = 0;
  };
  struct HashOfMessage {
    std::size_t operator()(const Ticket* ticket) const noexcept { return std::hash<std::string>()(ticket->message); }
  };
  struct SameMessage {
    bool operator()(const Ticket* a, const Ticket* b) const noexcept { return a->message == b->message; }
  };

  void link(Ticket& ticket, Ticket* ahead) noexcept;
  void unlink(Ticket& ticket) noexcept;
  void replaceLast(Ticket& old, Ticket* now) noexcept;

  std::array<Row, 4> rows_;
  std::uint64_t nextPlace_ = 1;
  // Where a ticket for the same message joins: the last ticket of each place. A place that began in an empty lane
  // stands beside the index, so that calls that never wait for each other do not pay for it.
  Ticket* unindexed_ = nullptr;
  std::unordered_set<Ticket*, HashOfMessage, SameMessage> byMessage_;
};

}  // namespace chatapps::pacing
