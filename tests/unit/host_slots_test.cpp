#include "pacing/host_slots.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace chatapps::pacing {
namespace {

constexpr std::uint64_t kMillisecond = 1'000'000;
constexpr std::uint64_t kSecond = 1000 * kMillisecond;

class HostSlotsTest : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kLane = 42;

  HostSlot& row(std::size_t index) { return memory[index]; }

  std::unique_ptr<HostSlot[]> memory{new HostSlot[HostSlots::kCount]()};
  HostSlots slots{memory.get()};
  std::uint64_t now = 1000 * kSecond;
};

TEST_F(HostSlotsTest, slotsFallDueOneIntervalApartWhoeverTakesThem) {
  EXPECT_EQ(slots.reserve(kLane, kSecond, now), now);
  EXPECT_EQ(slots.reserve(kLane, kSecond, now + 1), now + kSecond);
  EXPECT_EQ(slots.reserve(kLane, kSecond, now + 2), now + 2 * kSecond);
}

TEST_F(HostSlotsTest, idlingSavesNothingUp) {
  slots.reserve(kLane, kSecond, now);
  now += 3600 * kSecond;
  EXPECT_EQ(slots.reserve(kLane, kSecond, now), now);
  EXPECT_EQ(slots.reserve(kLane, kSecond, now), now + kSecond);
}

TEST_F(HostSlotsTest, lanesKnowNothingOfEachOther) {
  slots.reserve(kLane, kSecond, now);
  EXPECT_EQ(slots.reserve(kLane + 1, kSecond, now), now);
  EXPECT_EQ(slots.reserve(kLane + HostSlots::kCount, kSecond, now), now);  // wants the same row
  EXPECT_EQ(slots.reserve(kLane, kSecond, now), now + kSecond);
  EXPECT_EQ(slots.reserve(kLane + HostSlots::kCount, kSecond, now), now + kSecond);
}

TEST_F(HostSlotsTest, aRowThatNobodyUsesIsTakenOver) {
  slots.reserve(kLane, kSecond, now);
  now += kSecond;
  slots.reserve(kLane + HostSlots::kCount, kSecond, now);
  EXPECT_EQ(row(kLane).lane.load(), kLane + HostSlots::kCount);
  EXPECT_EQ(slots.reserve(kLane, kSecond, now), now);
  EXPECT_EQ(row(kLane + 1).lane.load(), kLane);
}

TEST_F(HostSlotsTest, aLaneKeepsItsRowThoughAnEarlierOneBecomesFree) {
  slots.reserve(kLane, kSecond, now);
  slots.reserve(kLane + HostSlots::kCount, 10 * kSecond, now);
  now += 2 * kSecond;
  EXPECT_EQ(slots.reserve(kLane + HostSlots::kCount, kSecond, now), now + 8 * kSecond);
}

TEST_F(HostSlotsTest, aFullTableIsSaidNotWaitedFor) {
  for (std::uint64_t i = 0; i < 64; ++i) EXPECT_TRUE(slots.reserve(kLane + i * HostSlots::kCount, kSecond, now));
  EXPECT_FALSE(slots.reserve(kLane + 64 * HostSlots::kCount, kSecond, now));
  EXPECT_FALSE(slots.hold(kLane + 64 * HostSlots::kCount, now + kSecond, now));
  now += kSecond;
  EXPECT_TRUE(slots.reserve(kLane + 64 * HostSlots::kCount, kSecond, now));
}

TEST_F(HostSlotsTest, theLastRowsGoOnWithTheFirst) {
  const std::uint64_t last = HostSlots::kCount - 1;
  slots.reserve(last, kSecond, now);
  slots.reserve(last + HostSlots::kCount, kSecond, now);
  EXPECT_EQ(row(0).lane.load(), last + HostSlots::kCount);
}

TEST_F(HostSlotsTest, aHoldDelaysAllSlots) {
  slots.reserve(kLane, kSecond, now);
  EXPECT_TRUE(slots.hold(kLane, now + 5 * kSecond, now));
  EXPECT_TRUE(slots.isHeld(kLane, now));
  EXPECT_EQ(slots.reserve(kLane, kSecond, now), now + 5 * kSecond);
  EXPECT_EQ(slots.reserve(kLane, kSecond, now), now + 6 * kSecond);
  EXPECT_FALSE(slots.isHeld(kLane, now + 5 * kSecond));
  EXPECT_FALSE(slots.isHeld(kLane + 1, now));
}

TEST_F(HostSlotsTest, aShorterHoldDoesNotEndALongerOne) {
  slots.hold(kLane, now + 5 * kSecond, now);
  EXPECT_TRUE(slots.hold(kLane, now + kSecond, now));
  EXPECT_EQ(slots.reserve(kLane, kSecond, now), now + 5 * kSecond);
}

TEST_F(HostSlotsTest, aHoldBeyondTheHorizonIsCut) {
  slots.hold(kLane, std::numeric_limits<std::uint64_t>::max(), now);
  EXPECT_EQ(slots.reserve(kLane, kSecond, now), now + HostSlots::kHorizon);
}

