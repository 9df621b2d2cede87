// Real files and real processes. Row 81 of the fault matrix lives here.
#include "pacing/host_pacer.hpp"

#include <gtest/gtest.h>

#ifndef _WIN32
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <new>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "pacing/host_file.hpp"

namespace chatapps::pacing {
namespace {

using namespace std::chrono_literals;

const LaneName kLane{"https://chatapps.8x8.com:443", "sub_1"};

class HostPacerTest : public ::testing::Test {
 protected:
  HostPacerTest() {
    std::string pattern = ::testing::TempDir() + "host_pacer_XXXXXX";
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    path = folder + "/pacing";
  }
  ~HostPacerTest() override {
    const std::string command = "rm -rf '" + folder + "'";
    EXPECT_EQ(std::system(command.c_str()), 0);
  }

  std::shared_ptr<Pacer> pacer(const std::string& file) {
    return makeHostPacer(file, [this](const std::string& text) { troubles.push_back(text); });
  }
  std::shared_ptr<Pacer> pacer() { return pacer(path); }

  static std::chrono::duration<double> reserve(Pacer& pacer, const LaneName& lane = kLane,
                                               Clock::duration interval = 10s) {
    std::optional<Clock::duration> answer;
    pacer.reserve(lane, interval, [&](Clock::duration wait) { answer = wait; });
    EXPECT_TRUE(answer) << "never blocks";
    return answer.value_or(-1s);
  }
  // Works, and shares with whoever uses the same file.
  void expectShared(const std::string& file) {
    const auto one = pacer(file), other = pacer(file);
    const LaneName lane{"https://shared", std::to_string(++lanes_)};
    EXPECT_LT(reserve(*one, lane), 1ms);
    EXPECT_GT(reserve(*other, lane), 5s);
    EXPECT_TRUE(troubles.empty()) << troubles.front();
  }
  // Falls back to no delay of its own, and says why, once.
  void expectTrouble(const std::string& file, const std::string& why) {
    troubles.clear();
    const auto alone = pacer(file);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(reserve(*alone).count(), 0);
    alone->hold(kLane, 1s);
    EXPECT_EQ(alone->confirm(kLane, 1s, 0s), 0s);
    alone->passOn(kLane, 1s, true);
    ASSERT_EQ(troubles.size(), 1u) << why;
    EXPECT_NE(troubles[0].find(why), std::string::npos) << troubles[0];
  }
  void write(const std::string& file, const std::string& text, mode_t mode = 0600) {
    std::ofstream(file, std::ios::binary) << text;
    ASSERT_EQ(chmod(file.c_str(), mode), 0);
  }
  static off_t sizeOf(const std::string& file) {
    struct stat status {};
    return stat(file.c_str(), &status) == 0 ? status.st_size : -1;
  }
  static mode_t modeOf(const std::string& file) {
    struct stat status {};
    return stat(file.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
  }

  std::string folder;
  std::string path;
  std::vector<std::string> troubles;

 private:
  int lanes_ = 0;
};

// ---- The promise ----

TEST_F(HostPacerTest, processesShareTheSlotsOfALane) { expectShared(path); }

TEST_F(HostPacerTest, lanesAreApart) {
  const auto one = pacer();
  reserve(*one);
  EXPECT_LT(reserve(*one, {kLane.origin, "sub_2"}), 1ms);
  EXPECT_LT(reserve(*one, {"https://chatapps.8x8.uk:443", kLane.subAccountId}), 1ms);
}

TEST_F(HostPacerTest, a429HoldsAllProcesses) {
  const auto one = pacer(), other = pacer();
  one->hold(kLane, 5s);
  EXPECT_GT(reserve(*other), 4s);
  EXPECT_LT(reserve(*other), 20s);
  one->hold({"https://long", "x"}, 24h);
  EXPECT_GT(reserve(*other, {"https://long", "x"}), 50s);
  EXPECT_LE(reserve(*pacer(), {"https://long", "x"}), 75s);
  one->hold({"https://none", "x"}, -1s);
  EXPECT_LT(reserve(*other, {"https://none", "x"}), 1ms);
}

TEST_F(HostPacerTest, a429StopsSlotsThatWereReservedBefore) {
  const auto one = pacer(), other = pacer();
  reserve(*one);
  other->hold(kLane, 50s);
  EXPECT_GT(one->confirm(kLane, 10s, 0s).value(), 40s);
}

TEST_F(HostPacerTest, processesKnowWhenEachOthersRequestsLeft) {
  const auto one = pacer(), other = pacer();
  reserve(*one);
  reserve(*other);
  EXPECT_EQ(one->confirm(kLane, 10s, 0s), 0s);
  EXPECT_GT(other->confirm(kLane, 10s, 0s).value(), 5s);
  one->passOn(kLane, 30s, true);
  EXPECT_GT(other->confirm(kLane, 10s, 0s).value(), 25s);
  one->passOn(kLane, 50s, false);
  EXPECT_GT(other->confirm(kLane, 10s, 0s).value(), 45s);
}

TEST_F(HostPacerTest, aSlotThatIsLongPastIsUsedWhereNobodyIsInTheWay) {
  const auto one = pacer();
  reserve(*one);
  EXPECT_EQ(one->confirm(kLane, 10s, 1h), 0s);
}

// ---- The file ----

TEST_F(HostPacerTest, theFileIsTheUsersOwn) {
  expectShared(path);
  EXPECT_EQ(modeOf(path), 0600u);
  EXPECT_LE(sizeOf(path), 4 << 20);
}

TEST_F(HostPacerTest, anEmptyPathMeansAFolderOfTheUsersOwn) {
  const auto inherited = [](const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  const auto runtime = inherited("XDG_RUNTIME_DIR"), temporary = inherited("TMPDIR");
  const std::string ofUser = "/chatapps-" + std::to_string(geteuid());
  const std::string first = folder + "/runtime", second = folder + "/temporary";
  ASSERT_EQ(mkdir(first.c_str(), 0700), 0);
  ASSERT_EQ(mkdir(second.c_str(), 0777), 0);
  setenv("XDG_RUNTIME_DIR", first.c_str(), 1);
  setenv("TMPDIR", second.c_str(), 1);
  expectShared("");
  EXPECT_EQ(modeOf(first + "/chatapps"), 0700u);
  EXPECT_EQ(modeOf(first + "/chatapps/pacing"), 0600u);
  unsetenv("XDG_RUNTIME_DIR");
  expectShared("");
  EXPECT_EQ(modeOf(second + ofUser), 0700u);
  setenv("XDG_RUNTIME_DIR", (folder + "/missing").c_str(), 1);
  expectShared("");
  EXPECT_EQ(chmod((second + ofUser).c_str(), 0755), 0);
  expectTrouble("", "is open to other users");
  EXPECT_EQ(rename((second + ofUser).c_str(), (second + "/elsewhere").c_str()), 0);
  EXPECT_EQ(symlink((second + "/elsewhere").c_str(), (second + ofUser).c_str()), 0);
  expectTrouble("", "is not a folder that can be used");
  for (const auto& [name, value] : {std::pair("XDG_RUNTIME_DIR", runtime), std::pair("TMPDIR", temporary)}) {
    value ? setenv(name, value->c_str(), 1) : unsetenv(name);
  }
}

TEST_F(HostPacerTest, filesThatAreNotItsOwnAreLeftAlone) {
  const std::string text = "a letter to my aunt, who likes long letters";
  write(path, text);
  expectTrouble(path, "is not a pacing file");
  EXPECT_EQ(sizeOf(path), static_cast<off_t>(text.size()));
  write(path, std::string(8 << 20, '\0'));
  expectTrouble(path, "is not a pacing file");
  EXPECT_EQ(sizeOf(path), 8 << 20);
  write(path, "", 0644);
  expectTrouble(path, "is open to other users");
  EXPECT_EQ(sizeOf(path), 0);
}

TEST_F(HostPacerTest, linksFoldersPipesAndMissingFoldersAreRefused) {
  write(folder + "/victim", "");
  ASSERT_EQ(symlink((folder + "/victim").c_str(), path.c_str()), 0);
  expectTrouble(path, "can't be opened");
  EXPECT_EQ(sizeOf(folder + "/victim"), 0);
  ASSERT_EQ(link((folder + "/victim").c_str(), (folder + "/second").c_str()), 0);
  expectTrouble(folder + "/second", "has other names");
  expectTrouble(folder, "can't be opened");
  ASSERT_EQ(mkfifo((folder + "/pipe").c_str(), 0600), 0);
  expectTrouble(folder + "/pipe", "is not a file");
  expectTrouble(folder + "/missing/pacing", "can't be opened");
}

TEST_F(HostPacerTest, anotherUsersFileIsRefused) {
  write(path, "");
  if (geteuid() == 0) {
    ASSERT_EQ(chown(path.c_str(), 12345, 12345), 0);
    expectTrouble(path, "belongs to another user");
  } else {
    expectTrouble("/etc/passwd", "can't be opened");
  }
}

TEST_F(HostPacerTest, anotherVersionIsRefused) {
  expectShared(path);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(8);
  file.put('\x7f');
  file.close();
  expectTrouble(path, "is of another version");
}

TEST_F(HostPacerTest, aFileWhoseMakingWasCutOffIsFinished) {
  for (const std::size_t size : {0u, 1u, 8u, 100u, 5000u}) {
    write(path, std::string(size, '\0'));
    expectShared(path);
  }
}

TEST_F(HostPacerTest, aTableOfJunkMeansNoLongDelays) {
  expectShared(path);
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    std::mt19937_64 random(1);
    for (int i = 0; i < (2 << 20) / 8; ++i) {
      const std::uint64_t junk = random();
      file.write(reinterpret_cast<const char*>(&junk), sizeof junk);
    }
  }
  for (int i = 0; i < 50; ++i) expectShared(path);
}

TEST_F(HostPacerTest, aFileThatIsDeletedIsMadeAnew) {
  const auto one = pacer();
  reserve(*one);
  ASSERT_EQ(unlink(path.c_str()), 0);
  EXPECT_LT(reserve(*one), 1ms);
  EXPECT_EQ(modeOf(path), 0600u);
  const auto other = pacer();
  EXPECT_GT(reserve(*other), 5s);
  EXPECT_TRUE(troubles.empty());
}

TEST_F(HostPacerTest, aFileThatIsCutGrowsAgain) {
  const auto one = pacer();
  reserve(*one);
  ASSERT_EQ(truncate(path.c_str(), 0), 0);
  EXPECT_LT(reserve(*one), 1ms);
  EXPECT_GT(reserve(*one), 5s);
  EXPECT_TRUE(troubles.empty());
}

TEST_F(HostPacerTest, aFileThatBecomesUnusableIsToldOnce) {
  const auto one = pacer();
  reserve(*one);
  ASSERT_EQ(unlink(path.c_str()), 0);
  ASSERT_EQ(mkdir(path.c_str(), 0700), 0);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(reserve(*one).count(), 0);
  EXPECT_EQ(troubles.size(), 1u);
}

TEST_F(HostPacerTest, aFullTableMeansNoDelayAndIsToldOnce) {
  const auto one = pacer();
  int i = 0;
  while (troubles.empty() && i < 200'000) reserve(*one, {"https://h", std::to_string(i++)}, 24h);
  ASSERT_EQ(troubles.size(), 1u);
  EXPECT_NE(troubles[0].find("full"), std::string::npos);
  EXPECT_GT(i, 30'000);
  for (int more = 0; more < 1000; ++more) reserve(*one, {"https://h", std::to_string(i++)}, 24h);
  EXPECT_EQ(troubles.size(), 1u);
}

TEST_F(HostPacerTest, aTroubleThatNobodyWantsToHearOfDoesNoHarm) {
  const auto silent = makeHostPacer(folder, {});
  EXPECT_EQ(reserve(*silent).count(), 0);
  const auto throwing = makeHostPacer(folder, [](const std::string&) { throw std::runtime_error("no"); });
  EXPECT_EQ(reserve(*throwing).count(), 0);
}

// ---- Processes ----

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
