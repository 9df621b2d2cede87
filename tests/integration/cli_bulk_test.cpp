// `chatapps bulk`, as it is called from a shell, against the real sandbox server.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chatapps/testing/sandbox.hpp>
#include <chrono>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "support/chatapps_program.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/umid_number.hpp"

using chatapps::support::ChatappsProgram;
using chatapps::support::countOf;
using chatapps::support::Finished;
using chatapps::support::Process;
using chatapps::support::SandboxServer;
using chatapps::support::TemporaryFolder;
using chatapps::testing::Sandbox;
using nlohmann::json;

namespace {

const std::string kUnknown = "00000000-0000-4000-8000-000000000000";
const std::string kKnown = Sandbox::kDeliveredBySms;

std::vector<json> linesOf(const std::string& text) {
  std::vector<json> all;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) all.push_back(json::parse(line));
  return all;
}

/// The one result for that umid.
json resultFor(const std::vector<json>& results, const std::string& umid) {
  json found;
  for (const auto& result : results) {
    if (result.value("umid", "") == umid) found = result;
  }
  return found;
}

class CliBulk : public ::testing::Test {
 protected:
  Finished bulk(const std::string& input, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"bulk", "-", "--pacing", "off"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return program_.run(arguments, input);
  }

  SandboxServer server_{{"--rate", "0"}};
  ChatappsProgram program_{server_};
};

}  // namespace

TEST(CliBulkOfMany, row58_takesNoMoreDescriptorsThanThereAre) {
  chatapps::support::FaultServer server(chatapps::support::answerEach(chatapps::support::detailsAnswer));
  std::string input;
  for (int i = 0; i < 300; ++i) input += "sandbox," + chatapps::support::umidNumber(i) + "\n";
  const ChatappsProgram program(server.url());
  auto command = program.command({"bulk", "-", "--pacing", "off"});
  command.argv.insert(command.argv.begin(), {"sh", "-c", "ulimit -n 64; exec \"$@\"", "sh"});
  const Finished end = chatapps::support::run(command, input);
  EXPECT_EQ(end.exitCode, 0) << end.err;
  EXPECT_EQ(linesOf(end.out).size(), 300u);
}

TEST_F(CliBulk, givesOneLineAMessage) {
  const auto finished = bulk("sandbox," + kKnown + "\nsandbox," + Sandbox::kFallbackToSms + "\n");
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_EQ(finished.err, "") << "no bar where there is no terminal";
  const auto results = linesOf(finished.out);
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(resultFor(results, kKnown)["subAccountId"], "sandbox");
  EXPECT_EQ(resultFor(results, Sandbox::kFallbackToSms)["data"].size(), 2u);
}

TEST_F(CliBulk, goesOnBehindABadItemAndEndsWith12) {
  const auto finished = bulk("sandbox," + kUnknown + "\nsandbox," + kKnown + "\n");
  EXPECT_EQ(finished.exitCode, 12);
  const auto results = linesOf(finished.out);
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(resultFor(results, kUnknown)["error"]["type"], "NotFoundError");
  EXPECT_EQ(resultFor(results, kUnknown)["error"]["errorId"].get<std::string>().size(), 36u);
  EXPECT_EQ(resultFor(results, kKnown)["data"].size(), 1u);
}

TEST_F(CliBulk, skipsBlankLinesAndCommentsAndTakesCrlf) {
  const auto finished = bulk("\xEF\xBB\xBF# a comment\r\n\r\n  \r\nsandbox," + kKnown + "\r\n# " +
                             std::string(9000, 'x') + "\n# the end");
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_EQ(linesOf(finished.out).size(), 1u);
}

TEST_F(CliBulk, takesABareUmidWithASubaccount) {
  const auto finished = bulk(kKnown, {"--subaccount", "sandbox"});
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_EQ(linesOf(finished.out).at(0)["subAccountId"], "sandbox");
}

TEST_F(CliBulk, saysWhichLineIsMalformedAndGoesOn) {
  const auto finished =
      bulk(kKnown + "\nsandbox," + kKnown + "\na,b,c\nsandbox,no-uuid\n" + std::string(9000, 'x') + "\n");
  EXPECT_EQ(finished.exitCode, 12);
  std::vector<int> malformed;
  for (const auto& result : linesOf(finished.out)) {
    if (!result.contains("line")) continue;
    malformed.push_back(result["line"]);
    EXPECT_EQ(result["error"]["type"], "InvalidArgumentError");
  }
  std::sort(malformed.begin(), malformed.end());
  EXPECT_EQ(malformed, (std::vector<int>{1, 3, 4, 5}));
  EXPECT_EQ(linesOf(finished.out).size(), 5u);
}

