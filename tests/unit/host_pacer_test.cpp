// What a host pacer promises, and what it makes of the file that it finds.
#include "pacing/host_pacer.hpp"

#include <gtest/gtest.h>

#ifndef _WIN32
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>

#include "support/scoped_variable.hpp"
#include "unit/host_pacer_fixture.hpp"

namespace chatapps::pacing {
namespace {

// ---- The promise ----

TEST_F(HostPacerTest, processesShareTheSlotsOfALane) { expectShared(path); }

TEST_F(HostPacerTest, lanesAreApart) {
  const auto one = pacer();
  reserve(*one);
  EXPECT_LT(reserve(*one, {kLane.origin, "sub_2"}), 1ms);
  EXPECT_LT(reserve(*one, {"https://chatapps.8x8.uk:443", kLane.subAccountId}), 1ms);
}

TEST_F(HostPacerTest, aSlotThatIsGivenBackIsNobodysLoss) {
  const auto impatient = pacer(), patient = pacer();
  reserve(*impatient);
  for (int i = 0; i < 20; ++i) {
    reserve(*impatient);
    impatient->giveBack(kLane);
  }
  EXPECT_LE(reserve(*patient), 10s);
  EXPECT_EQ(impatient->confirm(kLane, 10s, 0s), 0s);
  impatient->passOn(kLane, 10s, true);
  impatient->giveBack(kLane);  // it was used
  EXPECT_GT(reserve(*patient), 15s);
}

TEST_F(HostPacerTest, norIsOneOfARequestThatCouldNotLeave) {
  const auto refused = pacer(), other = pacer();
  for (int i = 0; i < 3; ++i) {
    EXPECT_LT(reserve(*refused), 1ms);
    EXPECT_EQ(refused->confirm(kLane, 10s, 0s), 0s);
    refused->giveBack(kLane);
  }
  EXPECT_LT(reserve(*other), 1ms);
  EXPECT_EQ(other->confirm(kLane, 10s, 0s), 0s);
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
  const std::string ofUser = "/chatapps-" + std::to_string(geteuid());
  const std::string first = folder + "/runtime", second = folder + "/temporary";
  ASSERT_EQ(mkdir(first.c_str(), 0700), 0);
  ASSERT_EQ(mkdir(second.c_str(), 0777), 0);
  const support::ScopedVariable runtime("XDG_RUNTIME_DIR", first), temporary("TMPDIR", second);
  expectShared("");
  EXPECT_EQ(modeOf(first + "/chatapps"), 0700u);
  EXPECT_EQ(modeOf(first + "/chatapps/pacing"), 0600u);
  runtime.set(std::nullopt);
  expectShared("");
  EXPECT_EQ(modeOf(second + ofUser), 0700u);
  runtime.set(folder + "/missing");
  expectShared("");
  if (geteuid() == 0) {
    const std::string ofAnother = folder + "/another";
    ASSERT_EQ(mkdir(ofAnother.c_str(), 0700), 0);
    ASSERT_EQ(chown(ofAnother.c_str(), 12345, 12345), 0);
    runtime.set(ofAnother);
    expectShared("");
    EXPECT_NE(access((ofAnother + "/chatapps").c_str(), F_OK), 0) << "its owner could not use it";
  }
  EXPECT_EQ(chmod((second + ofUser).c_str(), 0755), 0);
  expectTrouble("", "is open to other users");
  EXPECT_EQ(rename((second + ofUser).c_str(), (second + "/elsewhere").c_str()), 0);
  EXPECT_EQ(symlink((second + "/elsewhere").c_str(), (second + ofUser).c_str()), 0);
  expectTrouble("", "is not a folder that can be used");
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

TEST_F(HostPacerTest, anotherVersionStaysAsLargeAsItIs) {
  for (const std::size_t size : {std::size_t{16}, std::size_t{3} << 20U}) {
    std::string content("chatpace\2", size < 9 ? size : 9);
    content.resize(size);
    write(path, content);
    expectTrouble(path, "is of another version");
    EXPECT_EQ(std::filesystem::file_size(path), size);
  }
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

}  // namespace
}  // namespace chatapps::pacing
#endif
