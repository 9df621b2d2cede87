// Rows 56 to 58 of the fault matrix: fork, signals and descriptors.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <future>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/caught.hpp"
#include "support/delaying_proxy.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/nginx.hpp"
#include "support/quick_client.hpp"
#include "support/sanitized.hpp"
#include "support/umid_number.hpp"

#if defined(__SANITIZE_THREAD__)
// ThreadSanitizer allows no threads in a child of fork() unless asked to.
extern "C" const char* __tsan_default_options() { return "die_after_fork=0"; }
#endif

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

/// Calls of both kinds; how many brought what they asked for.
int callAround(const ChatAppsClient& client, const std::string& side, int first) {
  CallOptions call;
  call.headers = {{"X-Side", side}};
  int good = 0;
  for (int i = first; i < first + 10; ++i) {
    auto asynchronous = client.getMessageDetailsAsync(kSubAccount, umidNumber(1000 + i), call);
    if (client.getMessageDetails(kSubAccount, umidNumber(i), call).at(0).umid == umidNumber(i)) ++good;
    if (asynchronous.get().at(0).umid == umidNumber(1000 + i)) ++good;
  }
  return good;
}

TEST(Faults, row56_afterForkBothSidesGoOnAndNeverShareAConnection) {
  FaultServer server(answerEach(detailsAnswer));
  const ChatAppsClient client(quickOptions(server.url()));
  EXPECT_EQ(callAround(client, "parent", 0), 20);
  std::vector<pid_t> children;
  for (int i = 0; i < 5; ++i) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      int good = 0;
      try {
        good = callAround(client, "child-" + std::to_string(i), 100 + 20 * i);
      } catch (const std::exception& error) {
        std::fprintf(stderr, "in the child: %s\n", error.what());
      }
      ::_exit(good == 20 ? 0 : 1);
    }
    children.push_back(child);
    EXPECT_EQ(callAround(client, "parent", 500 + 20 * i), 20);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "status " << status;
  }
  EXPECT_EQ(server.requestCount(), 220u);

  std::map<std::size_t, std::set<std::string>> sides;
  for (const SeenRequest& request : server.requests()) sides[request.connection].insert(headerOf(request, "X-Side"));
  for (const auto& [connection, users] : sides)
    EXPECT_EQ(users.size(), 1u) << "connection " << connection << " was used by both sides";
}

TEST(Faults, row56_forkInTheMidstOfCallsLocksNobodyOut) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "a child of fork() may wait for good for the lock of AddressSanitizer's own allocator";
#endif
  FaultServer server(answerEach(detailsAnswer));
  const ChatAppsClient client(pacedOptions(server.url(), 100'000));
  std::atomic<bool> over{false};
  std::atomic<int> answered{0};
  std::vector<std::thread> busy;
  for (int i = 0; i < 3; ++i) {
    busy.emplace_back([&, i] {
      while (!over) {
        const std::string subAccount = "busy-" + std::to_string(i) + "-" + std::to_string(answered % 100);
        answered += static_cast<int>(client.getMessageDetailsAsync(subAccount, kUmid).get().size());
        answered += static_cast<int>(client.getMessageDetails(subAccount, kUmid).size());
      }
    });
  }
  int good = 0;
  for (int i = 0; i < 30; ++i) {
    const int before = answered;
    while (answered < before + 5) std::this_thread::yield();
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::alarm(20);  // a lock that nobody lets go of any more must not hang the test
      std::size_t found = 0;
      try {
        found = client.getMessageDetails("child", kUmid).size() +
                client.getMessageDetailsAsync("child", kUmid).get().size();
      } catch (const std::exception& error) {
        std::fprintf(stderr, "in the child: %s\n", error.what());
      }
      ::_exit(found == 2 ? 0 : 1);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) ++good;
  }
  over = true;
  for (std::thread& thread : busy) thread.join();
  EXPECT_EQ(good, 30);
  EXPECT_GT(answered, 150);
}

std::atomic<int> signals{0};
void countSignal(int) { ++signals; }

/// A handler of the program's own, for a test. It interrupts system calls.
class OwnHandler {
 public:
  explicit OwnHandler(int number) : number_(number) {
    signals = 0;
    struct sigaction own {};
    own.sa_handler = &countSignal;
    ::sigaction(number, &own, &before_);
  }
  OwnHandler(const OwnHandler&) = delete;
  OwnHandler& operator=(const OwnHandler&) = delete;
  ~OwnHandler() { ::sigaction(number_, &before_, nullptr); }

