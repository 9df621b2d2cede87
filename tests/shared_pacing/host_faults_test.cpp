// Row 81 of the fault matrix, and row 78 for processes of one machine: the file through which they share a limit.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "shared_pacing/fleet.hpp"
#include "support/event_log.hpp"
#include "support/quick_client.hpp"
#include "support/temporary_folder.hpp"
#include "support/umid_number.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;

constexpr const char* kMessage = "a0000000-0000-4000-8000-000000000001";

/// A file for clients to share, and what they do where they can't.
struct SharedFile {
  /// Three calls keep to the limit all the same; the observer hears once, and why.
  void expectAlone(const std::string& path, const std::string& why) {
    const auto events = std::make_shared<EventLog>();
    ClientOptions options = pacedOptions(sandbox.baseUrl(), 10, events);
    options.apiKey = "sandbox-key";
    options.pacing = Pacing::host(path);
    options.pacing.requestsPerSecond = 10;
    const ChatAppsClient client(options);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(client.getMessageDetails("sandbox", kMessage).size(), 1u);
    const auto alone = events->alone();
    ASSERT_EQ(alone.size(), why.empty() ? 0u : 1u) << why;
    if (!why.empty()) {
      EXPECT_NE(alone[0].reason.find(why), std::string::npos) << alone[0].reason;
      EXPECT_EQ(alone[0].reason.find("sandbox-key"), std::string::npos);
    }
    const auto requests = sandboxLog(sandbox.port());
    ASSERT_EQ(requests.size(), 3u);
    for (std::size_t i = 1; i < requests.size(); ++i) EXPECT_GE(requests[i].at - requests[i - 1].at, 95ms);
  }

  const TemporaryFolder folder;
  const std::string file = folder.file("pacing");
  SandboxServer sandbox{{"--rate", "10", "--window", "gcra"}};
};

TEST(Faults, row81_aFileThatCanBeSharedIsNoEvent) {
  SharedFile shared;
  shared.expectAlone(shared.file, "");
}

TEST(Faults, row81_anotherUsersFileIsLeftAlone) {
  SharedFile shared;
  std::ofstream(shared.file).close();
  ASSERT_EQ(::chmod(shared.file.c_str(), 0600), 0);
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(shared.file.c_str(), 12345, 12345), 0);
    shared.expectAlone(shared.file, "belongs to another user");
  } else {
    shared.expectAlone("/etc/passwd", "can't be opened");
  }
}

TEST(Faults, row81_aForeignFileIsLeftAlone) {
  SharedFile shared;
  std::ofstream(shared.file) << "a letter to my aunt";
  ASSERT_EQ(::chmod(shared.file.c_str(), 0600), 0);
  shared.expectAlone(shared.file, "is not a pacing file");
  EXPECT_EQ(readFile(shared.file), "a letter to my aunt");
}

TEST(Faults, row81_aFullDiskIsNoReasonToFail) {
  SharedFile shared;
  const std::string disk = shared.folder.file("disk");
  ASSERT_EQ(::mkdir(disk.c_str(), 0700), 0);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=64k,mode=0700") == 0) {
    shared.expectAlone(disk + "/pacing", "has no room");
    EXPECT_EQ(::umount2(disk.c_str(), MNT_DETACH), 0);
    return;
  }
  // Without the right to mount: a device that is always full can't be opened as a file, a limit on files can be set.
  const Finished worker = run({{"sh", "-c", "ulimit -f 8; exec \"$@\"", "sh", CHATAPPS_PACING_WORKER,
                                shared.sandbox.baseUrl(), "10", "1", "0.3", umidNumber(1), "host", shared.file},
                               {}},
                              "go\n");
  EXPECT_EQ(worker.exitCode, 0) << worker.err;
  EXPECT_NE(worker.out.find(" 0 alone"), std::string::npos) << worker.out;
}

