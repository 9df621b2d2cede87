// The sandbox program, asked byte by byte.
#include "support/sandbox_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "support/listener.hpp"
#include "support/sandbox_log.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;
using chatapps::support::Finished;
using chatapps::support::Process;
using chatapps::support::SandboxServer;
using chatapps::support::TemporaryFolder;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kDelivered = "a0000000-0000-4000-8000-000000000001";
const std::string kFallback = "a0000000-0000-4000-8000-000000000003";
const std::string kLiveFallback = "a0000000-0000-4000-8000-000000000009";

/// One kept-alive connection to a server.
class Connection {
 public:
  explicit Connection(const SandboxServer& server) : socket_(chatapps::support::connectTo(server.port())) {
    EXPECT_GE(socket_, 0);
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// The whole answer, or what there is of it when it does not go on within `patience` or the connection ends.
  std::string get(const std::string& path, const std::string& key = "sandbox-key",
                  std::chrono::milliseconds patience = 20s) {
    const std::string request =
        "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + key + "\r\n\r\n";
    EXPECT_EQ(::send(socket_, request.data(), request.size(), MSG_NOSIGNAL), static_cast<ssize_t>(request.size()));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience);
    const timeval limit{seconds.count(), std::chrono::microseconds(patience - seconds).count()};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    std::string answer;
    char buffer[4096];
    while (!isWhole(answer)) {
      const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
      if (got <= 0) break;
      answer.append(buffer, static_cast<std::size_t>(got));
    }
    return answer;
  }
  std::string message(const std::string& umid, const std::string& subAccountId = "sandbox") {
    return get("/api/v1/subaccounts/" + subAccountId + "/messages/" + umid);
  }

 private:
  static bool isWhole(const std::string& answer) {
    const std::size_t body = answer.find("\r\n\r\n");
    const std::size_t length = answer.find("Content-Length: ");
    if (body == std::string::npos || length == std::string::npos) return false;
    return answer.size() >= body + 4 + std::stoul(answer.substr(length + 16));
  }

  int socket_;
};

std::string ask(const SandboxServer& server, const std::string& umid, const std::string& subAccountId = "sandbox") {
  return Connection(server).message(umid, subAccountId);
}

Finished runSandbox(const std::vector<std::string>& arguments) {
  std::vector<std::string> argv{SandboxServer::program()};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return chatapps::support::run({argv, {}});
}

/// A scenario file that lasts as long as the test.
class Scenario {
 public:
  explicit Scenario(const std::string& json) : path_(folder_.file("scenario.json")) { std::ofstream(path_) << json; }
  const std::string& path() const { return path_; }

 private:
  TemporaryFolder folder_;
  std::string path_;
};

}  // namespace

TEST(SandboxServer, tellsOfAMessageWithTwoSteps) {
  const SandboxServer server;
  const std::string answer = ask(server, kFallback);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(answer, HasSubstr("Date: "));
  EXPECT_THAT(answer, HasSubstr(R"("channel":"SMS")"));
  EXPECT_THAT(answer, HasSubstr(R"("step":1)"));
}

TEST(SandboxServer, refusesAsTheApiDoes) {
  const SandboxServer server({"--rate", "0"});
  Connection connection(server);
  const std::string path = "/api/v1/subaccounts/sandbox/messages/";
  EXPECT_THAT(connection.get(path + kDelivered, "wrong"), HasSubstr(R"({"code":1200,)"));
  EXPECT_THAT(connection.message("123"), HasSubstr(R"({"code":1000,)"));
  EXPECT_THAT(connection.message(kDelivered, "another"), HasSubstr(R"({"code":1001,)"));
  EXPECT_THAT(connection.message("00000000-0000-4000-8000-000000000000"), HasSubstr(R"({"code":4018,)"));
  EXPECT_THAT(connection.get("/"), StartsWith("HTTP/1.1 404 "));
}

TEST(SandboxServer, keepsConnectionsOpen) {
  const SandboxServer server({"--rate", "0"});
  Connection connection(server);
  for (int i = 0; i < 20; ++i) EXPECT_THAT(connection.message(kDelivered), StartsWith("HTTP/1.1 200 "));
}

