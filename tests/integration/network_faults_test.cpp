// Rows 1 to 3 and 6 to 9 of the fault matrix: what the network does to a connection.
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <ostream>
#include <string>

#include "support/caught.hpp"
#include "support/deaf_port.hpp"
#include "support/delaying_proxy.hpp"
#include "support/event_log.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/quick_client.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

TEST(Faults, row01_aRefusedConnectionIsRetriedAndNothingIsSent) {
  const ReservedPort nobodyListens;
  const auto log = std::make_shared<EventLog>();
  const auto error = caught<TransportError>(
      [&] { get(quickOptions("http://127.0.0.1:" + std::to_string(nobodyListens.number()), log)); });
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_TRUE(error.retryable());
  EXPECT_EQ(error.osError(), ECONNREFUSED);
  EXPECT_NE(std::string(error.what()).find("127.0.0.1"), std::string::npos) << error.what();
  EXPECT_EQ(log->retries().size(), 3u);
}

TEST(Faults, row02_aConnectionThatNeverComesAboutEndsAtTheConnectTimeout) {
  const DeafPort deaf;
  const auto log = std::make_shared<EventLog>();
  ClientOptions options = quickOptions("http://127.0.0.1:" + std::to_string(deaf.port()), log);
  options.connectTimeout = 200ms;
  options.retry.maxAttempts = 2;
  const auto start = steady_clock::now();
  const auto error = caught<TimeoutError>([&] { get(options); });
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_FALSE(error.wouldWait());
  EXPECT_EQ(log->retries().size(), 1u);
  EXPECT_GE(steady_clock::now() - start, 390ms);
  EXPECT_LT(steady_clock::now() - start, 2s);
}

TEST(Faults, row02_theDeadlineEndsAConnectionThatNeverComesAbout) {
  const DeafPort deaf;
  ClientOptions options = quickOptions("http://127.0.0.1:" + std::to_string(deaf.port()));
  options.timeout = 300ms;
  const auto start = steady_clock::now();
  const auto error = caught<TimeoutError>([&] { get(options); });
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_LT(steady_clock::now() - start, 1s);
}

TEST(Faults, row03_withoutARouteTheErrorNumberIsKept) {
  // TCP has no way to a multicast address, whatever routes the machine has: nothing leaves it.
  const auto log = std::make_shared<EventLog>();
  ClientOptions options = quickOptions("https://224.0.0.1", log);
  options.proxy = "";
  const auto error = caught<TransportError>([&] { get(options); });
  EXPECT_EQ(error.osError(), ENETUNREACH);
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_TRUE(error.retryable());
  EXPECT_NE(std::string(error.what()).find("224.0.0.1"), std::string::npos) << error.what();
  EXPECT_EQ(log->retries().size(), 3u);
}

class DeadBeforeTheFirstByte : public ::testing::TestWithParam<const char*> {};

TEST_P(DeadBeforeTheFirstByte, row06_isRetriedAndMayHaveBeenSent) {
  const bool reset = std::string(GetParam()) == "reset";
  FaultServer server([reset](Connection& connection) {
    if (connection.readRequest() && reset) connection.reset();
  });
  const auto error = caught<TransportError>([&] { get(quickOptions(server.url())); });
  EXPECT_EQ(error.delivery(), Delivery::MaybeSent);
  EXPECT_TRUE(error.retryable());
  EXPECT_EQ(error.attempts(), 4);
  EXPECT_EQ(server.requestCount(), 4u);
  EXPECT_EQ(server.connections(), 4u);
}

INSTANTIATE_TEST_SUITE_P(Faults, DeadBeforeTheFirstByte, ::testing::Values("reset", "closed"),
                         [](const auto& test) { return std::string(test.param); });

/// Each connection answers one request and dies on the second, before the first byte of its answer.
Script staleAfterOne(bool reset) {
  return [reset](Connection& connection) {
    if (!connection.readRequest() || !connection.send(detailsAnswer(connection.request()))) return;
    if (connection.readRequest() && reset) connection.reset();
  };
}

class StalePooledConnection : public ::testing::TestWithParam<const char*> {};

TEST_P(StalePooledConnection, row07_isOneRequestPerSlotTwoAttemptsAndSuccess) {
  FaultServer server(staleAfterOne(std::string(GetParam()) == "reset"));
  const auto log = std::make_shared<EventLog>();
  const ChatAppsClient client(pacedOptions(server.url(), 1000, log));
  EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).size(), 1u);
  EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).size(), 1u);

  EXPECT_EQ(server.requestsOn(0), 2u) << "the second request has to meet the stale connection";
  EXPECT_EQ(server.requestCount(), 3u);
  EXPECT_EQ(server.requestCount(), log->slots().size()) << "a request without a slot of its own left";
  ASSERT_EQ(log->calls().size(), 2u);
  EXPECT_EQ(log->calls()[0].attempts, 1);
  EXPECT_EQ(log->calls()[1].attempts, 2);
}

TEST_P(StalePooledConnection, row07_isNeverSentTwiceForOneSlotHoweverOftenItHappens) {
  FaultServer server(staleAfterOne(std::string(GetParam()) == "reset"));
  const auto log = std::make_shared<EventLog>();
  const ChatAppsClient client(pacedOptions(server.url(), 1000, log));
  std::size_t succeeded = 0;
  for (int i = 0; i < 20; ++i) {
    try {
      succeeded += client.getMessageDetails(kSubAccount, kUmid).size();
    } catch (const TransportError&) {
      // Once the retry budget is spent, a stale connection is an error like any other.
    }
  }
  EXPECT_GE(succeeded, 11u);
  EXPECT_EQ(server.requestCount(), log->slots().size());
  EXPECT_GE(log->retries().size(), 10u);
}