  bool isInPlace() const {
    struct sigaction now {};
    ::sigaction(number_, nullptr, &now);
    return now.sa_handler == &countSignal;
  }

 private:
  int number_;
  struct sigaction before_ {};
};

TEST(Faults, row57_aConnectionThatWasResetRaisesNoSigpipeAndTouchesNoHandler) {
  FaultServer api(answerEach(detailsAnswer));
  Nginx nginx(api.url());
  // TLS says goodbye on a connection that is to be closed, and on one that was reset that is a write into a broken
  // pipe.
  DelayingProxy proxy(nginx.port("right"), {});
  ClientOptions options = quickOptions("https://localhost:" + std::to_string(proxy.port()));
  options.tls.caFile = certificates().file("ca.pem");
  const OwnHandler handler(SIGPIPE);
  {
    const ChatAppsClient client(options);
    for (std::size_t i = 1; i <= 6; ++i) {
      const MessageDetails details = i % 2 == 0 ? client.getMessageDetails(kSubAccount, kUmid)
                                                : client.getMessageDetailsAsync(kSubAccount, kUmid).get();
      EXPECT_EQ(details.size(), 1u);
      EXPECT_EQ(proxy.connections(), i) << "each reset has to cost a connection";
      proxy.resetClients();
    }
  }
  EXPECT_EQ(signals, 0);
  EXPECT_TRUE(handler.isInPlace());
}

TEST(Faults, row57_theHandlerIsNotChangedForAMomentEither) {
  FaultServer server(answerEach(detailsAnswer));
  const ChatAppsClient client(quickOptions(server.url()));
  const OwnHandler handler(SIGPIPE);
  std::atomic<bool> over{false};
  std::atomic<int> others{0};
  std::thread looker([&] {
    while (!over) others += handler.isInPlace() ? 0 : 1;
  });
  for (int i = 0; i < 500; ++i) client.getMessageDetails(kSubAccount, kUmid);
  over = true;
  looker.join();
  EXPECT_EQ(others, 0);
}

TEST(Faults, row57_aServerThatClosesBeforeTheRequestRaisesNoSigpipe) {
  FaultServer server([](Connection& connection) { connection.reset(); });
  const OwnHandler handler(SIGPIPE);
  for (int i = 0; i < 20; ++i) caught<TransportError>([&] { get(quickOptions(server.url())); });
  EXPECT_EQ(signals, 0);
  EXPECT_TRUE(handler.isInPlace());
  EXPECT_GE(server.connections(), 20u);
}

TEST(Faults, row58_aStormOfSignalsEndsNoCallEarly) {
  FaultServer server([](Connection& connection) {
    while (connection.readRequest() && connection.pause(200ms) &&
           connection.send(detailsAnswer(connection.request()))) {
    }
  });
  const OwnHandler handler(SIGALRM);
  const itimerval storm{{0, 500}, {0, 500}}, calm{};
  ClientOptions options = pacedOptions(server.url(), 10);
  options.timeout = 2s;
  const ChatAppsClient client(options);
  ::setitimer(ITIMER_REAL, &storm, nullptr);
  const auto start = steady_clock::now();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).size(), 1u);
  const auto took = steady_clock::now() - start;
  options.timeout = 150ms;
  caught<TimeoutError>([&] { ChatAppsClient(options).getMessageDetails("another", kUmid); });
  ::setitimer(ITIMER_REAL, &calm, nullptr);
  EXPECT_GE(took, 590ms);
  EXPECT_LT(took, 2s);
  EXPECT_GT(signals, 100);
}

/// Opens descriptors until `count` are open, and closes them at its end.
class OpenDescriptors {
 public:
  explicit OpenDescriptors(std::size_t count) {
    while (all_.size() < count) {
      const int descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
      if (descriptor < 0) break;
      all_.push_back(descriptor);
    }
  }
  OpenDescriptors(const OpenDescriptors&) = delete;
  OpenDescriptors& operator=(const OpenDescriptors&) = delete;
  ~OpenDescriptors() {
    for (const int descriptor : all_) ::close(descriptor);
  }
  int highest() const { return all_.back(); }

 private:
  std::vector<int> all_;
};

