// What falls due comes out in order of time, whatever was entered, moved and removed before.
#include "track/due_heap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace chatapps::track {
namespace {

using namespace std::chrono_literals;

Clock::time_point at(int second) { return Clock::time_point(std::chrono::seconds(second)); }

TEST(DueHeap, isEmptyAtFirst) {
  DueHeap heap;
  EXPECT_EQ(heap.first(), nullptr);
  Due stranger;
  heap.remove(stranger);
  EXPECT_EQ(heap.first(), nullptr);
}

TEST(DueHeap, ofThoseThatAreDueTogetherTheFirstInOrderComesFirst) {
  DueHeap heap;
  Due second, first;
  first.order = 1;
  second.order = 2;
  heap.put(second, at(5));
  heap.put(first, at(5));
  EXPECT_EQ(heap.first(), &first);
}

TEST(DueHeap, aThousandChangesLeaveItInOrder) {
  std::mt19937 random(7);
  std::vector<Due> dues(50);
  for (std::size_t i = 0; i < dues.size(); ++i) dues[i].order = i;
  DueHeap heap;
  for (int change = 0; change < 1000; ++change) {
    Due& due = dues[random() % dues.size()];
    if (random() % 3 == 0) {
      heap.remove(due);
    } else {
      heap.put(due, at(static_cast<int>(random() % 20)));
    }
    const Due* expected = nullptr;
    for (const Due& other : dues) {
      if (other.place == 0) continue;
      if (!expected || other.at < expected->at || (other.at == expected->at && other.order < expected->order))
        expected = &other;
    }
    ASSERT_EQ(heap.first(), expected);
  }
}

}  // namespace
}  // namespace chatapps::track
