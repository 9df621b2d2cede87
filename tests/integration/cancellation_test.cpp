// Row 60 of the fault matrix: a cancelled call comes back at once, wherever it was.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "support/caught.hpp"
#include "support/deaf_port.hpp"
#include "support/event_log.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/quick_client.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

/// Cancels a call once `isThere` says that it has come to the place, on the caller's thread and asynchronously, and
/// expects it back in a moment.
CancelledError cancelOnce(const ChatAppsClient& client, bool asynchronous, const std::function<bool()>& isThere) {
  CancellationSource source;
  CallOptions call;
  call.cancellation = source.token();
  std::future<MessageDetails> future = asynchronous ? client.getMessageDetailsAsync(kSubAccount, kUmid, call)
                                                    : std::async(std::launch::async, [&client, call] {
                                                        return client.getMessageDetails(kSubAccount, kUmid, call);
                                                      });
  EXPECT_TRUE(isThere());
  EXPECT_EQ(future.wait_for(0ms), std::future_status::timeout) << "it ended before it was cancelled";
  const auto start = steady_clock::now();
  source.cancel();
  auto error = caught<CancelledError>([&] { future.get(); });
  const std::chrono::duration<double, std::milli> took = steady_clock::now() - start;
  std::printf("  back after %.2f ms\n", took.count());
  EXPECT_LT(took, 500ms);
  EXPECT_FALSE(error.retryable());
  return error;
}

bool afterAWhile() {
  std::this_thread::sleep_for(50ms);
  return true;
}

class Cancelled : public ::testing::TestWithParam<bool> {
 protected:
  CancelledError cancelled(const ChatAppsClient& client, const std::function<bool()>& isThere) {
    return cancelOnce(client, GetParam(), isThere);
  }
};

TEST_P(Cancelled, row60_inTheQueue) {
  FaultServer server(answerEach(detailsAnswer));
  const ChatAppsClient client(pacedOptions(server.url(), 0.1));
  client.getMessageDetails(kSubAccount, kUmid);
  const auto error = cancelled(client, afterAWhile);
  EXPECT_EQ(error.attempts(), 0);
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_EQ(server.requestCount(), 1u);
}

TEST_P(Cancelled, row60_inBackoff) {
  FaultServer server(answerEach([](const SeenRequest&) { return httpAnswer(503, "", "Retry-After: 10\r\n"); }));
  const auto log = std::make_shared<EventLog>();
  const ChatAppsClient client(quickOptions(server.url(), log));
  const auto error = cancelled(client, [&] { return server.waitForRequests(1) && afterAWhile(); });
  EXPECT_EQ(log->retries().size(), 1u);
  EXPECT_EQ(error.attempts(), 1);
}

TEST_P(Cancelled, row60_inALaneThatIsHeld) {
  FaultServer server(answerEach([](const SeenRequest&) { return httpAnswer(429, "", "Retry-After: 10\r\n"); }));
  const auto log = std::make_shared<EventLog>();
  const ChatAppsClient client(pacedOptions(server.url(), 100, log));
  cancelled(client, [&] { return server.waitForRequests(1) && afterAWhile(); });
  EXPECT_EQ(log->held().size(), 1u);
}

TEST_P(Cancelled, row60_inConnect) {
  const DeafPort deaf;
  const ChatAppsClient client(quickOptions("http://127.0.0.1:" + std::to_string(deaf.port())));
  EXPECT_EQ(cancelled(client, afterAWhile).delivery(), Delivery::NotSent);
}

TEST_P(Cancelled, row60_inTheTlsHandshake) {
  std::promise<void> helloCame;
  FaultServer server([&](Connection& connection) {
    if (connection.readSome().empty()) return;
    helloCame.set_value();
    connection.waitForClientToLeave();
  });
  const ChatAppsClient client(quickOptions(server.url("https")));
  const auto error = cancelled(client, [hello = helloCame.get_future().share()] {
    return hello.wait_for(10s) == std::future_status::ready && afterAWhile();
  });
  EXPECT_GT(server.bytesReceived(), 100u) << "the ClientHello";
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_TRUE(server.waitForClosedConnections(1));
}

TEST_P(Cancelled, row60_beforeTheHeaders) {
  FaultServer server([](Connection& connection) {
    if (connection.readRequest()) connection.waitForClientToLeave();
  });
  const ChatAppsClient client(quickOptions(server.url()));
  const auto error = cancelled(client, [&] { return server.waitForRequests(1); });
  EXPECT_EQ(error.delivery(), Delivery::MaybeSent);
  EXPECT_EQ(error.attempts(), 1);
  EXPECT_TRUE(server.waitForClosedConnections(1)) << "the connection of a cancelled call is still open";
}

TEST_P(Cancelled, row60_inTheHeaders) {
  FaultServer server([](Connection& connection) {
    if (!connection.readRequest()) return;
    connection.send("HTTP/1.1 200 OK\r\nContent-Ty");
    connection.waitForClientToLeave();
  });
  const ChatAppsClient client(quickOptions(server.url()));
  cancelled(client, [&] { return server.waitForRequests(1) && afterAWhile(); });
  EXPECT_TRUE(server.waitForClosedConnections(1));
}

TEST_P(Cancelled, row60_inTheBody) {
  FaultServer server([](Connection& connection) {
    if (!connection.readRequest()) return;
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"data\":[");
    connection.waitForClientToLeave();
  });
  const ChatAppsClient client(quickOptions(server.url()));
  cancelled(client, [&] { return server.waitForRequests(1) && afterAWhile(); });
  EXPECT_TRUE(server.waitForClosedConnections(1));
}

TEST_P(Cancelled, beforeItBegins) {
  FaultServer server(answerEach(detailsAnswer));
  const ChatAppsClient client(quickOptions(server.url()));
  CancellationSource source;
  source.cancel();
  CallOptions call;
  call.cancellation = source.token();
  caught<CancelledError>([&] {
    if (GetParam()) client.getMessageDetailsAsync(kSubAccount, kUmid, call).get();
    client.getMessageDetails(kSubAccount, kUmid, call);
  });
  EXPECT_EQ(server.requestCount(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Faults, Cancelled, ::testing::Bool(), [](const auto& test) {
  return std::string(test.param ? "asynchronous" : "onTheCallersThread");
});

}  // namespace
}  // namespace chatapps::support
