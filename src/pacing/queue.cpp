#include "pacing/queue.hpp"

#include <iterator>
#include <utility>

namespace chatapps::pacing {

Ticket* Queue::firstFrom(std::size_t rank) const noexcept {
  for (; rank < rows_.size(); ++rank) {
    if (!rows_[rank].empty()) return rows_[rank].front().get();
  }
  return nullptr;
}

Ticket* Queue::next(const Ticket& ticket) const noexcept {
  const auto rank = static_cast<std::size_t>(ticket.standing.rank);
  const auto behind = std::next(ticket.standing.self);
  return behind != rows_[rank].end() ? behind->get() : firstFrom(rank + 1);
}

std::size_t Queue::sizeBefore(Rank rank) const noexcept {
  std::size_t size = 0;
  for (std::size_t better = 0; better <= static_cast<std::size_t>(rank); ++better) size += rows_[better].size();
  return size;
}

void Queue::append(const std::shared_ptr<Ticket>& ticket, Rank rank) {
  auto& row = rows_[static_cast<std::size_t>(rank)];
  ticket->standing.self = row.insert(row.end(), ticket);
  ticket->standing.rank = rank;
  ticket->standing.waits = true;
}

std::shared_ptr<Ticket> Queue::remove(Ticket& ticket) noexcept {
  std::shared_ptr<Ticket> self = std::move(*ticket.standing.self);
  rows_[static_cast<std::size_t>(ticket.standing.rank)].erase(ticket.standing.self);
  ticket.standing.waits = false;
  return self;
}

}  // namespace chatapps::pacing
