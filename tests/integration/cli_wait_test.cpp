// `chatapps wait` and `chatapps receipt`, as they are called from a shell.
#include <gtest/gtest.h>

#include <chatapps/testing/sandbox.hpp>
#include <chrono>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/chatapps_program.hpp"
#include "support/sandbox_log.hpp"

using chatapps::support::ChatappsProgram;
using chatapps::support::Finished;
using chatapps::support::Process;
using chatapps::support::SandboxServer;
using chatapps::support::TemporaryFolder;
using chatapps::testing::Sandbox;

namespace {

class CliWait : public ::testing::Test {
 protected:
  Finished wait(const std::string& umid, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"wait", Sandbox::kSubAccountId, umid, "--pacing", "process"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return program_.run(arguments);
  }

  SandboxServer server_{{"--speed", "10"}};  // ten times as fast: a fallback that takes fifteen seconds takes two
  ChatappsProgram program_{server_};
};

TEST_F(CliWait, followsTheFallbackFromViberToSms) {
  const auto finished = wait(Sandbox::kLiveFallbackToSms, {"--until", "delivered", "--timeout", "60s"});
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_EQ(finished.out.find("delivered over SMS, step 2"), 0u) << finished.out;
  EXPECT_NE(finished.out.find("step 1, Viber"), std::string::npos) << finished.out;
  const auto requests = chatapps::support::sandboxLog(server_.port());
  for (std::size_t i = 1; i < requests.size(); ++i)
    EXPECT_GE(requests[i].at - requests[i - 1].at, std::chrono::milliseconds(990));
}

TEST_F(CliWait, readOnSmsEndsAtOnceWithExitCode11) {
  const auto finished = wait(Sandbox::kDeliveredBySms, {"--until", "read"});
  EXPECT_EQ(finished.exitCode, 11);
  EXPECT_EQ(finished.out, "");
  EXPECT_NE(finished.err.find("SMS"), std::string::npos) << finished.err;
}

TEST_F(CliWait, anUndeliveredMessageIsFinalButNotDelivered) {
  EXPECT_EQ(wait(Sandbox::kUndelivered, {"--fallback-grace", "0s"}).exitCode, 0);
  EXPECT_EQ(wait(Sandbox::kUndelivered, {"--until", "delivered", "--fallback-grace", "0s"}).exitCode, 11);
}

TEST_F(CliWait, timeThatRunsOutIsExitCode9) {
  const auto finished = wait(Sandbox::kQueued, {"--until", "delivered", "--timeout", "1.5s"});
  EXPECT_EQ(finished.exitCode, 9);
  EXPECT_NE(finished.err.find("last seen: queued"), std::string::npos) << finished.err;
}

TEST_F(CliWait, aWordThatIsNoGoalIsExitCode2) { EXPECT_EQ(wait(Sandbox::kQueued, {"--until", "forever"}).exitCode, 2); }

class CliReceipt : public CliWait {
 protected:
  Finished receipt(const std::string& content, std::vector<std::string> more = {}) {
    const std::string file = folder_.file("receipt.json");
    std::ofstream(file, std::ios::binary) << content;
    std::vector<std::string> arguments = {"receipt", file};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return program_.run(arguments);
  }

  TemporaryFolder folder_;
  const std::string example_ =
      R"({"version":9,"namespace":"ChatApps","eventType":"outbound_message_status_changed","payload":{)"
      R"("umid":"a0000000-0000-4000-8000-000000000001","subAccountId":"sandbox","channel":"whatsapp",)"
      R"("status":{"state":"delivered","timestamp":"2020-12-22T01:24:30.6030893Z"}}})";
};

TEST_F(CliReceipt, showsWhatItSaysLineByLine) {
  const auto finished = receipt(example_);
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_NE(finished.out.find("channel           whatsapp\n"), std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("state             delivered\n"), std::string::npos) << finished.out;
}

TEST_F(CliReceipt, givesJsonInTheWiresNames) {
  const auto finished = receipt(example_, {"--format", "json"});
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_EQ(nlohmann::json::parse(finished.out), nlohmann::json::parse(example_));
}

TEST_F(CliReceipt, addsNothingThatTheReceiptLacksAndLosesNothingThatItHas) {
  for (
      const char* text :
      {R"({"eventType":"outbound_message_status_changed","payload":{"umid":"x"}})",
       R"({"version":9,"eventType":"outbound_message_status_changed","payload":{"umid":"x","channel":"whatsapp",)"
       R"("status":{"state":"undelivered"},"whatsapp":{"providerErrorCode":"131026","pricingCategory":"utility"}}})"}) {
    const auto finished = receipt(text, {"--format", "json"});
    EXPECT_EQ(nlohmann::json::parse(finished.out), nlohmann::json::parse(text));
  }
}

TEST_F(CliReceipt, takesTheCommonOptions) {
  EXPECT_EQ(receipt(example_, {"--verbose", "--timeout", "5s"}).exitCode, 0);
  EXPECT_EQ(program_.run({"receipt", "--version"}).exitCode, 0);
}

TEST_F(CliReceipt, endsWithTheFirstInterruptWhileItWaitsForItsInput) {
  Process process(program_.command({"receipt", "-"}));
  process.write(std::string(500'000, ' '));  // more than fits between the two: when it is through, the program reads
  process.signal(SIGINT);
  EXPECT_EQ(process.waitForEnd(std::chrono::seconds(20)).exitCode, 130);
}

TEST_F(CliReceipt, aFileThatIsNoReceiptIsExitCode10AndNamesThePlace) {
  const auto finished = receipt(R"({"version":9,"eventType":"external_app_message","payload":{}})");
  EXPECT_EQ(finished.exitCode, 10);
  EXPECT_NE(finished.err.find("/eventType"), std::string::npos) << finished.err;
  EXPECT_EQ(finished.err.find("base URL"), std::string::npos) << finished.err;
  EXPECT_EQ(program_.run({"receipt", folder_.file("missing")}).exitCode, 2);
}

}  // namespace