/// Another soft limit of descriptors, for a test.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(rlim_t limit) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit changed{limit, before_.rlim_max};
    isSet_ = ::setrlimit(RLIMIT_NOFILE, &changed) == 0;
  }
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;
  ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  bool isSet() const { return isSet_; }

 private:
  rlimit before_{};
  bool isSet_ = false;
};

TEST(Faults, row58_descriptorsAbove1024Work) {
  const DescriptorLimit limit(4096);
  ASSERT_TRUE(limit.isSet());
  const OpenDescriptors many(1100);
  ASSERT_GT(many.highest(), 1024);
  FaultServer server(answerEach(detailsAnswer));
  const ChatAppsClient client(quickOptions(server.url()));
  EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).size(), 1u);
  EXPECT_EQ(client.getMessageDetailsAsync(kSubAccount, kUmid).get().size(), 1u);
}

TEST(Faults, row58_withoutAFreeDescriptorACallIsATransportErrorAndTheNextOneWorks) {
  if (kSanitized)
    GTEST_SKIP() << "a sanitizer needs a descriptor of its own to look at an object or at its suppressions";
  // Closes each connection after its answer, and says so: the client lets go of it at once.
  FaultServer server([](Connection& connection) {
    if (!connection.readRequest()) return;
    connection.send(httpAnswer(200, detailsBody(kSubAccount, umidOf(connection.request())), "Connection: close\r\n"));
    connection.waitForClientToLeave();
  });
  ClientOptions options = quickOptions(server.url());
  options.retry.maxAttempts = 1;
  options.timeout = 5s;
  const ChatAppsClient used(options), unused(options);
  EXPECT_EQ(used.getMessageDetails(kSubAccount, kUmid).size(), 1u);
  EXPECT_EQ(used.getMessageDetailsAsync(kSubAccount, kUmid).get().size(), 1u);
  ASSERT_TRUE(server.waitForClosedConnections(2));
  {
    const DescriptorLimit limit(256);
    ASSERT_TRUE(limit.isSet());
    const OpenDescriptors rest(1000);
    ASSERT_LT(rest.highest(), 256);
    ASSERT_EQ(::open("/dev/null", O_RDONLY | O_CLOEXEC), -1);
    ASSERT_EQ(errno, EMFILE);
    for (const ChatAppsClient* client : {&used, &unused}) {
      const auto error = caught<TransportError>([&] { client->getMessageDetails(kSubAccount, kUmid); });
      EXPECT_EQ(error.delivery(), Delivery::NotSent);
      caught<TransportError>([&] { client->getMessageDetailsAsync(kSubAccount, kUmid).get(); });
    }
    EXPECT_EQ(server.connections(), 2u);
  }
  for (const ChatAppsClient* client : {&used, &unused}) {
    EXPECT_EQ(client->getMessageDetails(kSubAccount, kUmid).size(), 1u);
    EXPECT_EQ(client->getMessageDetailsAsync(kSubAccount, kUmid).get().size(), 1u);
  }
}

TEST(Faults, row58_whatWasMadeWithoutAFreeDescriptorHearsOfACancellationAllTheSame) {
  if (kSanitized)
    GTEST_SKIP() << "a sanitizer needs a descriptor of its own to look at an object or at its suppressions";
  FaultServer server([](Connection& connection) {
    while (connection.readRequest()) {
    }
  });
  const ChatAppsClient client(quickOptions(server.url()));
  CallOptions brief;
  brief.timeout = 200ms;
  {
    const DescriptorLimit limit(256);
    ASSERT_TRUE(limit.isSet());
    const OpenDescriptors rest(1000);
    ASSERT_EQ(::open("/dev/null", O_RDONLY | O_CLOEXEC), -1);
    caught<TransportError>([&] { client.getMessageDetailsAsync(kSubAccount, kUmid, brief).get(); });
  }
  CancellationSource source;
  CallOptions call;
  call.cancellation = source.token();
  auto answer = client.getMessageDetailsAsync(kSubAccount, kUmid, call);
  ASSERT_TRUE(server.waitForRequests(1));
  std::this_thread::sleep_for(500ms);  // until libcurl has no timeouts of its own left, at which it would look up
  const auto start = steady_clock::now();
  source.cancel();
  caught<CancelledError>([&] { answer.get(); });
  EXPECT_LT(steady_clock::now() - start, 2s);
}

}  // namespace
}  // namespace chatapps::support
