#include "pacing/host_slots.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
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
  /// When the slot falls due.
  std::optional<std::uint64_t> reserve(std::uint64_t lane, std::uint64_t interval, std::uint64_t at) {
    const auto slot = slots.reserve(lane, interval, at);
    return slot ? std::optional(slot->due) : std::nullopt;
  }

  std::unique_ptr<HostSlot[]> memory{new HostSlot[HostSlots::kCount]()};
  HostSlots slots{memory.get()};
  std::uint64_t now = 1000 * kSecond;
};

TEST_F(HostSlotsTest, slotsFallDueOneIntervalApartWhoeverTakesThem) {
  EXPECT_EQ(reserve(kLane, kSecond, now), now);
  EXPECT_EQ(reserve(kLane, kSecond, now + 1), now + kSecond);
  EXPECT_EQ(reserve(kLane, kSecond, now + 2), now + 2 * kSecond);
}

TEST_F(HostSlotsTest, aSlotThatIsGivenBackIsTheNextOneAgain) {
  reserve(kLane, kSecond, now);
  const auto unused = slots.reserve(kLane, kSecond, now).value();
  slots.giveBack(kLane, unused);
  EXPECT_EQ(reserve(kLane, kSecond, now), now + kSecond);
}

TEST_F(HostSlotsTest, oneThatOthersCountOnIsNot) {
  const auto unused = slots.reserve(kLane, kSecond, now).value();
  reserve(kLane, kSecond, now);
  slots.giveBack(kLane, unused);
  slots.giveBack(kLane + 1, unused);
  EXPECT_EQ(reserve(kLane, kSecond, now), now + 2 * kSecond);
}

TEST_F(HostSlotsTest, idlingSavesNothingUp) {
  reserve(kLane, kSecond, now);
  now += 3600 * kSecond;
  EXPECT_EQ(reserve(kLane, kSecond, now), now);
  EXPECT_EQ(reserve(kLane, kSecond, now), now + kSecond);
}

TEST_F(HostSlotsTest, lanesKnowNothingOfEachOther) {
  reserve(kLane, kSecond, now);
  EXPECT_EQ(reserve(kLane + 1, kSecond, now), now);
  EXPECT_EQ(reserve(kLane + HostSlots::kCount, kSecond, now), now);  // wants the same row
  EXPECT_EQ(reserve(kLane, kSecond, now), now + kSecond);
  EXPECT_EQ(reserve(kLane + HostSlots::kCount, kSecond, now), now + kSecond);
}

TEST_F(HostSlotsTest, aRowThatNobodyUsesIsTakenOver) {
  reserve(kLane, kSecond, now);
  now += kSecond;
  reserve(kLane + HostSlots::kCount, kSecond, now);
  EXPECT_EQ(row(kLane).lane.load(), kLane + HostSlots::kCount);
  EXPECT_EQ(reserve(kLane, kSecond, now), now);
  EXPECT_EQ(row(kLane + 1).lane.load(), kLane);
}

TEST_F(HostSlotsTest, aLaneKeepsItsRowThoughAnEarlierOneBecomesFree) {
  reserve(kLane, kSecond, now);
  reserve(kLane + HostSlots::kCount, 10 * kSecond, now);
  now += 2 * kSecond;
  EXPECT_EQ(reserve(kLane + HostSlots::kCount, kSecond, now), now + 8 * kSecond);
}

TEST_F(HostSlotsTest, aFullTableIsSaidNotWaitedFor) {
  for (std::uint64_t i = 0; i < 64; ++i) EXPECT_TRUE(reserve(kLane + i * HostSlots::kCount, kSecond, now));
  EXPECT_FALSE(reserve(kLane + 64 * HostSlots::kCount, kSecond, now));
  EXPECT_FALSE(slots.hold(kLane + 64 * HostSlots::kCount, now + kSecond, now));
  now += kSecond;
  EXPECT_TRUE(reserve(kLane + 64 * HostSlots::kCount, kSecond, now));
}

TEST_F(HostSlotsTest, theLastRowsGoOnWithTheFirst) {
  const std::uint64_t last = HostSlots::kCount - 1;
  reserve(last, kSecond, now);
  reserve(last + HostSlots::kCount, kSecond, now);
  EXPECT_EQ(row(0).lane.load(), last + HostSlots::kCount);
}

