#include "pacing/places.hpp"

#include <utility>

namespace chatapps::pacing {

Places::~Places() {
  while (Ticket* ticket = head()) remove(*ticket);
}

Ticket* Places::head() const noexcept {
  for (const Row& row : rows_) {
    if (row.first != nullptr) return row.first;
  }
  return nullptr;
}

Ticket* Places::next(const Ticket& ticket) const noexcept {
  if (ticket.standing.behind != nullptr) return ticket.standing.behind;
  for (std::size_t rank = ticket.standing.rank + 1u; rank < rows_.size(); ++rank) {
    if (rows_[rank].first != nullptr) return rows_[rank].first;
  }
  return nullptr;
}

bool Places::samePlace(const Ticket* a, const Ticket* b) noexcept {
  return a != nullptr && b != nullptr && a->standing.place == b->standing.place;
}

std::size_t Places::ticketsBefore(Rank rank) const noexcept {
  std::size_t tickets = 0;
  for (std::size_t better = 0; better <= static_cast<std::size_t>(rank); ++better) tickets += rows_[better].tickets;
  return tickets;
}

std::size_t Places::placesBefore(Rank rank) const noexcept {
  std::size_t places = 0;
  for (std::size_t better = 0; better <= static_cast<std::size_t>(rank); ++better) places += rows_[better].places;
  return places;
}

std::size_t Places::placesBefore(const Ticket& ticket) const noexcept {
  std::size_t places = 0;
  const Ticket* before = nullptr;
  for (const Ticket* one = head(); one != nullptr && !samePlace(one, &ticket); one = next(*one)) {
    if (!samePlace(before, one)) ++places;
    before = one;
  }
  return places;
}

Ticket* Places::mateOf(Ticket& ticket) const {
  if (ticket.message.empty()) return nullptr;
  if (unindexed_ != nullptr && unindexed_->message == ticket.message) return unindexed_;
  if (byMessage_.empty()) return nullptr;
  const auto found = byMessage_.find(&ticket);
  return found == byMessage_.end() ? nullptr : *found;
}

void Places::append(const std::shared_ptr<Ticket>& ticket, Rank rank) {
  if (!ticket->message.empty()) {
    if (head() == nullptr) {
      unindexed_ = ticket.get();
    } else {
      byMessage_.insert(ticket.get());  // before anything else, since it may run out of memory
    }
  }
  Row& row = rows_[static_cast<std::size_t>(rank)];
  ticket->standing.self = ticket;
  ticket->standing.rank = static_cast<std::uint8_t>(rank);
  ticket->standing.place = nextPlace_++;
  link(*ticket, row.last);
  ++row.places;
}

void Places::join(const std::shared_ptr<Ticket>& ticket, Ticket& last) noexcept {
  ticket->standing.self = ticket;
  ticket->standing.rank = last.standing.rank;
  ticket->standing.place = last.standing.place;
  replaceLast(last, ticket.get());
  link(*ticket, &last);
}

void Places::lift(Ticket& last, Rank rank) noexcept {
  --rows_[last.standing.rank].places;
  Row& row = rows_[static_cast<std::size_t>(rank)];
  ++row.places;
  Ticket* const ahead = row.last;
  for (Ticket* one = &last; one != nullptr;) {
    Ticket* const before = one->standing.ahead;
    const bool more = samePlace(before, one);
    unlink(*one);
    one->standing.rank = static_cast<std::uint8_t>(rank);
    link(*one, ahead);
    one = more ? before : nullptr;
  }
}

std::shared_ptr<Ticket> Places::remove(Ticket& ticket) noexcept {
  Ticket* const ahead = ticket.standing.ahead;
  const bool last = !samePlace(&ticket, ticket.standing.behind);
  const bool first = !samePlace(&ticket, ahead);
  if (last) replaceLast(ticket, first ? nullptr : ahead);
  if (last && first) --rows_[ticket.standing.rank].places;
  unlink(ticket);
  return std::move(ticket.standing.self);
}

std::vector<std::shared_ptr<Ticket>> Places::removeSharersOf(Ticket& first) {
  std::size_t count = 0;
  for (Ticket* one = first.standing.behind; samePlace(one, &first); one = one->standing.behind) ++count;
  std::vector<std::shared_ptr<Ticket>> sharers;
  sharers.reserve(count);
  while (sharers.size() < count) sharers.push_back(remove(*first.standing.behind));
  return sharers;
}

// Behind `ahead`, or first in its row when there is nobody ahead.
void Places::link(Ticket& ticket, Ticket* ahead) noexcept {
  Row& row = rows_[ticket.standing.rank];
  Ticket* const behind = ahead != nullptr ? ahead->standing.behind : row.first;
  ticket.standing.ahead = ahead;
  ticket.standing.behind = behind;
  (ahead != nullptr ? ahead->standing.behind : row.first) = &ticket;
  (behind != nullptr ? behind->standing.ahead : row.last) = &ticket;
  ++row.tickets;
}

void Places::unlink(Ticket& ticket) noexcept {
  Row& row = rows_[ticket.standing.rank];
  Ticket* const ahead = std::exchange(ticket.standing.ahead, nullptr);
  Ticket* const behind = std::exchange(ticket.standing.behind, nullptr);
  (ahead != nullptr ? ahead->standing.behind : row.first) = behind;
  (behind != nullptr ? behind->standing.ahead : row.last) = ahead;
  --row.tickets;
}

// The place's last ticket is another one now, or the place is gone (`now` is null).
void Places::replaceLast(Ticket& old, Ticket* now) noexcept {
  if (old.message.empty()) return;
  if (unindexed_ == &old) {
    unindexed_ = now;
  } else if (now == nullptr) {
    byMessage_.erase(&old);
  } else {
    auto node = byMessage_.extract(&old);
    node.value() = now;
    byMessage_.insert(std::move(node));
  }
}

}  // namespace chatapps::pacing