TEST_F(CliBulk, aCommandLineThatCanNotBeIsAnErrorInJsonToo) {
  for (const std::vector<std::string>& more : {std::vector<std::string>{"--bogus"}, {"--timeout", "5"}, {"more"}}) {
    const auto finished = bulk("", more);
    EXPECT_EQ(finished.exitCode, 2);
    EXPECT_EQ(json::parse(finished.err)["error"]["type"], "InvalidArgumentError") << finished.err;
  }
  const auto optionsFirst = program_.run({"--pacing", "off", "bulk", "-", "--bogus"});
  EXPECT_EQ(json::parse(optionsFirst.err)["error"]["type"], "InvalidArgumentError") << optionsFirst.err;
  EXPECT_EQ(bulk("", {"--format", "csv", "--bogus"}).err.find('{'), std::string::npos);
}

TEST_F(CliBulk, answersEachOfSeveralLinesForOneMessage) {
  const auto line = "sandbox," + kKnown + "\n";
  const auto finished = bulk(line + line + line);
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_EQ(linesOf(finished.out).size(), 3u);
}

TEST_F(CliBulk, writesCsvAndTellsErrorsOnStandardError) {
  const auto finished = bulk("sandbox," + kKnown + "\nsandbox," + kUnknown + "\nnothing\n", {"--format", "csv"});
  EXPECT_EQ(finished.exitCode, 12);
  EXPECT_EQ(countOf("\r\n", finished.out), 2u);
  EXPECT_EQ(finished.out.rfind("subAccountId,umid,step,", 0), 0u);
  EXPECT_NE(finished.err.find("sandbox," + kUnknown + ": NotFoundError: "), std::string::npos) << finished.err;
  EXPECT_NE(finished.err.find("line 3: InvalidArgumentError: "), std::string::npos) << finished.err;
}

TEST_F(CliBulk, endsWith4WhenTheKeyIsRefusedAndSendsNoMore) {
  program_.set("CHATAPPS_API_KEY", "wrong");
  std::string input;
  for (int i = 0; i < 500; ++i)
    input += "sandbox,00000000-0000-4000-8000-" + std::to_string(100'000'000'000 + i) + "\n";
  const auto finished = program_.run({"bulk", "-", "--pacing", "process"}, input);
  EXPECT_EQ(finished.exitCode, 4) << finished.err;
  const auto results = linesOf(finished.out);
  EXPECT_EQ(results.size(), 500u);
  for (const auto& result : results) EXPECT_EQ(result["error"]["type"], "UnauthorizedError");
  EXPECT_EQ(results.back()["error"]["attempts"], 0);
  EXPECT_NE(finished.err.find("UnauthorizedError"), std::string::npos) << finished.err;
}

TEST_F(CliBulk, endsWith2WithoutItsFile) {
  EXPECT_EQ(program_.run({"bulk", "/nonexistent"}).exitCode, 2);
  EXPECT_EQ(program_.run({"bulk", "/"}).exitCode, 2);
  EXPECT_EQ(program_.run({"bulk"}).exitCode, 2);
  EXPECT_EQ(program_.run({"bulk", "-", "--progress", "maybe"}).exitCode, 2);
}

TEST_F(CliBulk, endsWith2WhereThereIsNoInputToRead) {
  const auto program = program_.command({"bulk", "-", "--pacing", "off"});
  chatapps::support::Command shell{{"sh", "-c", "exec \"$@\" <&-", "sh"}, program.environment};
  shell.argv.insert(shell.argv.end(), program.argv.begin(), program.argv.end());
  for (const Finished& finished : {chatapps::support::run(shell), program_.run({"bulk", "/proc/self/mem"})}) {
    EXPECT_EQ(finished.exitCode, 2) << finished.err;
    EXPECT_NE(finished.err.find("can not be read"), std::string::npos) << finished.err;
  }
}

TEST_F(CliBulk, aPipeThatOthersMadeNonBlockingLosesNothing) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  ASSERT_EQ(fcntl(pipe[1], F_SETPIPE_SZ, 4096), 4096);
  ASSERT_EQ(fcntl(pipe[1], F_SETFL, O_NONBLOCK), 0);
  const auto program = program_.command({"bulk", "-", "--pacing", "off"});
  chatapps::support::Command shell{{"sh", "-c", "exec \"$@\" >&" + std::to_string(pipe[1]), "sh"}, program.environment};
  shell.argv.insert(shell.argv.end(), program.argv.begin(), program.argv.end());
  Process process(shell);
  ::close(pipe[1]);
  for (int i = 0; i < 100; ++i) process.write("sandbox," + kKnown + "\n");
  process.closeInput();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // the pipe is full by now
  std::string out;
  char part[4096];
  for (ssize_t got; (got = ::read(pipe[0], part, sizeof part)) > 0;) out.append(part, static_cast<std::size_t>(got));
  ::close(pipe[0]);
  EXPECT_EQ(process.waitForEnd().exitCode, 0);
  EXPECT_EQ(countOf("\n", out), 100u);
}

