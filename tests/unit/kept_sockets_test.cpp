// What a server says unasked over a kept connection, by real sockets.
#include "http/kept_sockets.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace chatapps::http {
namespace {

sockaddr_in addressOf(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  EXPECT_EQ(getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size), 0);
  return address;
}

/// A connection over loopback: our end, which `sockets` knows of, and the server's.
struct Connected {
  /// Our end gets this number, or any that is free.
  explicit Connected(KeptSockets& sockets, int number = 0) {
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(listener, 1), 0);
    address = addressOf(listener);
    const int made = socket(AF_INET, SOCK_STREAM, 0);
    ours = fcntl(made, F_DUPFD, number);
    close(made);
    EXPECT_EQ(KeptSockets::opened(&sockets, ours, CURLSOCKTYPE_IPCXN), CURL_SOCKOPT_OK);
    EXPECT_EQ(connect(ours, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    theirs = accept(listener, nullptr, nullptr);
    close(listener);
    port = ntohs(addressOf(ours).sin_port);
  }
  Connected(const Connected&) = delete;
  Connected& operator=(const Connected&) = delete;
  ~Connected() { close(theirs); }

  void say() const {
    EXPECT_EQ(write(theirs, "x", 1), 1);
    char byte = 0;
    EXPECT_EQ(recv(ours, &byte, 1, MSG_PEEK), 1);  // it has come
  }

  int ours = -1, theirs = -1;
  long port = 0;
};

TEST(KeptSockets, tellWhetherTheServerHasSpoken) {
  KeptSockets sockets;
  const Connected one(sockets), other(sockets);
  sockets.remember(one.port);
  EXPECT_TRUE(sockets.take(one.port));
  one.say();
  EXPECT_FALSE(sockets.take(one.port));
  EXPECT_FALSE(sockets.take(one.port)) << "looking at it took it away";

  other.say();
  EXPECT_TRUE(sockets.take(other.port)) << "nobody said that it carries one request at a time";
  sockets.remember(other.port);
  EXPECT_FALSE(sockets.take(other.port));
  EXPECT_EQ(KeptSockets::close(&sockets, one.ours), 0);
  EXPECT_EQ(KeptSockets::close(&sockets, other.ours), 0);
}

TEST(KeptSockets, tellWhetherTheServerHasHungUp) {
  KeptSockets sockets;
  const Connected one(sockets);
  sockets.remember(one.port);
  shutdown(one.theirs, SHUT_RDWR);
  char byte = 0;
  EXPECT_EQ(recv(one.ours, &byte, 1, MSG_PEEK), 0);  // it has come
  EXPECT_FALSE(sockets.take(one.port));
  EXPECT_EQ(KeptSockets::close(&sockets, one.ours), 0);
}

TEST(KeptSockets, oneLookServesThemAll) {
  KeptSockets sockets;
  const Connected one(sockets), other(sockets);
  for (const Connected* connected : {&one, &other}) {
    sockets.remember(connected->port);
    sockets.release(connected->port);
  }
  other.say();
  const auto began = std::chrono::steady_clock::now();
  sockets.look();
  one.say();
  const bool mayCarry = sockets.take(one.port);
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_TRUE(mayCarry || took > std::chrono::milliseconds(2)) << "it was looked at again";
  EXPECT_FALSE(sockets.take(one.port)) << "a look serves one request";
  EXPECT_FALSE(sockets.take(other.port));
  EXPECT_EQ(KeptSockets::close(&sockets, one.ours), 0);
  EXPECT_EQ(KeptSockets::close(&sockets, other.ours), 0);
}

TEST(KeptSockets, aLookWhileARequestGoesOverItSaysNothingOfTheNext) {
  KeptSockets sockets;
  const Connected one(sockets);
  sockets.remember(one.port);
  sockets.look();
  one.say();
  EXPECT_FALSE(sockets.take(one.port)) << "its first request";
  sockets.release(one.port);

  char byte = 0;
  EXPECT_EQ(recv(one.ours, &byte, 1, 0), 1);
  EXPECT_TRUE(sockets.take(one.port));
  EXPECT_TRUE(sockets.take(one.port)) << "libcurl sends the next one before it says that one is over";
  sockets.release(one.port);
  sockets.look();
  one.say();
  EXPECT_FALSE(sockets.take(one.port)) << "the second of two";
  EXPECT_EQ(KeptSockets::close(&sockets, one.ours), 0);
}

TEST(KeptSockets, aLookIsTrustedForAMomentOnly) {
  KeptSockets sockets;
  const Connected one(sockets);
  sockets.remember(one.port);
  sockets.release(one.port);
  sockets.look();
  one.say();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_FALSE(sockets.take(one.port));
  EXPECT_EQ(KeptSockets::close(&sockets, one.ours), 0);
}

TEST(KeptSockets, aSocketThatIsClosedIsForgotten) {
  KeptSockets sockets;
  const Connected one(sockets), other(sockets);
  sockets.remember(one.port);
  one.say();
  other.say();
  EXPECT_EQ(KeptSockets::close(&sockets, one.ours), 0);
  EXPECT_EQ(fcntl(one.ours, F_GETFD), -1) << "it is still open";
  ASSERT_EQ(fcntl(other.ours, F_DUPFD, one.ours), one.ours);  // its number is another one's now
  EXPECT_TRUE(sockets.take(one.port));
  close(one.ours);
  EXPECT_EQ(KeptSockets::close(&sockets, other.ours), 0);
}

TEST(KeptSockets, aSocketThatWasClosedWithoutAWordIsForgottenToo) {
  constexpr int kNumber = 200;  // nobody else's
  KeptSockets sockets;
  KeptSockets::opened(&sockets, kNumber, CURLSOCKTYPE_IPCXN);  // and was closed
  const Connected next(sockets, kNumber), other(sockets);
  ASSERT_EQ(next.ours, kNumber);
  sockets.remember(next.port);
  EXPECT_TRUE(sockets.take(next.port));
  next.say();
  EXPECT_FALSE(sockets.take(next.port));
  EXPECT_EQ(KeptSockets::close(&sockets, kNumber), 0);

  other.say();
  ASSERT_EQ(fcntl(other.ours, F_DUPFD, kNumber), kNumber);
  EXPECT_TRUE(sockets.take(next.port));
  close(kNumber);
  EXPECT_EQ(KeptSockets::close(&sockets, other.ours), 0);
}

}  // namespace
}  // namespace chatapps::http