TEST_F(HostSlotsTest, aHeldRowIsNotTakenOver) {
  slots.hold(kLane, now + 5 * kSecond, now);
  slots.reserve(kLane + HostSlots::kCount, kSecond, now);
  EXPECT_EQ(row(kLane).lane.load(), kLane);
}

TEST_F(HostSlotsTest, aTimeBeyondTheHorizonIsCorruptAndReset) {
  for (const std::uint64_t poison :
       {now + HostSlots::kHorizon + 5 * kSecond, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    row(kLane).lane = kLane;
    row(kLane).nextAt = poison;
    row(kLane).heldUntil = poison;
    EXPECT_FALSE(slots.isHeld(kLane, now));
    EXPECT_EQ(slots.reserve(kLane, kSecond, now), now);
    EXPECT_EQ(slots.reserve(kLane, kSecond, now), now + kSecond);
  }
}

TEST_F(HostSlotsTest, aLongQueueOfSlowSlotsIsNotCorrupt) {
  for (std::uint64_t i = 0; i < 40; ++i) EXPECT_EQ(slots.reserve(kLane, 10 * kSecond, now), now + i * 10 * kSecond);
}

TEST_F(HostSlotsTest, aTableFullOfJunkIsUsable) {
  std::mt19937_64 random(1);
  for (std::size_t i = 0; i < HostSlots::kCount; ++i) {
    row(i).lane = random();
    row(i).nextAt = random();
    row(i).heldUntil = random();
    row(i).spare = random();
  }
  for (std::uint64_t lane = 1; lane < 1000; ++lane) {
    ASSERT_EQ(slots.reserve(lane, kSecond, now), now);
    ASSERT_EQ(slots.reserve(lane, kSecond, now), now + kSecond);
  }
}

TEST_F(HostSlotsTest, hugeIntervalsDoNotOverflow) {
  EXPECT_EQ(slots.reserve(kLane, std::numeric_limits<std::uint64_t>::max(), now), now);
  EXPECT_EQ(slots.reserve(kLane, kSecond, now), now) << "a day ahead is beyond the horizon of this client";
  EXPECT_TRUE(slots.reserve(kLane, std::numeric_limits<std::uint64_t>::max(), now));
}

TEST_F(HostSlotsTest, aLateSlotMovesTheNextUnlessSomebodyHasIt) {
  ASSERT_EQ(slots.reserve(kLane, kSecond, now), now);
  now += 300 * kMillisecond;
  EXPECT_TRUE(slots.postpone(kLane, kSecond, now));
  EXPECT_EQ(slots.reserve(kLane, kSecond, now), now + kSecond);
  EXPECT_FALSE(slots.postpone(kLane, kSecond, now));
  EXPECT_FALSE(slots.postpone(kLane + 1, kSecond, now)) << "nothing is known of it";
}

TEST_F(HostSlotsTest, namesAreTakenApart) {
  EXPECT_NE(HostSlots::hashOf("https://a", "b"), HostSlots::hashOf("https://ab", ""));
  EXPECT_NE(HostSlots::hashOf("a", "one"), HostSlots::hashOf("a", "two"));
  EXPECT_EQ(HostSlots::hashOf("https://chatapps.8x8.com:443", "sub_1"), 0xb3b21b6fcaafef52u)
      << "other versions agree on it";
  std::vector<std::size_t> perRow(1024);
  for (int i = 0; i < 100'000; ++i) ++perRow[HostSlots::hashOf("https://h", "account" + std::to_string(i)) % 1024];
  EXPECT_LT(*std::max_element(perRow.begin(), perRow.end()), 160u);
}

TEST_F(HostSlotsTest, threadsThatRaceGetSlotsOfTheirOwn) {
  std::mutex mutex;
  std::vector<std::uint64_t> due;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      std::vector<std::uint64_t> mine;
      for (int i = 0; i < 1000; ++i) mine.push_back(*slots.reserve(kLane, kMillisecond, now));
      const std::lock_guard<std::mutex> lock(mutex);
      due.insert(due.end(), mine.begin(), mine.end());
    });
  }
  for (auto& thread : threads) thread.join();
  std::sort(due.begin(), due.end());
  for (std::size_t i = 0; i < due.size(); ++i) ASSERT_EQ(due[i], now + i * kMillisecond);
}

TEST_F(HostSlotsTest, threadsThatRaceForRowsLoseNone) {
  // Many lanes want few rows, and all of them are idle again at once: rows change hands all the time.
  std::vector<std::thread> threads;
  std::atomic<int> refused{0};
  for (std::uint64_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      std::mt19937_64 random(thread);
      std::uint64_t then = now;
      for (int i = 0; i < 20'000; ++i) {
        const std::uint64_t lane = kLane + (random() % 16) * HostSlots::kCount;
        then += kMillisecond;
        const auto due = slots.reserve(lane, kMillisecond, then);
        if (!due || *due < then) ++refused;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(refused, 0);
}

}  // namespace
}  // namespace chatapps::pacing
