// Processes that share a file of host pacing, and processes that are killed while they use it.
#include <gtest/gtest.h>

#ifndef _WIN32
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <new>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "unit/host_pacer_fixture.hpp"

namespace chatapps::pacing {
namespace {

template <typename Work>
pid_t startChild(Work work) {
  const pid_t child = fork();
  if (child == 0) {
    work();
    _exit(0);
  }
  return child;
}

// Memory that children write and the test reads.
template <typename Value>
class Shared {
 public:
  Shared() {
    void* const memory = mmap(nullptr, sizeof(Value), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    value_ = new (memory) Value();
  }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  ~Shared() { munmap(value_, sizeof(Value)); }
  Value* operator->() { return value_; }

 private:
  Value* value_;
};

struct Slots {
  std::atomic<int> taken;
  std::array<std::int64_t, 4000> due;  // nanoseconds of the steady clock
};

std::int64_t steadyNow() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

TEST_F(HostPacerTest, aFileThatMayNotGrowIsNoReasonToDie) {
  const pid_t child = startChild([&] {
    const rlimit little{4096, 4096};
    if (setrlimit(RLIMIT_FSIZE, &little) != 0) _exit(2);
    expectTrouble(path, "may not be that large");
    if (HasFailure()) _exit(1);
  });
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(HostPacerTest, processesThatRaceFromTheFirstMomentGetSlotsOfTheirOwn) {
  constexpr int kProcesses = 8, kEach = 200;
  constexpr std::int64_t kInterval = 1'000'000;
  Shared<Slots> slots;
  std::vector<pid_t> children;
  for (int process = 0; process < kProcesses; ++process) {
    children.push_back(startChild([&] {
      const auto mine = makeHostPacer(path, {});
      for (int i = 0; i < kEach; ++i) {
        const std::int64_t now = steadyNow();
        mine->reserve(kLane, Clock::duration(kInterval), [&](Clock::duration wait) {
          slots->due[static_cast<std::size_t>(slots->taken++)] = now + wait.count();
        });
      }
    }));
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  ASSERT_EQ(slots->taken, kProcesses * kEach);
  std::sort(slots->due.begin(), slots->due.begin() + slots->taken);
  // Reading the clock and reserving are two steps, so single gaps are blurred; their sum is not.
  EXPECT_GE(slots->due[kProcesses * kEach - 1] - slots->due[0], kInterval * (kProcesses * kEach - 1) - 50'000'000);
}

TEST_F(HostPacerTest, processesKilledAtAnyMomentLeaveAUsableFile) {
  std::mt19937_64 random(7);
  expectShared(path);
  for (int round = 0; round < 100; ++round) {
    if (round % 10 == 0) unlink(path.c_str());  // so that some die while they make it
    Shared<std::atomic<int>> started;
    std::vector<pid_t> children;
    for (int i = 0; i < 5; ++i) {
      children.push_back(startChild([&] {
        started->fetch_add(1);
        for (int turn = 0;; ++turn) {
          const auto mine = makeHostPacer(path, {});
          const LaneName lane{"https://h", std::to_string(turn % 100)};
          mine->reserve(lane, 1ms, [](Clock::duration) {});
          mine->hold(lane, 1ms);
          mine->confirm(lane, 1ms, 1ms);
          mine->passOn(lane, 1ms, true);
        }
      }));
    }
    while (started->load() < 5) std::this_thread::yield();
    for (const pid_t child : children) {
      for (std::uint64_t spin = random() % 100'000; spin > 0; --spin)
        std::atomic_signal_fence(std::memory_order_seq_cst);
      ASSERT_EQ(kill(child, SIGKILL), 0);
      ASSERT_EQ(waitpid(child, nullptr, 0), child);
    }
    const auto survivor = pacer();
    ASSERT_LT(reserve(*survivor, {"https://h", std::to_string(random() % 100)}, 1ms), 1s) << "nothing is stranded";
    ASSERT_TRUE(troubles.empty()) << troubles.front();
  }
  expectShared(path);
}

}  // namespace
}  // namespace chatapps::pacing
#endif
