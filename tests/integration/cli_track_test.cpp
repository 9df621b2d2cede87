// `chatapps track`, as it is called from a shell.
#include <gtest/gtest.h>

#include <algorithm>
#include <chatapps/testing/sandbox.hpp>
#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include "support/chatapps_program.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"

using chatapps::support::ChatappsProgram;
using chatapps::support::countOf;
using chatapps::support::Finished;
using chatapps::support::Process;
using chatapps::support::readFile;
using chatapps::support::SandboxServer;
using chatapps::support::TemporaryFolder;
using chatapps::testing::Sandbox;

namespace {

class CliTrack : public ::testing::Test {
 protected:
  static std::vector<std::string> arguments(std::vector<std::string> more) {
    std::vector<std::string> arguments = {"track", "-", "--subaccount", "sandbox", "--pacing", "process"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  Finished track(const std::string& input, std::vector<std::string> more = {}) {
    return program_.run(arguments(std::move(more)), input);
  }
  static std::string lines(std::initializer_list<const char*> umids) {
    std::string text = "# a comment, and a blank line\n\n";
    for (const char* umid : umids) (text += umid) += "\n";
    return text;
  }
  bool holds(const std::string& out, const std::string& umid, const std::string& rest) {
    return out.find("sandbox," + umid + "\t" + rest) != std::string::npos;
  }

  SandboxServer server_{{"--speed", "10"}};
  ChatappsProgram program_{server_};
  TemporaryFolder folder_;
};

TEST_F(CliTrack, tellsEachChangeInALine) {
  const auto finished = track(lines({Sandbox::kDeliveredBySms, Sandbox::kLiveFallbackToSms}));
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_EQ(finished.out.find("1\tsandbox,"), 0u) << finished.out;
  EXPECT_TRUE(holds(finished.out, Sandbox::kDeliveredBySms, "delivered\tSMS\treached\t-\n")) << finished.out;
  EXPECT_TRUE(holds(finished.out, Sandbox::kLiveFallbackToSms, "queued\tViber\t-\tqueued\n")) << finished.out;
  EXPECT_TRUE(holds(finished.out, Sandbox::kLiveFallbackToSms, "delivered\tSMS\treached\t-\n")) << finished.out;
  EXPECT_EQ(countOf("\treached\t", finished.out), 2u);
}

TEST_F(CliTrack, whatEndsOtherwiseIsExitCode11) {
  const auto finished = track(lines({Sandbox::kUndelivered, Sandbox::kDeliveredBySms}),
                              {"--until", "delivered", "--fallback-grace", "1s"});
  EXPECT_EQ(finished.exitCode, 11) << finished.err;
  EXPECT_TRUE(holds(finished.out, Sandbox::kUndelivered, "undelivered\tSMS\tended-otherwise\t")) << finished.out;
  EXPECT_EQ(track(lines({Sandbox::kDeliveredBySms}), {"--until", "read"}).exitCode, 11);
}

TEST_F(CliTrack, timeThatRunsOutIsExitCode9) {
  const auto finished = track(lines({Sandbox::kQueued}), {"--timeout", "2s"});
  EXPECT_EQ(finished.exitCode, 9) << finished.err;
  EXPECT_TRUE(holds(finished.out, Sandbox::kQueued, "queued\tWhatsApp\ttimed-out\t")) << finished.out;
}

TEST_F(CliTrack, aLineThatCanNotBeRightIsNamedAndNothingIsSent) {
  auto finished = track("sandbox,a,b\n");
  EXPECT_EQ(finished.exitCode, 2);
  EXPECT_NE(finished.err.find("line 1"), std::string::npos) << finished.err;
  finished = track("no-uuid\n");
  EXPECT_EQ(finished.exitCode, 2);
  EXPECT_EQ(finished.err.rfind("chatapps: invalid argument: line 1: umid must be ", 0), 0u) << finished.err;
  EXPECT_EQ(track("# " + std::string(9000, 'x') + "\n").exitCode, 0) << "a comment may be long";
}

TEST_F(CliTrack, aMessageIsOneHoweverOftenItIsListedAndOfOneSubaccount) {
  const std::string umid = Sandbox::kQueued;
  const auto other = track("sandbox," + umid + "\n\nanother," + umid + "\n");
  EXPECT_EQ(other.exitCode, 2);
  EXPECT_NE(other.err.find("line 3 names another subaccount for the umid of line 1"), std::string::npos) << other.err;
  Process process(program_.command(arguments({"--until", "read"})));
  for (int i = 0; i < 3; ++i) process.write("sandbox," + umid + "\n");
  process.closeInput();
  process.readLine();
  process.signal(SIGINT);
  const auto finished = process.waitForEnd();
  EXPECT_EQ(finished.exitCode, 130);
  EXPECT_NE(finished.err.find("0 of 1 message has ended"), std::string::npos) << finished.err;
}

TEST_F(CliTrack, underNohupItGoesOnAfterAHangUp) {
  auto command = program_.command(arguments({}));
  command.argv.insert(command.argv.begin(), "nohup");
  Process process(command);
  process.write(lines({Sandbox::kLiveFallbackToSms}));
  process.closeInput();
  process.readLine();
  process.signal(SIGHUP);
  const auto finished = process.waitForEnd();
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_TRUE(holds(finished.out, Sandbox::kLiveFallbackToSms, "delivered\tSMS\treached\t-\n")) << finished.out;
}

TEST_F(CliTrack, saysThatWhatComesIsNoAnswer) {
  chatapps::support::FaultServer server(chatapps::support::answerEach(
      [](const auto&) { return chatapps::support::httpAnswer(200, "<html>", "Content-Type: text/html\r\n"); }));
  const ChatappsProgram behindALoginPage(server.url());
  const auto finished = behindALoginPage.run(arguments({"--timeout", "10s"}), lines({Sandbox::kQueued}));
  EXPECT_EQ(finished.exitCode, 9) << finished.err;
  EXPECT_EQ(countOf("chatapps: no answer of the API's: ", finished.err), 1u) << finished.err;
}

TEST_F(CliTrack, whatACheckpointKnowsToHaveBeenRefusedIsNotToldAgain) {
  const std::string checkpoint = folder_.file("checkpoint");
  const std::string unknown = "00000000-0000-4000-8000-000000000000";
  const auto first = track("nobody-there," + unknown + "\n", {"--checkpoint", checkpoint});
  EXPECT_NE(first.out.find("refused"), std::string::npos) << first.out;
  const auto second = track("nobody-there," + unknown + "\n", {"--checkpoint", checkpoint});
  EXPECT_EQ(second.out, "");
  EXPECT_EQ(second.exitCode, first.exitCode);
}

TEST_F(CliTrack, saysThatTheServerDoesNotAnswer) {
  const ChatappsProgram alone("http://127.0.0.1:1");
  const auto finished = alone.run(arguments({"--timeout", "10s"}), lines({Sandbox::kQueued}));
  EXPECT_EQ(finished.exitCode, 9) << finished.err;
  EXPECT_EQ(countOf("chatapps: still trying: 127.0.0.1:1: ", finished.err), 1u) << finished.err;
}

TEST_F(CliTrack, saysThatOtherProcessesAreNotCounted) {
  std::vector<std::string> line = arguments({"--pacing-file", "/proc/none"});
  line[std::size_t(std::find(line.begin(), line.end(), "process") - line.begin())] = "host";
  const auto finished = program_.run(line, lines({Sandbox::kDeliveredBySms}));
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_EQ(countOf("chatapps: other processes are not counted against the rate limit: /proc/none", finished.err), 1u)
      << finished.err;
}

TEST_F(CliTrack, interruptedItEndsWith130AndIsResumedFromItsCheckpoint) {
  const std::string checkpoint = folder_.file("checkpoint");
  const std::string input = lines({Sandbox::kDeliveredBySms, Sandbox::kQueued});
  Process process(program_.command(arguments({"--checkpoint", checkpoint})));
  process.write(input);
  process.closeInput();
  while (process.readLine().find(Sandbox::kQueued) == std::string::npos) {
  }
  process.signal(SIGINT);
  const auto interrupted = process.wait();
  EXPECT_EQ(interrupted.exitCode, 130);
  EXPECT_NE(interrupted.err.find("1 of 2"), std::string::npos) << interrupted.err;

  const auto resumed = track(input, {"--checkpoint", checkpoint, "--timeout", "4s"});
  EXPECT_EQ(resumed.exitCode, 9) << resumed.err;
  EXPECT_EQ(resumed.out.find(Sandbox::kDeliveredBySms), std::string::npos) << resumed.out;
  EXPECT_EQ(resumed.out.find("3\tsandbox,"), 0u) << resumed.out;
}

TEST_F(CliTrack, whatItsCheckpointBringsCountsThoughItIsNoLongerListed) {
  const std::string checkpoint = folder_.file("checkpoint");
  Process process(program_.command(arguments({"--checkpoint", checkpoint})));
  process.write(lines({Sandbox::kQueued}));
  process.closeInput();
  process.readLine();
  process.signal(SIGINT);
  EXPECT_EQ(process.wait().exitCode, 130);

  const auto resumed = track(lines({Sandbox::kDeliveredBySms}), {"--checkpoint", checkpoint, "--timeout", "4s"});
  EXPECT_TRUE(holds(resumed.out, Sandbox::kQueued, "queued\tWhatsApp\ttimed-out\t")) << resumed.out;
  EXPECT_EQ(resumed.exitCode, 9) << resumed.err;
}

TEST_F(CliTrack, aCheckpointThatIsNoneIsExitCode2AndStays) {
  const std::string file = folder_.file("precious");
  std::ofstream(file) << "not yours\n";
  const auto finished = track(lines({Sandbox::kDeliveredBySms}), {"--checkpoint", file});
  EXPECT_EQ(finished.exitCode, 2);
  EXPECT_NE(finished.err.find("no checkpoint of a tracker"), std::string::npos) << finished.err;
  EXPECT_EQ(readFile(file), "not yours\n");
}

TEST_F(CliTrack, aCheckpointWithoutANameIsAMistake) {
  const auto finished = program_.run(arguments({"--checkpoint", ""}));
  EXPECT_EQ(finished.exitCode, 2);
  EXPECT_NE(finished.err.find("--checkpoint"), std::string::npos) << finished.err;
}

TEST_F(CliTrack, aRefusedKeyIsExitCode4) {
  program_.set("CHATAPPS_API_KEY", "wrong");
  EXPECT_EQ(track(lines({Sandbox::kDeliveredBySms})).exitCode, 4);
}

}  // namespace
