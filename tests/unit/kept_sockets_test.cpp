// What a server says unasked over a kept connection, by real sockets.
#include "http/kept_sockets.hpp"
#include <gtest/gtest.h>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace chatapps::http {
namespace {

constexpr long kPort = 40'000;

/// A connection: our end, and the server's.
struct Connected {
  Connected() {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    ours = ends[0], theirs = ends[1];
  }
  Connected(const Connected&) = delete;
  Connected& operator=(const Connected&) = delete;
  ~Connected() { close(theirs); }

  int ours, theirs;
};

TEST(KeptSockets, tellWhenTheServerHasSpokenOrHungUp) {
  KeptSockets sockets;
  EXPECT_FALSE(sockets.hasUnreadBytes(kPort));
  const Connected one;
  sockets.remember(kPort, one.ours);
  EXPECT_FALSE(sockets.hasUnreadBytes(kPort));
  ASSERT_EQ(write(one.theirs, "x", 1), 1);
  EXPECT_TRUE(sockets.hasUnreadBytes(kPort));
  EXPECT_TRUE(sockets.hasUnreadBytes(kPort)) << "looking at it took it away";
  EXPECT_FALSE(sockets.hasUnreadBytes(kPort + 1));
  EXPECT_EQ(KeptSockets::close(&sockets, one.ours), 0);

  const Connected other;
  sockets.remember(kPort, other.ours);
  shutdown(other.theirs, SHUT_RDWR);
  EXPECT_TRUE(sockets.hasUnreadBytes(kPort));
  EXPECT_EQ(KeptSockets::close(&sockets, other.ours), 0);
}

TEST(KeptSockets, aSocketThatIsClosedIsForgotten) {
  KeptSockets sockets;
  const Connected one;
  const int number = one.ours;
  sockets.remember(kPort, number);
  sockets.remember(kPort + 1, number);  // as where nobody told of the first one's end
  EXPECT_EQ(KeptSockets::close(&sockets, number), 0);
  EXPECT_EQ(fcntl(number, F_GETFD), -1) << "it is still open";

  const Connected next;  // a descriptor is given out again at once
  ASSERT_EQ(next.ours, number);
  ASSERT_EQ(write(next.theirs, "x", 1), 1);
  EXPECT_FALSE(sockets.hasUnreadBytes(kPort));
  EXPECT_FALSE(sockets.hasUnreadBytes(kPort + 1));
  EXPECT_EQ(KeptSockets::close(&sockets, next.ours), 0);
}

}  // namespace
}  // namespace chatapps::http
