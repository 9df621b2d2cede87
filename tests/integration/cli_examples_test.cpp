// The examples, run as a newcomer runs them: against the sandbox server, without arguments.
#include <gtest/gtest.h>

#include <string>

#include "support/chatapps_program.hpp"

using chatapps::support::Command;
using chatapps::support::Finished;
using chatapps::support::Process;
using chatapps::support::SandboxServer;

namespace {

const std::string kPrograms = CHATAPPS_PROGRAMS_FOLDER;

class Examples : public ::testing::Test {
 protected:
  Command example(const std::string& name) {
    return {{kPrograms + "/" + name}, {{"CHATAPPS_API_KEY", "sandbox-key"}, {"CHATAPPS_BASE_URL", server_.baseUrl()}}};
  }
  Finished run(const std::string& name, const std::string& input = {}) {
    return chatapps::support::run(example(name), input);
  }

  SandboxServer server_;
};

}  // namespace

TEST_F(Examples, quickstartPrintsBothSteps) {
  const auto finished = run("quickstart");
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_NE(finished.out.find("step 1: Viber undelivered at 20"), std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("step 2: SMS delivered at 20"), std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("delivered by SMS"), std::string::npos) << finished.out;
}

TEST_F(Examples, quickstartTellsTheErrorIdOfAMessageThatIsNotThere) {
  auto command = example("quickstart");
  command.argv.insert(command.argv.end(), {"sandbox", "00000000-0000-4000-8000-000000000000"});
  const auto finished = chatapps::support::run(command);
  EXPECT_EQ(finished.exitCode, 1);
  EXPECT_NE(finished.err.find("errorId "), std::string::npos) << finished.err;
}

TEST_F(Examples, errorsNamesWhatIsWrong) {
  const auto finished = run("errors");
  EXPECT_EQ(finished.exitCode, 1);
  EXPECT_NE(finished.err.find("nothing is known of this message"), std::string::npos) << finished.err;
}

TEST_F(Examples, asyncEndsBothCalls) {
  const auto finished = run("async");
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_NE(finished.out.find("callback: 2 channels"), std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("future: 1 channels"), std::string::npos) << finished.out;
}

TEST_F(Examples, bulkReadsStandardInput) {
  const auto finished = run("bulk", "a0000000-0000-4000-8000-000000000003\nno-uuid\n");
  EXPECT_EQ(finished.exitCode, 1);
  EXPECT_NE(finished.out.find("Viber undelivered  SMS delivered"), std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("1 succeeded, 1 failed"), std::string::npos) << finished.out;
}

TEST_F(Examples, cancelEndsWithCtrlC) {
  Process process(example("cancel"));
  process.readLine();
  process.signal(SIGINT);
  const auto finished = process.wait(std::chrono::seconds(10));
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_NE(finished.out.find("cancelled"), std::string::npos) << finished.out;
}

TEST_F(Examples, observerPrintsTheEvents) {
  const auto finished = run("observer");
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  for (const char* event : {"slot: ", "attempt: ", "answer: HTTP 200", "finished: 1 attempts"}) {
    EXPECT_NE(finished.out.find(event), std::string::npos) << finished.out;
  }
}

#ifdef CHATAPPS_HAS_COROUTINE_EXAMPLE
TEST_F(Examples, coroutineAwaitsACall) {
  const auto finished = run("coroutine");
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
  EXPECT_EQ(finished.out, "delivered on 1 channel(s)\n");
}
#endif

TEST_F(Examples, testingYourCodeNeedsNoServer) {
  const auto finished = chatapps::support::run({{kPrograms + "/testing_your_code"}, {}});
  EXPECT_EQ(finished.exitCode, 0) << finished.err;
}