TEST_F(HostSlotsTest, aHoldDelaysAllSlots) {
  reserve(kLane, kSecond, now);
  EXPECT_TRUE(slots.hold(kLane, now + 5 * kSecond, now));
  EXPECT_EQ(reserve(kLane, kSecond, now), now + 5 * kSecond);
  EXPECT_EQ(reserve(kLane, kSecond, now), now + 6 * kSecond);
}

TEST_F(HostSlotsTest, aHoldStopsSlotsThatWereReservedBefore) {
  reserve(kLane, kSecond, now);
  slots.hold(kLane, now + 5 * kSecond, now);
  EXPECT_EQ(slots.pass(kLane, kSecond, 0, now), 5 * kSecond);
  now += 5 * kSecond;
  EXPECT_EQ(slots.pass(kLane, kSecond, 0, now), 0u);
  EXPECT_EQ(slots.pass(kLane, kSecond, 0, now), kSecond) << "and they don't leave all at once afterwards";
}

TEST_F(HostSlotsTest, aShorterHoldDoesNotEndALongerOne) {
  slots.hold(kLane, now + 5 * kSecond, now);
  EXPECT_TRUE(slots.hold(kLane, now + kSecond, now));
  EXPECT_EQ(reserve(kLane, kSecond, now), now + 5 * kSecond);
}

TEST_F(HostSlotsTest, aHoldBeyondTheHorizonIsCut) {
  slots.hold(kLane, std::numeric_limits<std::uint64_t>::max(), now);
  EXPECT_EQ(reserve(kLane, kSecond, now), now + HostSlots::kHorizon);
}

TEST_F(HostSlotsTest, aHeldRowIsNotTakenOver) {
  slots.hold(kLane, now + 5 * kSecond, now);
  reserve(kLane + HostSlots::kCount, kSecond, now);
  EXPECT_EQ(row(kLane).lane.load(), kLane);
}

TEST_F(HostSlotsTest, aTimeBeyondTheHorizonIsCorruptAndReset) {
  for (const std::uint64_t poison :
       {now + HostSlots::kHorizon + 5 * kSecond, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    row(kLane).lane = kLane;
    row(kLane).nextSlot = poison;
    row(kLane).gate = poison;
    row(kLane).lateness = poison;
    EXPECT_EQ(reserve(kLane, kSecond, now), now);
    EXPECT_LE(*reserve(kLane, kSecond, now), now + kSecond * 17 / 16);
    EXPECT_EQ(slots.pass(kLane, kSecond, 0, now), 0u);
    EXPECT_EQ(slots.pass(kLane, kSecond, 0, now), kSecond);
  }
}

// ---- The gate ----

TEST_F(HostSlotsTest, oneRequestPassesAtATime) {
  EXPECT_EQ(slots.pass(kLane, kSecond, 0, now), 0u);
  EXPECT_EQ(slots.pass(kLane, kSecond, 0, now), kSecond);
  EXPECT_EQ(slots.pass(kLane, kSecond, 0, now + 400 * kMillisecond), 600 * kMillisecond);
}

TEST_F(HostSlotsTest, aRequestThatLeavesLateMovesTheNext) {
  slots.pass(kLane, kSecond, 0, now);
  now += 30 * kMillisecond;
  slots.note(kLane, now + kSecond, true, now);
  EXPECT_EQ(slots.pass(kLane, kSecond, 0, now), kSecond);
}

TEST_F(HostSlotsTest, anAnswerSaysExactlyWhenTheNextMayLeave) {
  slots.pass(kLane, kSecond, 0, now);
  slots.note(kLane, now + kSecond, true, now);
  now += 200 * kMillisecond;
  slots.note(kLane, now + 900 * kMillisecond, false, now);
  EXPECT_EQ(slots.pass(kLane, kSecond, 0, now), 900 * kMillisecond);
  now += 900 * kMillisecond;
  EXPECT_EQ(slots.pass(kLane, kSecond, 0, now), 0u);
}

TEST_F(HostSlotsTest, anAnswerThatIsAwaitedIsGivenALittleTime) {
  slots.pass(kLane, kSecond, 0, now);
  now += kSecond;
  std::uint64_t waited = 0;
  while (const std::uint64_t wait = slots.pass(kLane, kSecond, 0, now)) {
    EXPECT_LE(wait, kSecond / 16) << "it looks again and again whether the answer came";
    now += wait;
    waited += wait;
  }
  EXPECT_EQ(waited, kSecond / 4);
}

TEST_F(HostSlotsTest, whoDiedBeforeItSentDelaysOthersByThatOnly) {
  reserve(kLane, 20 * kMillisecond, now);
  slots.pass(kLane, 20 * kMillisecond, 0, now);
  now += 120 * kMillisecond;
  EXPECT_EQ(slots.pass(kLane, 20 * kMillisecond, 0, now), 0u);
}

TEST_F(HostSlotsTest, whatTheLastOwnerOfARowAwaitedIsNothingToTheNext) {
  reserve(kLane, kSecond, now);
  slots.pass(kLane, kSecond, 3 * kSecond, now);
  now += kSecond;
  const std::uint64_t other = kLane + HostSlots::kCount;
  reserve(other, kSecond, now);
  ASSERT_EQ(row(kLane).lane.load(), other);
  EXPECT_EQ(slots.pass(other, kSecond, 0, now), 0u);
  EXPECT_EQ(reserve(other, kSecond, now), now + kSecond);
}

TEST_F(HostSlotsTest, aPlanThatIsTooTightIsLoosened) {
  // Requests really need 1 % more than the interval: the plan must not run away from them.
  std::uint64_t late = 0;
  std::uint64_t left = now;
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t due = *reserve(kLane, kSecond, left);
    left = std::max(due, left + kSecond + 10 * kMillisecond);
    late = left - due;
    ASSERT_EQ(slots.pass(kLane, kSecond, late, left), 0u);
    slots.note(kLane, left + kSecond, false, left);
  }
  EXPECT_LT(late, 100 * kMillisecond);
}

