// What falls due at a time of its own, the earliest first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "chatapps/clock.hpp"

namespace chatapps::track {

/// In at most one heap at a time, which knows where it stands.
struct Due {
  Clock::time_point at{};
  std::uint64_t order = 0;  ///< of those that are due at one time, the least comes first
  std::size_t place = 0;    ///< the heap's own: from 1; 0 where it stands in none
};

/// Refers to what it holds. Every change takes a time that grows with the logarithm of the number.
class DueHeap {
 public:
  void reserve(std::size_t most);                     ///< before so many are put in
  void put(Due& due, Clock::time_point at) noexcept;  ///< enters, or moves
  void remove(Due& due) noexcept;                     ///< harmless where it does not stand here
  Due* first() const noexcept { return heap_.empty() ? nullptr : heap_.front(); }

 private:
  void up(std::size_t place) noexcept;
  void down(std::size_t place) noexcept;
  void set(std::size_t place, Due* due) noexcept {
    heap_[place - 1] = due;
    due->place = place;
  }

  std::vector<Due*> heap_;  // places count from 1
};

}  // namespace chatapps::track
