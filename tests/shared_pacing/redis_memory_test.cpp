// Row 61 of the fault matrix for the pacer that talks to Redis: memory that runs out at any moment, on its own thread or
// on one that calls it, counts as Redis being away. A program of its own, since it replaces operator new.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "chatapps/redis_pacer.hpp"
#include "shared_pacing/redis_server.hpp"

namespace {

std::atomic<long> left{-1};       // allocations that succeed before one fails; negative: no end of memory
std::atomic<bool> ofTest{false};  // whether they are those of the test's thread or those of all others
thread_local bool isTest = false;

bool mayAllocate() {
  if (isTest != ofTest.load(std::memory_order_relaxed)) return true;
  if (left.load(std::memory_order_relaxed) < 0) return true;
  return left.fetch_sub(1) != 0;  // fails once, and then there is memory again
}

}  // namespace

void* operator new(std::size_t size) {
  if (mayAllocate()) {
    if (void* memory = std::malloc(size)) return memory;
  }
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;

constexpr Clock::duration kInterval = 1ms;

// What it says is collected on a thread of the test's, which takes memory as well.
const std::vector<std::string> kSilent{"--logfile", "/dev/null"};

class RedisMemory : public ::testing::Test {
 protected:
  RedisMemory() { isTest = true; }
  ~RedisMemory() override { isTest = false; }

  /// Uses a new pacer again and again, with its first, second, ... allocation failing, until one has enough memory.
  long runWithEachFailing(const std::string& url, bool failsHere) {
    RedisPacerOptions options;
    options.url = url;
    options.processes = 1;
    for (long k = 0;; ++k) {
      SCOPED_TRACE(k);
      const auto pacer = makeRedisPacer(options);
      ofTest = failsHere;
      left = k;
      for (int i = 0; i < 3; ++i) useASlot(*pacer);
      const bool enough = left.exchange(-1) >= 0;
      useASlot(*pacer);
      if (enough || HasFailure()) return k;
    }
  }

  void useASlot(Pacer& pacer) {
    const auto start = std::chrono::steady_clock::now();
    std::optional<Clock::duration> wait;
    while (!wait || *wait > 0ms) {
      if (wait) std::this_thread::sleep_for(*wait);
      wait = wait ? pacer.confirm(lane_, kInterval, 0ms) : reserved(pacer);
      ASSERT_LT(std::chrono::steady_clock::now() - start, 2s);
    }
    pacer.passOn(lane_, kInterval, true);
    pacer.passOn(lane_, kInterval, false);
    pacer.hold(lane_, kInterval);
  }

 private:
  // As a client's, `done` takes memory before it tells.
  Clock::duration reserved(Pacer& pacer) {
    struct Answer {
      std::atomic<int> count{0};
      Clock::duration wait{};
    };
    const long rest = ofTest ? left.exchange(-1) : -1;  // what is made here is none of the pacer's
    const auto answer = std::make_shared<Answer>();
    std::function<void(Clock::duration)> done = [answer](Clock::duration wait) {
      const auto memory = std::make_shared<Clock::duration>(wait);
      answer->wait = *memory;
      ++answer->count;
    };
    if (rest >= 0) left = rest;
    pacer.reserve(lane_, kInterval, std::move(done));
    for (int i = 0; i < 2000 && answer->count == 0; ++i) std::this_thread::sleep_for(1ms);
    EXPECT_EQ(answer->count, 1) << "called once, and soon";
    return std::max<Clock::duration>(answer->wait, 1us);  // so that it's confirmed
  }

  const LaneName lane_{"http://127.0.0.1:1", "lane"};
};

TEST_F(RedisMemory, row61_runsOutOnTheRedisThread) {
  const RedisServer redis(kSilent);
  EXPECT_GT(runWithEachFailing(redis.url(), false), 50);
}

TEST_F(RedisMemory, row61_runsOutWhereRedisIsAwayAsWell) {
  const ReservedPort nobody;
  EXPECT_GT(runWithEachFailing("redis://127.0.0.1:" + std::to_string(nobody.number()), false), 20);
}

TEST_F(RedisMemory, row61_runsOutWhileTheHostIsLookedUp) {
  const RedisServer redis(kSilent);
  EXPECT_GT(runWithEachFailing("redis://localhost:" + std::to_string(redis.port()), false), 50);
}

TEST_F(RedisMemory, row61_runsOutWhereThePacerIsAsked) {
  const RedisServer redis(kSilent);
  EXPECT_GT(runWithEachFailing(redis.url(), true), 20);
}

}  // namespace
}  // namespace chatapps::support