TEST_F(HostSlotsTest, aLongQueueOfSlowSlotsIsNotCorrupt) {
  for (std::uint64_t i = 0; i < 40; ++i) EXPECT_EQ(reserve(kLane, 10 * kSecond, now), now + i * 10 * kSecond);
}

TEST_F(HostSlotsTest, aTableFullOfJunkIsUsable) {
  std::mt19937_64 random(1);
  for (std::size_t i = 0; i < HostSlots::kCount; ++i) {
    row(i).lane = random();
    row(i).nextSlot = random();
    row(i).gate = random();
    row(i).lateness = random();
  }
  for (std::uint64_t lane = 1; lane < 1000; ++lane) {
    ASSERT_EQ(reserve(lane, kSecond, now), now);
    ASSERT_EQ(reserve(lane, kSecond, now), now + kSecond);
    ASSERT_EQ(slots.pass(lane, kSecond, 0, now), 0u);
  }
}

TEST_F(HostSlotsTest, hugeIntervalsDoNotOverflow) {
  EXPECT_EQ(reserve(kLane, std::numeric_limits<std::uint64_t>::max(), now), now);
  EXPECT_EQ(reserve(kLane, kSecond, now), now) << "a day ahead is beyond the horizon of this client";
  EXPECT_TRUE(reserve(kLane, std::numeric_limits<std::uint64_t>::max(), now));
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
      for (int i = 0; i < 1000; ++i) mine.push_back(*reserve(kLane, kMillisecond, now));
      const std::lock_guard<std::mutex> lock(mutex);
      due.insert(due.end(), mine.begin(), mine.end());
    });
  }
  for (auto& thread : threads) thread.join();
  std::sort(due.begin(), due.end());
  for (std::size_t i = 0; i < due.size(); ++i) ASSERT_EQ(due[i], now + i * kMillisecond);
}

TEST_F(HostSlotsTest, ofThreadsThatRaceForTheGateOnePasses) {
  std::atomic<int> passed{0};
  std::atomic<std::uint64_t> time{now};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) {
        if (slots.pass(kLane, kMillisecond, 0, time.fetch_add(10'000)) == 0) ++passed;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  // In 80 ms; answers are awaited for 50 ms each time.
  EXPECT_GE(passed, 1);
  EXPECT_LE(passed, 3);
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
        const auto due = reserve(lane, kMillisecond, then);
        if (!due || *due < then) ++refused;
        slots.pass(lane, kMillisecond, 0, then);
        slots.note(lane, then + kMillisecond, i % 2 == 0, then);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(refused, 0);
}

}  // namespace
}  // namespace chatapps::pacing
