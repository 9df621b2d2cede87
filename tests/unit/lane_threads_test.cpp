// One lane under many threads. Time is a number that whoever has to wait for a slot moves on.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "pacing/lane.hpp"

namespace chatapps::pacing {
namespace {

using namespace std::chrono_literals;

class VirtualTime {
 public:
  Time now() const { return Time(Duration(ticks_.load())); }
  void moveTo(Time time) {
    Duration::rep seen = ticks_.load();
    while (seen < time.time_since_epoch().count() &&
           !ticks_.compare_exchange_weak(seen, time.time_since_epoch().count())) {
    }
  }

 private:
  std::atomic<Duration::rep> ticks_{Duration(1000h).count()};
};

struct Caller : Ticket {
  Caller() {
    onTurn = [this] {
      const std::lock_guard<std::mutex> lock(mutex);
      called = true;
      changed.notify_one();
    };
  }
  // Until it is called. A call that never comes hangs the test.
  void waitForTurn() {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [this] { return called; });
    called = false;
  }

  std::mutex mutex;
  std::condition_variable changed;
  bool called = false;
};

struct Day {
  Lane lane;
  VirtualTime time;
  std::atomic<bool> underWay{false};
  std::atomic<int> went{0}, left{0}, turnedAway{0};
  std::mutex mutex;
  std::vector<Time> sendings;
};

void oneCall(Day& day, std::mt19937_64& random) {
  const auto caller = std::make_shared<Caller>();
  caller->interval = 1s;
  caller->deadline = random() % 10 == 0 ? day.time.now() + 30s : Time::max();
  caller->priority = random() % 4 == 0 ? Priority::Low : Priority::Normal;
  if (!day.lane.enter(caller, Lane::End::Back, 1000, day.time.now())) {
    ++day.turnedAway;
    return;
  }
  for (;;) {
    const Turn turn = day.lane.ask(*caller, day.time.now());
    if (turn.kind == Turn::Kind::Later) {
      day.time.moveTo(turn.at);
      continue;
    }
    if (turn.kind == Turn::Kind::WontFit) {
      ++day.turnedAway;
      return;
    }
    if (turn.kind == Turn::Kind::Wait) {
      if (random() % 8 == 0) {
        day.lane.leave(*caller);
        ++day.left;
        return;
      }
      caller->waitForTurn();
      continue;
    }
    EXPECT_FALSE(day.underWay.exchange(true)) << "two on their way to the wire";
    day.underWay = false;
    if (random() % 16 == 0) {
      ++day.left;
      day.lane.unsent();
      return;
    }
    const Time sentAt = day.time.now();
    {
      const std::lock_guard<std::mutex> lock(day.mutex);
      day.sendings.push_back(sentAt);
    }
    ++day.went;
    day.lane.sent(sentAt);
    day.lane.answered(sentAt, sentAt + 10ms);
    if (random() % 32 == 0) {
      day.lane.rejected(1s, sentAt + 10ms);
    } else {
      day.lane.succeeded();
    }
    return;
  }
}

TEST(LaneThreads, manyThreadsShareOneLane) {
  constexpr int kThreads = 8;
  constexpr int kCalls = 2000;
  Day day;
  std::vector<std::thread> threads;
  for (unsigned seed = 0; seed < kThreads; ++seed) {
    threads.emplace_back([&day, seed] {
      std::mt19937_64 random(seed);
      for (int call = 0; call < kCalls; ++call) {
        oneCall(day, random);
        if (call % 50 == 0) day.lane.estimate(3, 1s, day.time.now());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_GT(day.went, 0);
  EXPECT_EQ(day.went + day.left + day.turnedAway, kThreads * kCalls);
  for (std::size_t i = 1; i < day.sendings.size(); ++i) ASSERT_GE(day.sendings[i] - day.sendings[i - 1], 1s);
  EXPECT_EQ(day.lane.estimate(0, 1s, day.time.now()), 0s);
}

}  // namespace
}  // namespace chatapps::pacing
