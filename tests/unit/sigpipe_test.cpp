// SigpipeBlocked: a broken connection raises nothing that the program sees, and the program keeps its own signals.
#include "http/sigpipe.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <unistd.h>

#include <csignal>

namespace chatapps::http {
namespace {

volatile std::sig_atomic_t seen = 0;

class Sigpipe : public ::testing::Test {
 protected:
  void SetUp() override {
    seen = 0;
    before_ = std::signal(SIGPIPE, [](int) { seen = seen + 1; });
    ASSERT_EQ(pipe(ends_), 0);
    close(ends_[0]);
  }
  void TearDown() override {
    close(ends_[1]);
    std::signal(SIGPIPE, before_);
  }
  ssize_t writeIntoNothing() const { return write(ends_[1], "x", 1); }

 private:
  void (*before_)(int) = nullptr;
  int ends_[2] = {-1, -1};
};

TEST_F(Sigpipe, row57_isNotSeenByTheProgramButItsOwnIs) {
  {
    const SigpipeBlocked blocked(true);
    EXPECT_EQ(writeIntoNothing(), -1);
  }
  EXPECT_EQ(seen, 0);
  EXPECT_EQ(writeIntoNothing(), -1);
  EXPECT_EQ(seen, 1);
}

TEST_F(Sigpipe, row57_thatWaitedBeforeStillDoes) {
  sigset_t set, before;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, &before);
  EXPECT_EQ(writeIntoNothing(), -1);
  {
    const SigpipeBlocked blocked(true);
    EXPECT_EQ(writeIntoNothing(), -1);
  }
  EXPECT_EQ(seen, 0);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(seen, 1);
}

}  // namespace
}  // namespace chatapps::http
