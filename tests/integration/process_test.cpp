// The plumbing of the other integration tests, tried on programs that every machine has.
#include "support/process.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <stdexcept>
#include <string>

using chatapps::support::Process;
using chatapps::support::run;

TEST(Process, collectsBothOutputsAndTheExitCode) {
  const auto finished = run({{"sh", "-c", "echo out; echo err >&2; exit 3"}, {}});
  EXPECT_EQ(finished.exitCode, 3);
  EXPECT_EQ(finished.out, "out\n");
  EXPECT_EQ(finished.err, "err\n");
}

TEST(Process, passesLargeInputThrough) {
  const std::string text(1 << 20, 'x');
  EXPECT_EQ(run({{"cat"}, {}}, text).out, text);
}

TEST(Process, tellsADeathBySignalFromAnExitCode) {
  EXPECT_EQ(run({{"sh", "-c", "kill -9 $$"}, {}}).exitCode, -9);
  EXPECT_EQ(run({{"sh", "-c", "exit 137"}, {}}).exitCode, 137);
}

TEST(Process, givesLinesWhileTheProgramRuns) {
  Process cat({{"cat"}, {}});
  cat.write("one\ntwo\n");
  EXPECT_EQ(cat.readLine(), "one");
  EXPECT_EQ(cat.readLine(), "two");
  EXPECT_THROW(cat.readLine(std::chrono::milliseconds(10)), std::runtime_error);
  EXPECT_EQ(cat.wait().exitCode, 0);
}

TEST(Process, deliversSignals) {
  Process cat({{"cat"}, {}});
  cat.signal(SIGINT);
  EXPECT_EQ(cat.wait().exitCode, -SIGINT);
}

TEST(Process, endsAProgramThatDoesNot) {
  Process sleeper({{"sh", "-c", "exec sleep 600"}, {}});
  EXPECT_THROW(sleeper.wait(std::chrono::milliseconds(10)), std::runtime_error);
}

TEST(Process, canStopReadingTheOutput) {
  Process endless({{"yes"}, {}});
  endless.readLine();
  endless.closeOutput();
  EXPECT_EQ(endless.wait().exitCode, -SIGPIPE);
}

TEST(Process, givesTheChildItsEnvironment) {
  setenv("CHATAPPS_REGION", "atlantis", 1);
  EXPECT_EQ(run({{"sh", "-c", "echo $WORD-$CHATAPPS_REGION"}, {{"WORD", "x"}}}).out, "x-\n");
  unsetenv("CHATAPPS_REGION");
}

TEST(Process, saysWhenAProgramDoesNotExist) { EXPECT_THROW(run({{"/nonexistent/program"}, {}}), std::runtime_error); }