INSTANTIATE_TEST_SUITE_P(Faults, StalePooledConnection, ::testing::Values("reset", "closed"),
                         [](const auto& test) { return std::string(test.param); });

TEST(Faults, row07_aConnectionThatWasClosedWhileIdleCostsNoAttempt) {
  FaultServer server([](Connection& connection) {
    if (connection.readRequest()) connection.send(detailsAnswer(connection.request()));
  });
  const auto log = std::make_shared<EventLog>();
  const ChatAppsClient client(pacedOptions(server.url(), 1000, log));
  for (std::size_t i = 1; i <= 5; ++i) {
    EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).size(), 1u);
    ASSERT_TRUE(server.waitForClosedConnections(i));
  }
  EXPECT_EQ(server.requestCount(), 5u);
  EXPECT_EQ(log->slots().size(), 5u);
}

/// A server that stops somewhere between the connection and the last byte.
struct Stall {
  const char* name;
  Script script;
};

void PrintTo(const Stall& stall, std::ostream* out) { *out << stall.name; }

class Stalls : public ::testing::TestWithParam<Stall> {};

TEST_P(Stalls, row08_endInATimeoutAtTheDeadlineAndMayHaveBeenSent) {
  FaultServer server(GetParam().script);
  ClientOptions options = quickOptions(server.url());
  options.timeout = 300ms;
  const auto start = steady_clock::now();
  const auto error = caught<TimeoutError>([&] { get(options); });
  const auto took = steady_clock::now() - start;
  EXPECT_EQ(error.delivery(), Delivery::MaybeSent);
  EXPECT_FALSE(error.wouldWait());
  EXPECT_EQ(error.attempts(), 1);
  EXPECT_GE(took, 295ms);
  EXPECT_LT(took, 1s);
  EXPECT_EQ(server.requestCount(), 1u);
  EXPECT_TRUE(server.waitForClosedConnections(1)) << "the connection of a call that timed out is still open";
}

INSTANTIATE_TEST_SUITE_P(Faults, Stalls,
                         ::testing::Values(Stall{"silence",
                                                 [](Connection& connection) {
                                                   if (connection.readRequest()) connection.waitForClientToLeave();
                                                 }},
                                           Stall{"slowHeaders",
                                                 [](Connection& connection) {
                                                   if (!connection.readRequest()) return;
                                                   if (connection.send("HTTP/1.1 200 OK\r\n"))
                                                     connection.sendSlowly(std::string(100'000, 'x'), 20ms);
                                                 }},
                                           Stall{"slowBody",
                                                 [](Connection& connection) {
                                                   if (connection.readRequest())
                                                     connection.sendSlowly(detailsAnswer(connection.request()), 20ms);
                                                 }},
                                           Stall{"halfABody",
                                                 [](Connection& connection) {
                                                   if (!connection.readRequest()) return;
                                                   const std::string answer = detailsAnswer(connection.request());
                                                   connection.send(answer.substr(0, answer.size() - 20));
                                                   connection.waitForClientToLeave();
                                                 }}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Faults, row09_anAnswerInSlicesOfOneByteIsRead) {
  FaultServer server([](Connection& connection) {
    while (connection.readRequest() && connection.sendSlowly(detailsAnswer(connection.request()), 0ms)) {
    }
  });
  const ChatAppsClient client(quickOptions(server.url()));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).at(0).umid, kUmid);
  EXPECT_EQ(server.requestCount(), 3u);
  EXPECT_EQ(server.connections(), 1u);
}

TEST(Faults, row09_aLongAndUnevenWayIsNoReasonToFail) {
  FaultServer server([](Connection& connection) {
    while (connection.readRequest() && connection.sendSlowly(detailsAnswer(connection.request()), 0ms, 50)) {
    }
  });
  const DelayingProxy proxy(server.port(), {3ms, 5ms, 0.1, 30ms});
  const ChatAppsClient client(quickOptions(proxy.url()));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).at(0).umid, kUmid);
  EXPECT_EQ(server.requestCount(), 20u);
}

TEST(Faults, row09_aThirdOfAllAnswersResetIsSuccessOrATypedErrorAndNeverAMisparse) {
  FaultServer server([](Connection& connection) {
    while (connection.readRequest()) {
      const std::string answer = detailsAnswer(connection.request());
      const std::size_t number = connection.request().number;
      if (number % 3 == 2) {
        connection.send(answer.substr(0, number * 37 % answer.size()));
        connection.reset();
      } else {
        connection.send(answer);
      }
    }
  });
  ClientOptions options = quickOptions(server.url());
  options.retry.maxAttempts = 2;
  const ChatAppsClient client(options);
  int succeeded = 0, failed = 0;
  for (int i = 0; i < 100; ++i) {
    try {
      EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).at(0).umid, kUmid);
      ++succeeded;
    } catch (const ChatAppsError& error) {
      EXPECT_TRUE(error.retryable()) << error.what();
      ++failed;
    }
  }
  EXPECT_GE(server.requestCount(), 110u);
  EXPECT_GT(succeeded, 60);
  EXPECT_EQ(succeeded + failed, 100);
}

}  // namespace
}  // namespace chatapps::support