TEST(SandboxServer, aHundredIdleConnectionsKeepNobodyOut) {
  const SandboxServer server({"--rate", "0"});
  std::vector<std::unique_ptr<Connection>> idle;
  for (int i = 0; i < 100; ++i) {
    idle.push_back(std::make_unique<Connection>(server));
    EXPECT_THAT(idle.back()->message(kDelivered), StartsWith("HTTP/1.1 200 ")) << i;
  }
  EXPECT_THAT(ask(server, kDelivered), StartsWith("HTTP/1.1 200 "));
}

TEST(SandboxServer, readsThePathAsItCame) {
  const Scenario scenario(R"({"subAccounts": ["a&b"]})");
  const SandboxServer server({"--scenario", scenario.path()});
  EXPECT_THAT(ask(server, kDelivered, "a%26b"), HasSubstr(R"("subAccountId":"a&b")"));
}

TEST(SandboxServer, keepsToTheRateAndTellsWhatItSaw) {
  const SandboxServer server({"--rate", "20", "--window", "sliding"});
  Connection connection(server);
  for (int accepted = 0; accepted < 5;) {
    const std::string answer = connection.message(kDelivered);
    if (answer.find(" 200 ") != std::string::npos) ++accepted;
  }
  std::chrono::nanoseconds earliest{0};
  int rejected = 0;
  for (const auto& request : chatapps::support::sandboxLog(server.port())) {
    EXPECT_EQ(request.umid, kDelivered);
    if (request.status != 200) {
      EXPECT_EQ(request.status, 429);
      ++rejected;
      continue;
    }
    EXPECT_GE(request.at, earliest);
    earliest = request.at + 50ms;
  }
  EXPECT_GT(rejected, 0);
}

TEST(SandboxServer, obeysItsCommandLine) {
  const SandboxServer server(
      {"--rate", "0", "--api-key", "mine", "--latency", "50", "--speed", "1000000", "--seed", "7"});
  Connection connection(server);
  const std::string path = "/api/v1/subaccounts/sandbox/messages/";
  EXPECT_THAT(connection.get(path + kDelivered), StartsWith("HTTP/1.1 401 "));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(connection.get(path + kLiveFallback, "mine"), StartsWith("HTTP/1.1 200 "));
  EXPECT_GE(std::chrono::steady_clock::now() - start, 50ms);
  EXPECT_THAT(connection.get(path + kLiveFallback, "mine"), HasSubstr(R"("state":"delivered")"));
}

TEST(SandboxServer, theSameSeedMakesTheSameErrorIds) {
  const auto errorId = [](const char* seed) {
    const SandboxServer server({"--seed", seed});
    const std::string answer = ask(server, "123");
    return answer.substr(answer.find("errorId"), 50);
  };
  EXPECT_EQ(errorId("7"), errorId("7"));
  EXPECT_NE(errorId("7"), errorId("8"));
}

