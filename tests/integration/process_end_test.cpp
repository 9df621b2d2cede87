// Row 55 of the fault matrix: programs that end, and libraries that are unloaded.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <string>

#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/nginx.hpp"
#include "support/process.hpp"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

namespace chatapps::support {
namespace {

TEST(Faults, row55_exitEndsTheCallsOfAStaticClientOnceAndCleanly) {
  FaultServer server([](Connection& connection) {
    if (!connection.readRequest()) return;
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"data\":[");
    connection.waitForClientToLeave();
  });
  Process program({{CHATAPPS_STATIC_CLIENT, server.url(), "10"}, {}});
  ASSERT_TRUE(server.waitForRequests(10));
  program.write("\n");
  const Finished end = program.waitForEnd(std::chrono::seconds(10));
  EXPECT_EQ(end.exitCode, 0);
  EXPECT_EQ(end.err, "");
  EXPECT_EQ(end.out, "12 calls ended\n");
  EXPECT_TRUE(server.waitForClosedConnections(10));
}

// OpenSSL ends with exit() as well, and earlier than what was made before it: a thread that still talks would crash.
TEST(Faults, row55_exitEndsTheCallsBeforeTlsEnds) {
  FaultServer server(answerEach(detailsAnswer));
  const Nginx nginx(server.url());
  for (std::size_t round = 1; round <= 4; ++round) {
    Process program({{CHATAPPS_STATIC_CLIENT, nginx.url("right"), "3000", certificates().file("ca.pem")}, {}});
    ASSERT_TRUE(server.waitForRequests(server.requestCount() + 50));
    program.write("\n");
    const Finished end = program.waitForEnd(std::chrono::seconds(30));
    ASSERT_EQ(end.exitCode, 0);
    ASSERT_EQ(end.err, "");
    ASSERT_EQ(end.out, "3002 calls ended\n");
  }
}

TEST(Faults, row55_aLibraryThatWasUsedCanBeUnloadedAndLoadedAgain) {
#if defined(__SANITIZE_ADDRESS__)
  __lsan_disable();  // the lanes of a process are never destroyed: with the library goes the last pointer to them
#endif
  FaultServer server(answerEach(detailsAnswer));
  for (std::size_t i = 1; i <= 3; ++i) {
    void* const plugin = ::dlopen(CHATAPPS_PLUGIN, RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(plugin, nullptr) << ::dlerror();
    auto* const callTwice = reinterpret_cast<int (*)(const char*)>(::dlsym(plugin, "callTwice"));
    ASSERT_NE(callTwice, nullptr);
    EXPECT_EQ(callTwice(server.url().c_str()), 2);
    EXPECT_EQ(::dlclose(plugin), 0);
    EXPECT_EQ(::dlopen(CHATAPPS_PLUGIN, RTLD_NOW | RTLD_NOLOAD), nullptr) << "something keeps it loaded";
    EXPECT_TRUE(server.waitForClosedConnections(server.connections()));
    EXPECT_EQ(server.requestCount(), 2 * i);
  }
#if defined(__SANITIZE_ADDRESS__)
  __lsan_enable();
#endif
}

}  // namespace
}  // namespace chatapps::support
