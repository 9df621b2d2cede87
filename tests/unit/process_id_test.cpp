// Every child is told from its parent, also one that no handler of fork() hears of.
#include "process_id.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>

#include <csignal>
#endif

namespace chatapps {
namespace {

/// In the child `process` is 0.
void expectItKnowsItself(pid_t process) {
  if (process == 0) _exit(processId() == getpid() && processId() == getpid() ? 0 : 1);
  ASSERT_GT(process, 0);
  int status = -1;
  ASSERT_EQ(waitpid(process, &status, 0), process);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(processId(), getpid());
}

TEST(ProcessId, isTheSystems) {
  EXPECT_EQ(processId(), getpid());
  EXPECT_EQ(processId(), getpid());
}

TEST(ProcessId, isAChildsOwn) {
  ASSERT_EQ(processId(), getpid());  // so that there is something to inherit
  expectItKnowsItself(fork());
}

#ifdef __linux__
TEST(ProcessId, isThatOfAChildMadeBehindTheLibrarysBack) {
  ASSERT_EQ(processId(), getpid());
  expectItKnowsItself(static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr)));
}
#endif

}  // namespace
}  // namespace chatapps