TEST(SandboxServer, theCommandLineTakesPrecedenceOverTheScenario) {
  const Scenario scenario(R"({"apiKeys": ["theirs"], "requestsPerSecond": 0})");
  const SandboxServer server({"--scenario", scenario.path(), "--api-key", "[mine,too]", "--api-key", "mine"});
  Connection connection(server);
  const std::string path = "/api/v1/subaccounts/sandbox/messages/" + kDelivered;
  EXPECT_THAT(connection.get(path, "theirs"), StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(connection.get(path, "too"), StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(connection.get(path, "[mine,too]"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(connection.get(path, "mine"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(connection.get(path, "mine"), StartsWith("HTTP/1.1 200 "));
}

TEST(SandboxServer, playsFaults) {
  const Scenario scenario(R"({"faults": [
    {"status": 503, "body": "<html>", "headers": {"Content-Type": "text/html", "Retry-After": "2"}},
    {"failure": "reset"}, {"hang": true}]})");
  const SandboxServer server({"--scenario", scenario.path()});
  const std::string first = ask(server, kDelivered);
  EXPECT_THAT(first, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(first, HasSubstr("Retry-After: 2\r\n"));
  EXPECT_THAT(first, HasSubstr("Content-Type: text/html\r\n"));
  EXPECT_THAT(first, HasSubstr("\r\n\r\n<html>"));
  EXPECT_THAT(ask(server, kDelivered), EndsWith("\r\n\r\n{"));  // where the connection ends
  Connection silent(server);
  EXPECT_EQ(silent.get("/api/v1/subaccounts/sandbox/messages/" + kDelivered, "sandbox-key", 200ms), "");
  EXPECT_THAT(ask(server, kDelivered), StartsWith("HTTP/1.1 200 "));
}

TEST(SandboxServer, logsRequestsButNotKeysWhenVerbose) {
  SandboxServer server({"--verbose"});
  ask(server, kDelivered);
  ASSERT_TRUE(server.process().waitForError(kDelivered + " 200\n"));
  server.process().signal(SIGTERM);
  EXPECT_THAT(server.process().wait().err, Not(HasSubstr("sandbox-key")));
}

TEST(SandboxServer, endsOnSignalsUnderOpenConnections) {
  for (const int number : {SIGINT, SIGTERM}) {
    SandboxServer server;
    Connection idle(server);
    idle.message(kDelivered);
    server.process().signal(number);
    const Finished finished = server.process().wait();
    EXPECT_EQ(finished.exitCode, 0);
    EXPECT_EQ(finished.err, "");
  }
}

TEST(SandboxServer, howLongAnAnswerIsIsTheServersToSay) {
  const Scenario scenario(R"({"faults": [{"status": 200, "body": "hello",
      "headers": {"Content-Length": "3", "Transfer-Encoding": "chunked", "X-Kept": "yes"}}]})");
  const SandboxServer server({"--scenario", scenario.path()});
  const std::string answer = Connection(server).message(kDelivered);
  EXPECT_THAT(answer, HasSubstr("Content-Length: 5\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("Content-Length: 3")));
  EXPECT_THAT(answer, Not(HasSubstr("Transfer-Encoding")));
  EXPECT_THAT(answer, HasSubstr("X-Kept: yes\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nhello"));
}

TEST(SandboxServer, aTakenPortIsAnError) {
  const SandboxServer server;
  const Finished second = runSandbox({"--port", std::to_string(server.port())});
  EXPECT_EQ(second.exitCode, 1);
  EXPECT_THAT(second.err, HasSubstr("is the port taken?"));
}

TEST(SandboxServer, helpListsTheBuiltInMessages) {
  const Finished help = runSandbox({"--help"});
  EXPECT_EQ(help.exitCode, 0);
  EXPECT_THAT(help.out, HasSubstr(kFallback));
  EXPECT_THAT(help.out, HasSubstr("sandbox-key"));
  EXPECT_THAT(help.out, HasSubstr("Subaccount: sandbox"));
}

TEST(SandboxServer, refusesACommandLineThatItDoesNotUnderstand) {
  const Scenario broken(R"({"speed": 0})");
  const std::vector<std::pair<std::vector<std::string>, std::string>> mistakes{
      {{"--rate", "nan"}, "--rate: must be from 0.001 to 1,000,000, or 0 for no limit"},
      {{"--rate", ""}, "--rate: needs a number"},
      {{"--port", ""}, "--port: needs a number"},
      {{"--window", "gcr"}, "--window: must be gcra, fixed, sliding or bucket"},
      {{"--port", "70000"}, "--port"},
      {{"--seed", "-1"}, "--seed: must be from 0 to 18446744073709551615"},
      {{"--seed", "18446744073709551616"}, "--seed: must be from 0 to 18446744073709551615"},
      {{"--receipts-to", "http://127.0.0.1:65536/"}, "--receipts-to"},
      {{"--receipts-to", "http://127.0.0.1:1", "--receipts-lost", ""}, "--receipts-lost: needs a number"},
      {{"--latency", "-5"}, "--latency: must be from 0 to 3,600,000"},
      {{"--speed", "0"}, "--speed: must be from 0.01 to 1,000,000"},
      {{"--api-key", ""}, "at /apiKeys must not have an empty key"},
      {{"--scenario", "/nonexistent"}, "--scenario"},
      {{"--scenario", "/"}, "--scenario"},
      {{"--scenario", broken.path()}, "scenario at /speed must be from 0.01 to 1,000,000"},
      {{"--api-key", "mine", "stray"}, "stray"},
      {{"--bogus"}, "--bogus"}};
  for (const auto& [arguments, problem] : mistakes) {
    const Finished finished = runSandbox(arguments);
    EXPECT_EQ(finished.exitCode, 2) << problem;
    EXPECT_THAT(finished.err, HasSubstr(problem));
    EXPECT_EQ(finished.out, "");
  }
}