TEST(Faults, row81_aFileSystemThatCanNotReserveRoomIsFilled) {
  SharedFile shared;
  const std::string disk = shared.folder.file("disk");
  ASSERT_EQ(::mkdir(disk.c_str(), 0700), 0);
  if (::mount("ramfs", disk.c_str(), "ramfs", 0, "mode=0700") != 0) GTEST_SKIP() << "this process may not mount";
  shared.expectAlone(disk + "/pacing", "");
  EXPECT_EQ(::umount2(disk.c_str(), MNT_DETACH), 0);
}

TEST(Faults, row81_aFileOfJunkIsNeitherAStallNorABurst) {
  SharedFile shared;
  shared.expectAlone(shared.file, "");
  std::fstream file(shared.file, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096);  // behind the head, which says what file it is
  std::mt19937_64 random(3);
  for (int i = 0; i < (2 << 20) / 8; ++i) {
    const std::uint64_t junk = random();
    file.write(reinterpret_cast<const char*>(&junk), sizeof junk);
  }
  file.close();
  Fleet fleet("50", 3s, {"host", shared.file}, {4, 2});
  fleet.begin();
  for (const std::string& line : fleet.finish()) EXPECT_NE(line.find(" 0 shared"), std::string::npos) << line;
  const FleetTally tally = fleet.tellTally("junk in the file");
  EXPECT_LE(tally.rejected, 1u) << "at most one early request";
  EXPECT_GE(tally.used, 0.7);
}

TEST(Faults, row81_fiveHundredThatAreKilledAtAnyMomentDisturbNobody) {
  const TemporaryFolder folder;
  const std::vector<std::string> pacing{"host", folder.file("pacing")};
  Fleet fleet("100", 14s, pacing, {2, 4});
  fleet.begin();
  std::mt19937_64 random(5);
  int killed = 0;
  std::vector<std::thread> killers;
  for (int i = 0; i < 2; ++i) {
    killers.emplace_back([&, seed = random()]() mutable {
      std::mt19937_64 draw(seed);
      for (int round = 0; round < 250; ++round) {
        Process doomed({{CHATAPPS_PACING_WORKER, fleet.sandbox().baseUrl(), "100", "2", "60", umidNumber(99), pacing[0],
                         pacing[1]},
                        {}});
        doomed.write("go\n");
        doomed.readLine();
        std::this_thread::sleep_for(std::chrono::microseconds(draw() % 15'000));
        doomed.signal(SIGKILL);
        doomed.waitForEnd();
      }
    });
  }
  for (std::thread& killer : killers) killer.join();
  killed = 500;
  const auto lines = fleet.finish();
  for (const std::string& line : lines) EXPECT_NE(line.find(" 0 shared"), std::string::npos) << line;
  const FleetTally tally = fleet.tellTally("500 killed");
  EXPECT_EQ(killed, 500);
  EXPECT_LE(tally.rejected * 100, tally.requests) << "never a burst";
  EXPECT_GT(tally.requests, 300u) << "never blocked";
}

TEST(Faults, row78_aProcessThatIsStoppedForAWhileSendsNothingStale) {
  const TemporaryFolder folder;
  Fleet fleet("50", 7s, {"host", folder.file("pacing")}, {4, 4});
  fleet.begin();
  std::mt19937_64 random(11);
  for (int round = 0; round < 8; ++round) {
    Process& stopped = fleet.process(random() % 4);
    std::this_thread::sleep_for(std::chrono::milliseconds(100 + random() % 100));
    stopped.signal(SIGSTOP);
    std::this_thread::sleep_for(400ms);
    stopped.signal(SIGCONT);
  }
  for (const std::string& line : fleet.finish()) EXPECT_NE(line.find(" 0 shared"), std::string::npos) << line;
  const FleetTally tally = fleet.tellTally("stopped now and then");
  EXPECT_LE(tally.rejected * 100, tally.requests);
  EXPECT_GE(tally.used, 0.7) << "nothing is stranded";
}

}  // namespace
}  // namespace chatapps::support