TEST_F(CliBulk, endsWellForAnEmptyInput) {
  EXPECT_EQ(bulk("").exitCode, 0);
  EXPECT_EQ(bulk("", {"--format", "csv"}).out.substr(0, 13), "subAccountId,");
}

TEST_F(CliBulk, answersWhileTheInputIsStillOpen) {
  Process process(program_.command({"bulk", "-", "--pacing", "off"}));
  process.write("sandbox," + kKnown + "\n");
  EXPECT_EQ(json::parse(process.readLine())["umid"], kKnown);
  process.write("sandbox," + kUnknown + "\n");
  EXPECT_EQ(json::parse(process.readLine())["umid"], kUnknown);
  EXPECT_EQ(process.wait().exitCode, 12);
}

TEST_F(CliBulk, endsWith130WhenInterruptedWhileItWaitsForInput) {
  Process process(program_.command({"bulk", "-", "--pacing", "off"}));
  process.write("sandbox," + kKnown + "\n");
  process.readLine();
  process.signal(SIGINT);
  const auto finished = process.waitForEnd(std::chrono::seconds(20));
  EXPECT_EQ(finished.exitCode, 130) << finished.err;
}

TEST_F(CliBulk, showsABarWhenToldTo) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("ids")) << "# two\nsandbox," << kKnown << "\nsandbox," << kUnknown << "\n";
  const auto finished = program_.run({"bulk", folder.file("ids"), "--pacing", "off", "--progress", "always"});
  EXPECT_EQ(finished.exitCode, 12);
  EXPECT_NE(finished.err.find("0/2 done, 0 failed"), std::string::npos) << finished.err;
  EXPECT_NE(finished.err.find("\r\x1b[K2 done, 1 failed in "), std::string::npos) << finished.err;
}

TEST_F(CliBulk, withABarItReadsAPipeOfTheFileSystemOnce) {
  const TemporaryFolder folder;
  ASSERT_EQ(mkfifo(folder.file("ids").c_str(), 0600), 0);
  for (int i = 0; i < 10; ++i) {  // whether a second opening would wait is a matter of luck
    Process process(program_.command({"bulk", folder.file("ids"), "--pacing", "off", "--progress", "always"}));
    std::ofstream(folder.file("ids")) << "sandbox," << kKnown << "\n";
    EXPECT_EQ(process.waitForEnd(std::chrono::seconds(20)).exitCode, 0);
  }
}

TEST_F(CliBulk, endsQuietlyWhenNobodyReadsAnyMore) {
  Process process(program_.command({"bulk", "-", "--pacing", "off"}));
  process.write("sandbox," + kKnown + "\n");
  process.readLine();
  process.closeOutput();
  process.write("sandbox," + kKnown + "\n");
  const auto finished = process.wait(std::chrono::seconds(10));
  EXPECT_EQ(finished.exitCode, 141);
  EXPECT_EQ(finished.err, "");
}

TEST(CliBulkPaced, keepsWhatIsFinishedWhenInterrupted) {
  const SandboxServer server({"--rate", "20"});
  const ChatappsProgram program(server);
  const TemporaryFolder folder;
  {
    std::ofstream file(folder.file("ids"));
    for (int i = 0; i < 1000; ++i) file << "sandbox,00000000-0000-4000-8000-" << 100'000'000'000 + i << "\n";
  }
  Process process(program.command({"bulk", folder.file("ids"), "--rate", "20"}));
  for (int i = 0; i < 3; ++i) process.readLine();
  process.signal(SIGINT);
  const auto finished = process.wait(std::chrono::seconds(10));
  EXPECT_EQ(finished.exitCode, 130);
  const auto results = linesOf(finished.out);
  EXPECT_GE(results.size(), 3u);
  EXPECT_LT(results.size(), 900u);
  for (const auto& result : results) EXPECT_EQ(result["error"]["type"], "NotFoundError");
  EXPECT_EQ(json::parse(finished.err)["error"]["type"], "CancelledError");
}

TEST(CliBulkPaced, meetsNo429AtTheRateOfTheServer) {
  const SandboxServer server({"--rate", "50"});
  const ChatappsProgram program(server);
  std::string input;
  for (int i = 0; i < 40; ++i) input += "sandbox,00000000-0000-4000-8000-" + std::to_string(100'000'000'000 + i) + "\n";
  const auto finished = program.run({"bulk", "-", "--rate", "50", "--max-attempts", "1"}, input);
  for (const auto& result : linesOf(finished.out)) EXPECT_EQ(result["error"]["type"], "NotFoundError") << result;
}
