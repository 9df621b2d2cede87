#include "pacing/queue.hpp"

#include <algorithm>
#include <iterator>

namespace chatapps::pacing {

Ticket* Queue::head() const noexcept {
  for (const Row& row : rows_) {
    if (!row.places.empty()) return row.places.front().first.get();
  }
  return nullptr;
}

Place* Queue::placeFor(const Ticket& ticket) const noexcept {
  if (ticket.client == nullptr) return nullptr;
  if (unindexed_ != nullptr && ByMessage::of(unindexed_) == ByMessage::of(ticket)) return unindexed_;
  const auto found = byMessage_.find(ticket);
  return found != byMessage_.end() ? *found : nullptr;
}

std::size_t Queue::placesBefore(Rank rank) const noexcept {
  std::size_t places = 0;
  for (std::size_t better = 0; better <= static_cast<std::size_t>(rank); ++better)
    places += rows_[better].places.size();
  return places;
}

std::size_t Queue::ticketsBefore(Rank rank) const noexcept {
  std::size_t tickets = 0;
  for (std::size_t better = 0; better <= static_cast<std::size_t>(rank); ++better) tickets += rows_[better].tickets;
  return tickets;
}

std::size_t Queue::placesBefore(const Place& place) const noexcept {
  const std::list<Place>& row = rows_[static_cast<std::size_t>(place.rank)].places;
  const auto stands = std::find_if(row.begin(), row.end(), [&](const Place& one) { return &one == &place; });
  return placesBefore(place.rank) - static_cast<std::size_t>(std::distance(stands, row.end()));
}

void Queue::append(const std::shared_ptr<Ticket>& ticket, Rank rank) {
  std::list<Place> fresh;  // beside the others until nothing can run out of memory
  Place& place = fresh.emplace_back(Place{ticket, rank, {}});
  if (ticket->client != nullptr) {
    if (head() == nullptr) {
      unindexed_ = &place;
    } else {
      byMessage_.insert(&place);
    }
  }
  Row& row = rowOf(rank);
  ++row.tickets;
  ticket->standing.place = fresh.begin();
  ticket->standing.waits = true;
  row.places.splice(row.places.end(), fresh);
}

void Queue::join(const std::shared_ptr<Ticket>& ticket, Place& place, Rank rank) {
  const auto stands = place.first->standing.place;
  ticket->standing.self = place.others.insert(place.others.end(), ticket);
  ticket->standing.place = stands;
  ticket->standing.waits = true;
  Row& old = rowOf(place.rank);
  ++old.tickets;
  if (rank >= place.rank) return;
  const std::size_t moving = 1 + place.others.size();
  Row& better = rowOf(rank);
  better.places.splice(better.places.end(), old.places, stands);
  old.tickets -= moving;
  better.tickets += moving;
  place.rank = rank;
}

std::shared_ptr<Ticket> Queue::remove(Ticket& ticket) noexcept {
  const auto stands = ticket.standing.place;
  Row& row = rowOf(stands->rank);
  --row.tickets;
  ticket.standing.waits = false;
  if (stands->others.empty()) {
    forget(*stands);
    std::shared_ptr<Ticket> self = std::move(stands->first);
    row.places.erase(stands);
    return self;
  }
  auto stood = ticket.standing.self;
  if (stands->first.get() == &ticket) {  // the next one is the first now
    stood = stands->others.begin();
    stands->first.swap(*stood);
  }
  std::shared_ptr<Ticket> self = std::move(*stood);
  stands->others.erase(stood);
  return self;
}

Tickets Queue::removeSharersOf(Ticket& first) noexcept {
  Place& place = *first.standing.place;
  rowOf(place.rank).tickets -= place.others.size();
  for (const auto& sharer : place.others) sharer->standing.waits = false;
  return std::exchange(place.others, {});
}

void Queue::forget(const Place& place) noexcept {
  if (unindexed_ == &place) {
    unindexed_ = nullptr;
  } else if (const auto found = byMessage_.find(*place.first); found != byMessage_.end()) {
    byMessage_.erase(found);
  }
}

}  // namespace chatapps::pacing
