// Rows 3 to 5 of the fault matrix, row 9 with two addresses, and row 60 in DNS: networks without a way, and name
// servers that say no, or nothing. Runs inside of `support/dns_namespace.sh`, as a program of its own.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/caught.hpp"
#include "support/deaf_port.hpp"
#include "support/event_log.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/name_server.hpp"
#include "support/quick_client.hpp"
#include "support/tls_bridge.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr const char* kUnknownHost = "https://chatapps.example";

template <class Duration>
double milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

TEST(NameServerFaults, row03_withoutAnyRouteTheErrorNumberIsKept) {
  const auto log = std::make_shared<EventLog>();
  const auto error = caught<TransportError>([&] { get(quickOptions("https://192.0.2.1", log)); });
  EXPECT_EQ(error.osError(), ENETUNREACH);
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_TRUE(error.retryable());
  EXPECT_EQ(log->retries().size(), 3u);
}

class SayingNo : public ::testing::TestWithParam<NameServer::Answer> {};

TEST_P(SayingNo, row04_isATransportErrorThatNamesTheHostAndIsTriedAgain) {
  const NameServer names(GetParam());
  const auto log = std::make_shared<EventLog>();
  const auto error = caught<TransportError>([&] { get(quickOptions(kUnknownHost, log)); });
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_TRUE(error.retryable());
  EXPECT_NE(std::string(error.what()).find("chatapps.example"), std::string::npos) << error.what();
  EXPECT_EQ(log->retries().size(), 3u);
  EXPECT_GE(names.queries(), 4u);
}

INSTANTIATE_TEST_SUITE_P(NameServerFaults, SayingNo,
                         ::testing::Values(NameServer::Answer::NoSuchName, NameServer::Answer::Failure),
                         [](const auto& test) {
                           return std::string(test.param == NameServer::Answer::Failure ? "failure" : "noSuchName");
                         });

TEST(NameServerFaults, row05_aBlackHoleOutlivesNoDeadline) {
  const NameServer names(NameServer::Answer::None);
  ClientOptions options = quickOptions(kUnknownHost);
  options.timeout = 500ms;
  const ChatAppsClient client(options);
  for (const bool asynchronous : {false, true}) {
    const auto start = steady_clock::now();
    const auto error = caught<TimeoutError>([&] {
      if (asynchronous) client.getMessageDetailsAsync(kSubAccount, kUmid).get();
      client.getMessageDetails(kSubAccount, kUmid);
    });
    std::printf("  a deadline of 500 ms ended after %.1f ms\n", milliseconds(steady_clock::now() - start));
    EXPECT_EQ(error.delivery(), Delivery::NotSent);
    EXPECT_LT(steady_clock::now() - start, 1s);
  }
  EXPECT_GE(names.queries(), 1u);
}

TEST(NameServerFaults, row05_aBlackHoleEndsAtTheConnectTimeoutToo) {
  const NameServer names(NameServer::Answer::None);
  const auto log = std::make_shared<EventLog>();
  ClientOptions options = quickOptions(kUnknownHost, log);
  options.connectTimeout = 300ms;
  options.retry.maxAttempts = 2;
  const auto start = steady_clock::now();
  caught<TimeoutError>([&] { get(options); });
  EXPECT_LT(steady_clock::now() - start, 2s);
  EXPECT_EQ(log->retries().size(), 1u);
  EXPECT_GE(names.queries(), 1u);
}

TEST(NameServerFaults, row05_aBlackHoleDelaysNoOtherCall) {
  const NameServer names(NameServer::Answer::None);
  FaultServer server(answerEach(detailsAnswer));
  ClientOptions options = quickOptions(kUnknownHost);
  options.timeout = 3s;
  const ChatAppsClient lost(options);
  const ChatAppsClient fine(quickOptions(server.url()));
  std::vector<std::future<MessageDetails>> calls;
  for (int i = 0; i < 20; ++i) calls.push_back(lost.getMessageDetailsAsync(kSubAccount, kUmid));
  auto slowest = steady_clock::duration::zero();
  for (const auto begin = steady_clock::now(); steady_clock::now() - begin < 1500ms;) {
    const auto start = steady_clock::now();
    EXPECT_EQ(fine.getMessageDetailsAsync(kSubAccount, kUmid).get().size(), 1u);
    slowest = std::max(slowest, steady_clock::now() - start);
    std::this_thread::sleep_for(10ms);
  }
  std::printf("  the slowest of %zu other calls took %.1f ms\n", server.requestCount(), milliseconds(slowest));
  EXPECT_LT(slowest, 500ms);
  for (auto& call : calls) caught<TimeoutError>([&] { call.get(); });
  EXPECT_GE(names.queries(), 1u);
}

