#include "pacing/queue.hpp"

#include <algorithm>
#include <iterator>

namespace chatapps::pacing {

void Place::add(const std::shared_ptr<Ticket>& ticket) {
  if (ticket->deadline > first->deadline) {
    first->standing.self = others.insert(first);
    first = ticket;
  } else {
    ticket->standing.self = others.insert(ticket);
  }
}

std::shared_ptr<Ticket> Place::remove(Ticket& ticket) noexcept {
  ticket.standing.where = Ticket::Where::Outside;
  if (first.get() != &ticket) return others.extract(ticket.standing.self).value();
  std::shared_ptr<Ticket> self = std::move(first);
  if (!others.empty()) first = others.extract(others.begin()).value();
  return self;
}

void Place::nowIs(Ticket::Where where) const noexcept {
  first->standing.where = where;
  for (const auto& sharer : others) sharer->standing.where = where;
}

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

std::size_t Queue::tickets() const noexcept {
  std::size_t tickets = 0;
  for (const Row& row : rows_) tickets += row.tickets;
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
  ticket->standing.where = Ticket::Where::Waiting;
  row.places.splice(row.places.end(), fresh);
}

void Queue::join(const std::shared_ptr<Ticket>& ticket, Place& place, Rank rank) {
  const auto stands = place.first->standing.place;
  place.add(ticket);
  ticket->standing.place = stands;
  ticket->standing.where = Ticket::Where::Waiting;
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
  if (stands->others.empty()) forget(*stands);
  std::shared_ptr<Ticket> self = stands->remove(ticket);
  if (!stands->first) row.places.erase(stands);
  return self;
}

std::list<Place> Queue::removePlaceOf(Ticket& ticket) noexcept {
  const auto stands = ticket.standing.place;
  forget(*stands);
  Row& row = rowOf(stands->rank);
  row.tickets -= 1 + stands->others.size();
  std::list<Place> place;
  place.splice(place.begin(), row.places, stands);
  place.front().nowIs(Ticket::Where::UnderWay);
  return place;
}

void Queue::putBack(std::list<Place>& place) noexcept {
  Row& row = rowOf(place.front().rank);
  row.tickets += 1 + place.front().others.size();
  place.front().nowIs(Ticket::Where::Waiting);
  row.places.splice(row.places.begin(), place);  // nobody joins it: the index may need memory
}

void Queue::forget(const Place& place) noexcept {
  if (unindexed_ == &place) {
    unindexed_ = nullptr;
  } else if (place.first->client != nullptr) {
    const auto found = byMessage_.find(&place);
    if (found != byMessage_.end() && *found == &place) byMessage_.erase(found);
  }
}

}  // namespace chatapps::pacing
