// A tracker that is killed at random instants and started again: its own log tells whether anything was lost or came
// twice.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chatapps/chatapps.hpp>
#include <chatapps/testing/fake_clock.hpp>
#include <chatapps/testing/sandbox.hpp>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "support/temporary_folder.hpp"
#include "support/umid_number.hpp"

namespace chatapps {
namespace {

using namespace std::chrono_literals;
using support::umidNumber;
using testing::Sandbox;

constexpr int kMessages = 1000;
constexpr int kSubaccounts = 10;

std::string subAccount(int number) { return "sub" + std::to_string(number % kSubaccounts); }

std::shared_ptr<Sandbox> sandboxOn(const std::shared_ptr<Clock>& clock) {
  testing::SandboxOptions options;
  options.clock = clock;
  options.builtInMessages = false;
  const auto sandbox = std::make_shared<Sandbox>(options);
  for (int i = 0; i < kMessages; ++i) {
    testing::SandboxMessage message;
    message.umid = umidNumber(i);
    message.subAccountId = subAccount(i);
    const auto pace = std::chrono::seconds(i % 50 + 1);
    if (i % 3 == 0) {
      message.steps = {{Channel::Viber, {{0s, State::Sent}, {pace, State::Undelivered}}},
                       {Channel::SMS, {{2 * pace, State::Delivered}}}};
    } else if (i % 3 == 1) {
      message.steps = {{Channel::SMS, {{0s, State::Queued}, {pace, State::Undelivered}}}};
    } else {
      message.steps = {{Channel::WhatsApp, {{0s, State::Queued}, {pace, State::Sent}, {3 * pace, State::Delivered}}}};
    }
    sandbox->addMessage(message);
  }
  return sandbox;
}

struct Line {
  std::uint64_t number = 0;
  std::string umid;
  int ending = 0;
};

std::vector<Line> linesOf(const std::string& log) {
  std::ifstream file(log);
  std::vector<Line> lines;
  for (Line line; file >> line.number >> line.umid >> line.ending;) lines.push_back(line);
  return lines;
}

/// The program under test. It keeps each change by one line of its log, with the number in it. Time is virtual, so that
/// only the disk and the processor take any; the checkpoint, the log and SIGKILL are real.
[[noreturn]] void track(const std::string& checkpoint, const std::string& log, bool tellsWhatItKept, int begun) {
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const auto clock = std::make_shared<testing::FakeClock>();
  ClientOptions options;
  options.apiKey = Sandbox::kApiKey;
  options.clock = clock;
  options.transport = sandboxOn(clock);
  TrackerOptions tracking;
  tracking.checkpointFile = checkpoint;
  if (const auto kept = linesOf(log); tellsWhatItKept && !kept.empty()) tracking.kept = kept.back().number;
  tracking.onChange = [out](const TrackedChange& change) {
    const std::string line = std::to_string(change.number) + " " + change.umid + " " +
                             std::to_string(static_cast<int>(change.ending)) + "\n";
    // Time enough to be killed before and after it was kept.
    std::this_thread::sleep_for(50us);
    if (write(out, line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(3);
    std::this_thread::sleep_for(50us);
  };
  try {
    DeliveryTracker tracker(ChatAppsClient(options), tracking);
    for (int i = 0; i < kMessages; ++i) tracker.follow({subAccount(i), umidNumber(i)});
    if (write(begun, "!", 1) != 1) _exit(3);
    _exit(tracker.run() ? 0 : 4);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    _exit(5);
  }
}

/// When to kill: some time after the log has grown by so much.
struct Life {
  std::uintmax_t bytes;
  std::chrono::microseconds more;
};

std::uintmax_t sizeOf(const std::string& log) {
  struct stat facts {};
  return stat(log.c_str(), &facts) == 0 ? static_cast<std::uintmax_t>(facts.st_size) : 0;
}

/// Starts it, and kills it or waits for its end. Gives its wait status.
int runOnce(const std::string& checkpoint, const std::string& log, bool tellsWhatItKept, std::optional<Life> life) {
  const std::uintmax_t before = sizeOf(log);
  int pipe[2];
  EXPECT_EQ(::pipe(pipe), 0);
  const pid_t child = fork();
  if (child == 0) track(checkpoint, log, tellsWhatItKept, pipe[1]);
  close(pipe[1]);
  char begun = 0;
  EXPECT_EQ(read(pipe[0], &begun, 1), 1);
  if (life) {
    const auto latest = std::chrono::steady_clock::now() + 2s;
    while (sizeOf(log) < before + life->bytes && std::chrono::steady_clock::now() < latest)
      std::this_thread::sleep_for(100us);
    std::this_thread::sleep_for(life->more);
    kill(child, SIGKILL);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  close(pipe[0]);
  return status;
}

/// Kills it so many times while it has something left to do, then lets it end. Gives its log.
std::vector<Line> logOfAHardLife(int wanted, bool tellsWhatItKept, unsigned seed) {
  const support::TemporaryFolder folder;
  const std::string checkpoint = folder.file("checkpoint"), log = folder.file("log");
  std::mt19937 random(seed);
  int kills = 0;
  for (int i = 0; i < wanted; ++i) {
    const Life life{random() % 2500, std::chrono::microseconds(random() % 2000)};  // up to sixty lines
    const int status = runOnce(checkpoint, log, tellsWhatItKept, life);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) ++kills;
  }
  EXPECT_EQ(kills, wanted);
  EXPECT_GT(linesOf(log).size(), 100u);
  const int status = runOnce(checkpoint, log, tellsWhatItKept, std::nullopt);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  return linesOf(log);
}

std::map<std::string, int> endingsIn(const std::vector<Line>& lines) {
  std::map<std::string, int> endings;
  for (const Line& line : lines) {
    if (line.ending > 0) ++endings[line.umid];
  }
  return endings;
}

TEST(KilledTracker, losesNothingAndTellsNothingTwiceToOneWhoSaysWhatWasKept) {
  const auto lines = logOfAHardLife(50, true, 1);
  for (std::size_t i = 0; i < lines.size(); ++i) ASSERT_EQ(lines[i].number, i + 1);
  const auto endings = endingsIn(lines);
  EXPECT_EQ(endings.size(), static_cast<std::size_t>(kMessages));
  for (const auto& [umid, times] : endings) EXPECT_EQ(times, 1) << umid;
}

TEST(KilledTracker, losesNothingAndRepeatsNoMoreThanTheLastChangeToOneWhoDoesNot) {
  const auto lines = logOfAHardLife(20, false, 2);
  std::uint64_t last = 0;
  for (const Line& line : lines) {
    ASSERT_TRUE(line.number == last + 1 || line.number == last) << line.number << " after " << last;
    last = line.number;
  }
  EXPECT_EQ(endingsIn(lines).size(), static_cast<std::size_t>(kMessages));
}

}  // namespace
}  // namespace chatapps
