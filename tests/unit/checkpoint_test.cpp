// The text and the file of a checkpoint.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

#include "chatapps/client.hpp"
#include "chatapps/testing/fake_clock.hpp"
#include "chatapps/testing/sandbox.hpp"
#include "chatapps/tracker.hpp"
#include "support/caught.hpp"
#include "support/full_disk.hpp"
#include "support/in_child.hpp"
#include "support/temporary_folder.hpp"
#include "track/checkpoint_file.hpp"
#include "track/checkpoint_line.hpp"

namespace {

int folderError = 0;  // what comes of a folder that is to be written to the disk
int syncs = 0;

}  // namespace

// Stands before that of the system.
extern "C" int fsync(int descriptor) {
  struct stat facts {};
  if (folderError != 0 && fstat(descriptor, &facts) == 0 && S_ISDIR(facts.st_mode)) {
    errno = folderError;
    return -1;
  }
  ++syncs;
  return static_cast<int>(syscall(SYS_fsync, descriptor));
}

namespace chatapps::track {
namespace {

using namespace std::chrono_literals;
using support::readFile;
using support::TemporaryFolder;

Followed example() {
  Followed message;
  message.umid = "a0000000-0000-4000-8000-000000000001";
  message.subAccountId = "sub&account";
  message.number = 42;
  message.priority = LookPriority::Low;
  message.since = SystemTime(1'767'225'600'123'456'789ns);
  message.judgedAt = SystemTime(-5ns);
  message.settled = true;
  message.ending = Ending::EndedOtherwise;
  message.problem = "a\ttab, a \\ and a\nline";
  message.plan = FallbackPlan{{{Channel::Viber, SuccessStatus::Read, 60s}, {Channel::SMS}}, 30s};
  MessageDetail& record = message.known.emplace_back();
  record.step = 1;
  record.channel = Channel(std::string("Viber\tof theirs"));
  record.direction = Direction::Outbound;
  record.createdAt = Timestamp("2026-01-01T00:00:00Z");
  record.status.state = State::Undelivered;
  record.status.detail = StatusDetail::RejectedByOperator;
  record.status.errorCode = -2008;
  record.status.errorMessage = "Not a Viber user\r\n\\t";
  record.status.timestamp = Timestamp("2026-01-01T00:00:05Z");
  message.known.emplace_back().step = 2;
  return message;
}

std::string withoutEnd(std::string line) {
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  line.pop_back();
  return line;
}

TEST(CheckpointLine, givesBackWhatItWasMadeOf) {
  const std::string line = messageLine(example());
  const auto read = readCheckpointLine(withoutEnd(line));
  ASSERT_TRUE(read.isGood && read.message);
  EXPECT_EQ(read.number, 42u);
  EXPECT_EQ(messageLine(*read.message), line);
  EXPECT_EQ(read.message->problem, example().problem);
  EXPECT_EQ(read.message->known[0].channel.text(), "Viber\tof theirs");
  EXPECT_EQ(read.message->known[0].status.errorCode, -2008);
  EXPECT_FALSE(read.message->known[1].status.errorCode);
  EXPECT_EQ(read.message->plan.steps[0].fallbackAfter, 60s);
  EXPECT_FALSE(read.message->plan.steps[1].fallbackAfter);
}

TEST(CheckpointLine, ofNothingMuchGivesItBackToo) {
  const std::string line = messageLine(Followed());
  const auto read = readCheckpointLine(withoutEnd(line));
  ASSERT_TRUE(read.isGood && read.message);
  EXPECT_EQ(messageLine(*read.message), line);
  const auto told = readCheckpointLine(withoutEnd(toldLine(7)));
  ASSERT_TRUE(told.isGood);
  EXPECT_FALSE(told.message);
  EXPECT_EQ(told.number, 7u);
}

TEST(CheckpointLine, aTimeThatNoDifferenceCanHoldIsDamage) {
  Followed message = example();
  message.since = (SystemTime::min)();
  EXPECT_FALSE(readCheckpointLine(withoutEnd(messageLine(message))).isGood);
  message.since = SystemTime();
  message.judgedAt = (SystemTime::max)();
  EXPECT_FALSE(readCheckpointLine(withoutEnd(messageLine(message))).isGood);
}

TEST(CheckpointLine, noticesEveryByteThatChanged) {
  const std::string line = withoutEnd(messageLine(example()));
  for (std::size_t i = 0; i < line.size(); ++i) {
    std::string damaged = line;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    const bool isTabBehindTheSum = i == 8;
    EXPECT_EQ(readCheckpointLine(damaged).isGood, isTabBehindTheSum) << i;
    EXPECT_FALSE(readCheckpointLine(line.substr(0, i)).isGood) << i;
  }
  EXPECT_FALSE(readCheckpointLine(line + "\t").isGood);
}

TEST(CheckpointLine, theHeaderTellsKindVersionAndGoal) {
  const std::string header = withoutEnd(checkpointHeader(Goal::Read));
  EXPECT_EQ(flawOfHeader(header, Goal::Read), "");
  EXPECT_NE(flawOfHeader(header, Goal::Final).find("another goal"), std::string::npos);
  EXPECT_NE(flawOfHeader("chatapps-tracker\t2\t0", Goal::Final).find("version 2"), std::string::npos);
  EXPECT_NE(flawOfHeader("chatapps-tracker\t\xeb\x06\t0", Goal::Final).find("version \\xeb\\x06"), std::string::npos);
  EXPECT_NE(flawOfHeader("root:x:0:0", Goal::Final).find("no checkpoint"), std::string::npos);
  EXPECT_NE(flawOfHeader("", Goal::Final).find("no checkpoint"), std::string::npos);
}

TEST(CheckpointFile, holdsWhatIsAddedAndWhatReplacesIt) {
  const TemporaryFolder folder;
  CheckpointFile file(folder.file("checkpoint"));
  EXPECT_EQ(file.read(), "");
  file.append("one\n", false);
  file.append("two\n", true);
  EXPECT_EQ(file.read(), "one\ntwo\n");
  file.replace("three\n");
  EXPECT_EQ(readFile(folder.file("checkpoint")), "three\n");
  file.append("four\n", true);
  EXPECT_EQ(readFile(folder.file("checkpoint")), "three\nfour\n");
  EXPECT_EQ(readFile(folder.file("checkpoint.new")), "");
}

TEST(CheckpointFile, isForThisUserAlone) {
  const TemporaryFolder folder;
  const CheckpointFile file(folder.file("checkpoint"));
  struct stat facts {};
  ASSERT_EQ(stat(folder.file("checkpoint").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777u, 0600u);
}

TEST(CheckpointFile, keepsItsModeAndTheLinkThatLeadsToIt) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "data");
  const std::string real = folder.file("data/real"), link = folder.file("link");
  std::ofstream(real).close();
  ASSERT_EQ(chmod(real.c_str(), 0640), 0);
  ASSERT_EQ(symlink("data/real", link.c_str()), 0);
  CheckpointFile file(link);
  file.replace("one\n");
  file.append("two\n", true);
  file.replace("three\n");
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(readFile(real), "three\n");
  struct stat facts {};
  ASSERT_EQ(stat(real.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777u, 0640u);
  EXPECT_THROW(CheckpointFile{real}, CheckpointError) << "it is the same file";
}

TEST(CheckpointFile, aLinkThatLeadsNowhereYetMakesTheFile) {
  const TemporaryFolder folder;
  ASSERT_EQ(symlink("real", folder.file("link").c_str()), 0);
  CheckpointFile(folder.file("link")).replace("one\n");
  EXPECT_TRUE(std::filesystem::is_symlink(folder.file("link")));
  EXPECT_EQ(readFile(folder.file("real")), "one\n");
}

TEST(CheckpointFile, aFolderThatCanNotBeWrittenIsToldAndTheFileIsTheNewOne) {
  const TemporaryFolder folder;
  CheckpointFile file(folder.file("checkpoint"));
  folderError = EIO;
  EXPECT_THROW(file.replace("one\n"), CheckpointError);
  folderError = EINVAL;  // of a file system that can not
  EXPECT_NO_THROW(file.replace("two\n"));
  folderError = 0;
  file.append("three\n", true);
  EXPECT_EQ(readFile(folder.file("checkpoint")), "two\nthree\n");
}

TEST(CheckpointFile, whatIsNotKeptIsOverwritten) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("checkpoint")) << "whole\nhal";
  CheckpointFile file(folder.file("checkpoint"));
  file.keep(6);
  EXPECT_EQ(file.read(), "whole\nhal");
  file.append("x\n", true);
  EXPECT_EQ(file.read(), "whole\nx\n");
}

