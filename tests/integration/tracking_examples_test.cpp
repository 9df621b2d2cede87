// The examples of waiting, tracking and receipts; and with the latter the whole way: the sandbox posts receipts, some
// lost, some twice, some late, to the endpoint of a program that tracks.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "support/chatapps_program.hpp"
#include "support/listener.hpp"
#include "support/sandbox_log.hpp"
#include "support/umid_number.hpp"

using namespace std::chrono_literals;
using chatapps::support::Command;
using chatapps::support::countOf;
using chatapps::support::Finished;
using chatapps::support::Process;
using chatapps::support::SandboxServer;
using chatapps::support::umidNumber;

namespace {

const std::string kPrograms = CHATAPPS_PROGRAMS_FOLDER;
constexpr int kMessages = 12;

Command example(const std::string& name, const std::string& baseUrl) {
  return {{kPrograms + "/" + name},
          {{"CHATAPPS_API_KEY", "sandbox-key"},
           {"CHATAPPS_BASE_URL", baseUrl},
           {"RECEIPTS_AUTHORIZATION", "Basic c2VjcmV0"}}};
}

/// Each message is delivered within three seconds; each fifth only by SMS, after six.
std::string scenario(int count) {
  std::string messages;
  for (int i = 0; i < count; ++i) {
    const std::string end = std::to_string(1000 + i * 100) + "ms";
    messages += std::string(i ? "," : "") + R"({"umid":")" + umidNumber(i) +
                R"(","subAccountId":"sandbox","age":"0s","steps":[)" +
                R"({"channel":"Viber","events":[{"at":"0s","state":"queued"},{"at":"500ms","state":"sent"},{"at":")" +
                end + R"(","state":")" + (i % 5 == 0 ? "undelivered" : "delivered") + R"("}]})";
    if (i % 5 == 0) {
      messages += R"(,{"channel":"SMS","events":[{"at":"4s","state":"sent"},{"at":"6s","state":"delivered"}]})";
    }
    messages += "]}";
  }
  return R"({"messages":[)" + messages + "]}";
}

class EndToEnd : public ::testing::Test {
 protected:
  /// Tracks messages while the sandbox posts receipts with this value of Authorization.
  Finished track(int count, const std::string& authorization) {
    const std::string file = folder_.file("scenario.json");
    std::ofstream(file) << scenario(count);
    const chatapps::support::ReservedPort port;
    Command command = example("receipts", "http://127.0.0.1:" + std::to_string(port.number()));
    command.argv.insert(command.argv.end(), {"0", "sandbox", "4"});
    Process program(command);
    const std::string url = program.readLine().substr(std::string("receipts at ").size());
    SandboxServer sandbox({"--port", std::to_string(port.number()), "--scenario", file, "--seed", "7", "--receipts-to",
                           url, "--receipts-authorization", authorization, "--receipts-lost", "0.3",
                           "--receipts-repeated", "0.3", "--receipts-shuffled", "0.3"});
    for (int i = 0; i < count; ++i) program.write(umidNumber(i) + "\n");
    program.closeInput();
    const Finished finished = program.waitForEnd(90s);
    requests_ = chatapps::support::sandboxLog(port.number());
    return finished;
  }

  static void expectEachToEndOnce(int count, const std::string& out) {
    for (int i = 0; i < count; ++i) EXPECT_EQ(countOf(umidNumber(i) + " delivered, final\n", out), 1u) << out;
    EXPECT_EQ(countOf(", final\n", out), static_cast<std::size_t>(count));
  }
  void expectAtMostOneRequestASecond() {
    for (std::size_t i = 1; i < requests_.size(); ++i) {
      EXPECT_EQ(requests_[i].status, 200);
      EXPECT_GE(requests_[i].at - requests_[i - 1].at, 990ms);
    }
  }

  chatapps::support::TemporaryFolder folder_;
  std::vector<chatapps::support::LoggedRequest> requests_;
};

TEST_F(EndToEnd, receiptsThatComeAreUsedAndThoseThatAreLostAreMadeUpForByLooks) {
  const Finished finished = track(kMessages, "Basic c2VjcmV0");
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  expectEachToEndOnce(kMessages, finished.out);
  expectAtMostOneRequestASecond();
  EXPECT_LE(requests_.size(), static_cast<std::size_t>(kMessages));
}

TEST_F(EndToEnd, receiptsOfAStrangerAreNotTaken) {
  const Finished finished = track(5, "Basic d3Jvbmc=");
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  expectEachToEndOnce(5, finished.out);
  expectAtMostOneRequestASecond();
  EXPECT_GE(requests_.size(), 5u);  // each was looked at
}

TEST(TrackingExamples, waitTellsWhichChannelDelivered) {
  const SandboxServer server({"--speed", "10"});
  const Finished finished = chatapps::support::run(example("wait", server.baseUrl()));
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_NE(finished.out.find("step 1, Viber: "), std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("step 2, SMS: delivered"), std::string::npos) << finished.out;
}

TEST(TrackingExamples, trackerFollowsItsInputAndKnowsItAfterARestart) {
  const SandboxServer server({"--speed", "10"});
  const chatapps::support::TemporaryFolder folder;
  Command command = example("tracker", server.baseUrl());
  command.argv.insert(command.argv.end(), {"sandbox", folder.file("checkpoint")});
  const std::string input = "a0000000-0000-4000-8000-000000000004\na0000000-0000-4000-8000-000000000009\n";
  const Finished finished = chatapps::support::run(command, input);
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_NE(finished.out.find("2 messages, a look at each takes 2000 ms"), std::string::npos) << finished.out;
  EXPECT_EQ(countOf(", delivered by SMS\n", finished.out), 2u) << finished.out;
  EXPECT_EQ(chatapps::support::run(command, input).out, "0 messages, a look at each takes 0 ms\n");
}

}  // namespace
