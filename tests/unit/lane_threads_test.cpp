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
  // False when it has given up already.
  bool ride() {
    const std::lock_guard<std::mutex> lock(mutex);
    called = rode = true;
    changed.notify_one();
    return !gaveUp;
  }
  // False when it rides already.
  bool giveUp() {
    const std::lock_guard<std::mutex> lock(mutex);
    gaveUp = true;
    return !rode;
  }
  // Until it is called. A call that never comes hangs the test.
  bool waitForTurn() {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [this] { return called; });
    called = false;
    return !rode;
  }

  std::mutex mutex;
  std::condition_variable changed;
  bool called = false;
  bool rode = false;
  bool gaveUp = false;
};

struct Day {
  Lane lane;
  VirtualTime time;
  std::atomic<bool> underWay{false};
  std::atomic<int> went{0}, rode{0}, left{0}, turnedAway{0};
  std::mutex mutex;
  std::vector<Time> sendings;
};

void oneCall(Day& day, std::mt19937_64& random, bool shares) {
  const auto caller = std::make_shared<Caller>();
  caller->interval = 1s;
  caller->deadline = random() % 10 == 0 ? day.time.now() + 30s : Time::max();
  caller->priority = random() % 4 == 0 ? Priority::Low : Priority::Normal;
  if (shares) {
    static constexpr std::string_view kMessages = "abcde";
    caller->client = &day;
    caller->umid = kMessages.substr(random() % kMessages.size(), 1);
  }
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
        if (caller->giveUp()) ++day.left;
        return;
      }
      if (!caller->waitForTurn()) return;
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
    for (const auto& sharer : day.lane.sent(sentAt)) {
      if (static_cast<Caller&>(*sharer).ride()) ++day.rode;
    }
    day.lane.answered(sentAt, sentAt + 10ms);
    if (random() % 32 == 0) {
      day.lane.rejected(1s, sentAt + 10ms);
    } else {
      day.lane.succeeded();
    }
    return;
  }
}

/// How many shared the request of another.
int run(bool shares) {
  constexpr int kThreads = 8;
  constexpr int kCalls = 2000;
  Day day;
  std::vector<std::thread> threads;
  for (unsigned seed = 0; seed < kThreads; ++seed) {
    threads.emplace_back([&day, seed, shares] {
      std::mt19937_64 random(seed);
      for (int call = 0; call < kCalls; ++call) {
        oneCall(day, random, shares);
        if (call % 50 == 0) day.lane.estimate(3, 1s, day.time.now());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const int riders = day.rode;
  EXPECT_GT(day.went, 0);
  EXPECT_EQ(day.went + riders + day.left + day.turnedAway, kThreads * kCalls);
  [&day] {
    for (std::size_t i = 1; i < day.sendings.size(); ++i) ASSERT_GE(day.sendings[i] - day.sendings[i - 1], 1s);
  }();
  EXPECT_EQ(day.lane.estimate(0, 1s, day.time.now()), 0s);
  return riders;
}

TEST(LaneThreads, manyThreadsShareOneLane) { EXPECT_EQ(run(false), 0); }

TEST(LaneThreads, manyThreadsShareOneLaneAndEachOthersRequests) {
  int riders = 0;
  // A busy machine may run one thread after the other: then nobody waits beside another.
  for (int day = 0; day < 100 && riders == 0; ++day) riders = run(true);
  EXPECT_GT(riders, 0);
}

}  // namespace
}  // namespace chatapps::pacing