TEST(CheckpointFile, isForOneAtATimeEvenAfterItWasReplaced) {
  const TemporaryFolder folder;
  {
    CheckpointFile file(folder.file("checkpoint"));
    EXPECT_THROW(CheckpointFile(folder.file("checkpoint")), CheckpointError);
    file.replace("new\n");
    EXPECT_THROW(CheckpointFile(folder.file("checkpoint")), CheckpointError);
  }
  EXPECT_EQ(CheckpointFile(folder.file("checkpoint")).read(), "new\n");
}

TEST(CheckpointFile, isNotWrittenByAChildOfItsProcess) {
  const TemporaryFolder folder;
  CheckpointFile file(folder.file("checkpoint"));
  file.append("parent\n", true);
  EXPECT_TRUE(support::inChild([&] {
    const auto refuses = [](auto write) {
      try {
        write();
      } catch (const CheckpointError& error) {
        return std::string(error.what()).find("fork") != std::string::npos;
      }
      return false;
    };
    return refuses([&] { file.append("child\n", false); }) && refuses([&] { file.replace("child\n"); });
  }));
  EXPECT_EQ(readFile(folder.file("checkpoint")), "parent\n");
  EXPECT_THROW(CheckpointFile(folder.file("checkpoint")), CheckpointError) << "the lock is still the parent's";
}