TEST(NameServerFaults, row05_manyLostCallsEndAtTheirOwnDeadlines) {
  const NameServer names(NameServer::Answer::None);
  const ChatAppsClient client(quickOptions(kUnknownHost));
  const auto start = steady_clock::now();
  std::vector<std::future<MessageDetails>> calls;
  for (int i = 1; i <= 50; ++i) {
    CallOptions call;
    call.timeout = std::chrono::milliseconds(40 * i);
    calls.push_back(client.getMessageDetailsAsync(kSubAccount, kUmid, call));
  }
  auto latest = steady_clock::duration::zero();
  for (std::size_t i = 0; i < calls.size(); ++i) {
    caught<TimeoutError>([&] { calls[i].get(); });
    latest = std::max(latest, steady_clock::now() - start - std::chrono::milliseconds(40 * (i + 1)));
  }
  std::printf("  the latest of 50 calls ended %.1f ms after its deadline\n", milliseconds(latest));
  EXPECT_LT(latest, 500ms);
  EXPECT_GE(names.queries(), 1u);
}

TEST(NameServerFaults, row09_aDeadIpv6AddressDelaysTheLivingIpv4OneByAMoment) {
  const NameServer names(NameServer::Answer::Loopback);
  FaultServer server(answerEach(detailsAnswer));
  const TlsBridge tls(server);
  const DeafIpv6Port deaf(tls.port());
  ASSERT_TRUE(deaf.isThere());
  ClientOptions options = quickOptions("https://chatapps.example:" + std::to_string(tls.port()));
  options.tls.verifyPeer = false;
  const auto start = steady_clock::now();
  EXPECT_EQ(get(options).at(0).umid, kUmid);
  const auto took = steady_clock::now() - start;
  std::printf("  IPv4 took over and answered within %.1f ms\n", milliseconds(took));
  EXPECT_GE(took, 150ms) << "IPv6 was not tried";
  EXPECT_LT(took, 1500ms);
  EXPECT_EQ(server.requestCount(), 1u);
}

TEST(NameServerFaults, row53_andRow60_cancellingAndLeavingDoNotWaitForTheNameServer) {
  const NameServer names(NameServer::Answer::None);
  for (const bool asynchronous : {false, true}) {
    std::optional<ChatAppsClient> client(quickOptions(kUnknownHost));
    CancellationSource source;
    CallOptions call;
    call.cancellation = source.token();
    auto future = asynchronous ? client->getMessageDetailsAsync(kSubAccount, kUmid, call)
                               : std::async(std::launch::async,
                                            [&] { return client->getMessageDetails(kSubAccount, kUmid, call); });
    std::this_thread::sleep_for(100ms);
    auto start = steady_clock::now();
    source.cancel();
    caught<CancelledError>([&] { future.get(); });
    std::printf("  cancelled: back after %.1f ms\n", milliseconds(steady_clock::now() - start));
    EXPECT_LT(steady_clock::now() - start, 500ms);

    auto another = client->getMessageDetailsAsync(kSubAccount, kUmid);
    std::this_thread::sleep_for(100ms);
    start = steady_clock::now();
    client.reset();
    std::printf("  the client went in %.1f ms\n", milliseconds(steady_clock::now() - start));
    EXPECT_LT(steady_clock::now() - start, 1s);
    caught<CancelledError>([&] { another.get(); });
  }
  EXPECT_GE(names.queries(), 1u);
}

TEST(NameServerFaults, row65_withProxiesTurnedOffTheEnvironmentsProxyIsNotAsked) {
  const NameServer names(NameServer::Answer::NoSuchName);
  FaultServer proxy([](Connection& connection) { connection.readRequest(); });
  ::setenv("https_proxy", proxy.url().c_str(), 1);
  ClientOptions options = quickOptions(kUnknownHost);
  options.proxy = "";
  caught<TransportError>([&] { get(options); });
  ::unsetenv("https_proxy");
  EXPECT_EQ(proxy.connections(), 0u);
  EXPECT_GE(names.queries(), 1u) << "the host's own address was not looked up";
}

}  // namespace
}  // namespace chatapps::support
