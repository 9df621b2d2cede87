#include "track/due_heap.hpp"

namespace chatapps::track {
namespace {

bool isBefore(const Due& a, const Due& b) noexcept { return a.at != b.at ? a.at < b.at : a.order < b.order; }

}  // namespace

void DueHeap::reserve(std::size_t most) {
  if (most > heap_.capacity()) heap_.reserve(2 * most);
}

void DueHeap::put(Due& due, Clock::time_point at) noexcept {
  if (due.place == 0) {
    heap_.push_back(&due);
    due.place = heap_.size();
  }
  due.at = at;
  up(due.place);
  down(due.place);
}

void DueHeap::remove(Due& due) noexcept {
  if (due.place == 0) return;
  const std::size_t place = due.place;
  Due* const last = heap_.back();
  heap_.pop_back();
  due.place = 0;
  if (last == &due) return;
  set(place, last);
  up(place);
  down(last->place);
}

void DueHeap::up(std::size_t place) noexcept {
  Due* const due = heap_[place - 1];
  for (; place > 1 && isBefore(*due, *heap_[place / 2 - 1]); place /= 2) set(place, heap_[place / 2 - 1]);
  set(place, due);
}

void DueHeap::down(std::size_t place) noexcept {
  Due* const due = heap_[place - 1];
  while (place * 2 <= heap_.size()) {
    std::size_t child = place * 2;
    if (child < heap_.size() && isBefore(*heap_[child], *heap_[child - 1])) ++child;
    if (!isBefore(*heap_[child - 1], *due)) break;
    set(place, heap_[child - 1]);
    place = child;
  }
  set(place, due);
}

}  // namespace chatapps::track