TEST(CheckpointFile, isFreeOnceItsProcessLetGoThoughAChildLivesOn) {
  const TemporaryFolder folder;
  int end[2];
  ASSERT_EQ(pipe(end), 0);
  pid_t child = 0;
  {
    const CheckpointFile file(folder.file("checkpoint"));
    child = fork();
    if (child == 0) {
      close(end[1]);
      char nothing;
      _exit(read(end[0], &nothing, 1) == 0 ? 0 : 1);  // as long as its parent likes
    }
  }
  EXPECT_NO_THROW(CheckpointFile(folder.file("checkpoint")));
  close(end[1]);
  waitpid(child, nullptr, 0);
  close(end[0]);
}

TEST(CheckpointFile, whatIsNoFileIsRefusedByName) {
  const TemporaryFolder folder;
  try {
    const CheckpointFile file(folder.file("no/such"));
    FAIL() << "nothing was thrown";
  } catch (const CheckpointError& error) {
    EXPECT_EQ(error.file(), folder.file("no/such"));
    EXPECT_EQ(error.line(), 0u);
    EXPECT_NE(std::string(error.what()).find("No such file"), std::string::npos) << error.what();
  }
  EXPECT_THROW(CheckpointFile(folder.path().string()), CheckpointError);
  EXPECT_THROW(CheckpointFile("/dev/null"), CheckpointError);
}

TEST(CheckpointFile, whatCanNotReplaceItIsToldAndLeavesWhatWasThere) {
  const TemporaryFolder folder;
  CheckpointFile file(folder.file("checkpoint"));
  file.append("one\n", true);
  mkdir(folder.file("checkpoint.new").c_str(), 0700);  // in the way
  EXPECT_THROW(file.replace("two\n"), CheckpointError);
  EXPECT_EQ(file.read(), "one\n");
  file.append("three\n", true);
  EXPECT_EQ(readFile(folder.file("checkpoint")), "one\nthree\n");
}

TEST(CheckpointFile, whatItIsResumedFromIsOnTheDiskBeforeItIsTold) {
  const TemporaryFolder folder;
  ClientOptions client;
  client.apiKey = testing::Sandbox::kApiKey;
  client.clock = std::make_shared<testing::FakeClock>();
  client.transport = std::make_shared<testing::Sandbox>();
  TrackerOptions options;
  options.checkpointFile = folder.file("checkpoint");
  options.onChange = [](const TrackedChange&) { throw std::logic_error("died"); };
  {
    DeliveryTracker tracker(ChatAppsClient(client), options);
    tracker.follow({"sandbox", testing::Sandbox::kDeliveredBySms});
    EXPECT_THROW(tracker.run(), std::logic_error);
  }
  syncs = 0;
  bool told = false;
  options.onChange = [&](const TrackedChange&) {
    told = true;
    EXPECT_GE(syncs, 1);
  };
  DeliveryTracker tracker(ChatAppsClient(client), options);
  EXPECT_TRUE(tracker.run());
  EXPECT_TRUE(told);
}

TEST(CheckpointFile, aFullDiskIsNotKeptFullByWhatWasToReplaceIt) {
  const TemporaryFolder folder;
  CheckpointFile file(folder.file("checkpoint"));
  file.append("one\n", true);
  {
    const support::FullDisk full(100);
    const auto error = support::caught<CheckpointError>([&] { file.replace(std::string(200, 'x')); });
    EXPECT_EQ(error.file(), folder.file("checkpoint"));
  }
  EXPECT_NE(access(folder.file("checkpoint.new").c_str(), F_OK), 0);
  EXPECT_EQ(file.read(), "one\n");
}

}  // namespace
}  // namespace chatapps::track
