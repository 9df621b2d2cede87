// Rows 75 to 77 and 80 of the fault matrix: Redis answers, but not with what was asked for.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "chatapps/errors.hpp"
#include "shared_pacing/redis_client.hpp"
#include "shared_pacing/redis_server.hpp"
#include "support/caught.hpp"
#include "support/chatapps_program.hpp"
#include "support/nginx.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::duration<double, std::milli> kSlack{90};
const LaneName kLane{"http://127.0.0.1:1", "lane"};
constexpr const char* kKey = "chatapps:1:{http%3A%2F%2F127.0.0.1%3A1/lane}";

/// Five calls succeed without being late; one event, loud or not, names `code`.
void expectDegraded(const RedisClient& one, const std::string& code, bool loudly) {
  for (int i = 0; i < 5; ++i) EXPECT_LT(one.call(), 100ms + kSlack);
  ASSERT_TRUE(one.events->waitFor(1)) << code;
  const auto events = one.events->all();
  EXPECT_EQ(events.size(), 1u);
  EXPECT_FALSE(events[0].shared);
  EXPECT_EQ(events[0].needsAttention, loudly) << events[0].reason;
  EXPECT_NE(events[0].reason.find(code), std::string::npos) << events[0].reason;
}

/// A server that gives every question the same bytes.
Script always(std::string bytes) {
  return [bytes = std::move(bytes)](Connection& connection) {
    for (std::string said = connection.readSome(); !said.empty(); said = connection.readSome()) {
      // Several may come at once.
      const auto questions = std::max<std::size_t>(1, countOf("EVAL", said));
      for (std::size_t i = 0; i < questions; ++i) {
        if (!connection.send(bytes)) return;
      }
    }
  };
}

std::string urlOf(const FaultServer& fake) { return "redis://127.0.0.1:" + std::to_string(fake.port()); }

TEST(Faults, row68_noCommandToRedisHoldsTheApiKey) {
  const RedisServer redis;
  Process monitor({{"redis-cli", "-p", std::to_string(redis.port()), "MONITOR"}, {}});
  ASSERT_EQ(monitor.readLine(), "OK");
  const RedisClient one(redis.url());
  for (int i = 0; i < 3; ++i) one.call();
  one.pacer->hold({"https://chatapps.8x8.com:443", kSubAccount}, std::chrono::milliseconds(1));
  EXPECT_EQ(redis.cli({"ECHO", "the-end"}), "the-end");
  std::string commands;
  for (std::string line; line.find("the-end") == std::string::npos; commands += line + '\n') line = monitor.readLine();
  EXPECT_GE(countOf("EVAL", commands), 3u) << commands;
  EXPECT_NE(commands.find(kSubAccount), std::string::npos) << commands;
  EXPECT_EQ(commands.find(kCanaryKey), std::string::npos);
  EXPECT_EQ(redis.cli({"KEYS", "*"}).find(kCanaryKey), std::string::npos);
}

TEST(Faults, row75_aFlushedScriptIsSentOnceMoreAndNobodyNotices) {
  const RedisServer redis;
  const RedisClient one(redis.url());
  for (int round = 1; round <= 3; ++round) {
    for (int i = 0; i < 5; ++i) EXPECT_LT(one.call(), kSlack);
    EXPECT_EQ(redis.calls("eval"), round);
    EXPECT_EQ(redis.cli({"SCRIPT", "FLUSH"}), "OK");
  }
  EXPECT_TRUE(one.events->all().empty());
}

TEST(Faults, row76_aReadOnlyReplicaIsRedisAway) {
  const RedisServer master;
  const RedisServer replica({"--replicaof", "127.0.0.1", std::to_string(master.port())});
  while (replica.cli({"INFO", "replication"}).find("master_link_status:up") == std::string::npos)
    std::this_thread::sleep_for(20ms);
  expectDegraded(RedisClient(replica.url()), "READONLY", false);
}

TEST(Faults, row76_soIsOneThatIsOutOfMemory) {
  const RedisServer redis;
  EXPECT_EQ(redis.cli({"CONFIG", "SET", "maxmemory", "1"}), "OK");
  expectDegraded(RedisClient(redis.url()), "OOM", false);
}

TEST(Faults, row76_soIsOneThatIsBusyWithAScript) {
  const RedisServer redis;
  EXPECT_EQ(redis.cli({"CONFIG", "SET", "lua-time-limit", "1"}), "OK");
  std::thread busy([&] { redis.cli({"EVAL", "while true do end", "0"}); });
  while (redis.cli({"PING"}).find("BUSY") == std::string::npos) std::this_thread::sleep_for(5ms);
  const RedisClient one(redis.url());
  expectDegraded(one, "BUSY", false);
  EXPECT_EQ(redis.cli({"SCRIPT", "KILL"}), "OK");
  busy.join();
  ASSERT_TRUE(one.events->waitFor(2)) << "it heals";
  EXPECT_TRUE(one.events->all()[1].shared);
}

TEST(Faults, row76_soIsOneThatLoadsAndOneThatKnowsTheKeyElsewhere) {
  FaultServer loading(always("-LOADING Redis is loading the dataset in memory\r\n"));
  expectDegraded(RedisClient(urlOf(loading)), "LOADING", false);
  FaultServer cluster(always("-MOVED 3999 127.0.0.1:6381\r\n"));
  expectDegraded(RedisClient(urlOf(cluster)), "MOVED", false);
}

TEST(Faults, row76_aMissingOrWrongPasswordIsToldLoudlyAndNeverPrinted) {
  const RedisServer redis({"--requirepass", RedisEvents::kPassword});
  expectDegraded(RedisClient(redis.url()), "NOAUTH", true);
  RedisPacerOptions options = RedisClient::to(redis.url());
  options.password = std::string(RedisEvents::kPassword) + "x";
  expectDegraded(RedisClient(options), "WRONGPASS", true);
  options.password = RedisEvents::kPassword;
  const RedisClient right(options);
  for (int i = 0; i < 5; ++i) right.call();
  EXPECT_TRUE(right.events->all().empty());
  EXPECT_GT(std::stol(redis.cli({"-a", RedisEvents::kPassword, "DBSIZE"})), 0);
  for (const std::string& url : {std::string("redis://:") + RedisEvents::kPassword + "@host:port",
                                 std::string("http://:") + RedisEvents::kPassword + "@host"}) {
    const auto error = caught<InvalidArgumentError>([&] { makeRedisPacer(RedisClient::to(url)); });
    EXPECT_EQ(std::string(error.what()).find(RedisEvents::kPassword), std::string::npos) << error.what();
  }
}

TEST(Faults, row76_anAclUserNeedsThreeCommandsAndItsKeys) {
  const RedisServer redis;
  const std::string user = "pacer", password = std::string(">") + RedisEvents::kPassword;
  EXPECT_EQ(redis.cli({"ACL", "SETUSER", user, "on", password, "~chatapps:*", "+evalsha", "+eval", "+get", "+set",
                       "+time", "+select"}),
            "OK");
  const std::string login =
      "redis://" + user + ":" + RedisEvents::kPassword + "@127.0.0.1:" + std::to_string(redis.port());
  RedisPacerOptions userApart =
      RedisClient::to("redis://:" + std::string(RedisEvents::kPassword) + "@127.0.0.1:" + std::to_string(redis.port()));
  userApart.user = user;
  const RedisClient apart(userApart);
  EXPECT_LT(apart.call(), kSlack);
  EXPECT_TRUE(apart.events->all().empty());
  const RedisClient one(login + "/1");
  for (int i = 0; i < 5; ++i) EXPECT_LT(one.call(), kSlack);
  EXPECT_TRUE(one.events->all().empty());
  RedisPacerOptions options = RedisClient::to(login);
  options.keyPrefix = "others";
  expectDegraded(RedisClient(options), "NOPERM", true);
}

TEST(Faults, row76_aKeyOfAnotherTypeIsLeftAloneAndConcernsItsLaneOnly) {
  const RedisServer redis;
  EXPECT_EQ(redis.cli({"RPUSH", kKey, "mine"}), "1");
  const RedisClient one(redis.url());
  EXPECT_LT(reserveOnce(*one.pacer, kLane), 100ms);
  EXPECT_LT(reserveOnce(*one.pacer, {kLane.origin, "another"}), 100ms);
  EXPECT_GT(reserveOnce(*one.pacer, {kLane.origin, "another"}), 5s) << "that one is shared";
  ASSERT_TRUE(one.events->waitFor(1));
  EXPECT_TRUE(one.events->all()[0].needsAttention);
  EXPECT_NE(one.events->all()[0].reason.find("WRONGTYPE"), std::string::npos);
  EXPECT_EQ(redis.cli({"LRANGE", kKey, "0", "-1"}), "mine");
  EXPECT_EQ(redis.cli({"DEL", kKey}), "1");
  reserveOnce(*one.pacer, kLane);
  ASSERT_TRUE(one.events->waitFor(2)) << "that it is over is told as well";
  EXPECT_TRUE(one.events->all()[1].shared);
}

// Before Redis 7 an error that ends a script comes without its code.
TEST(Faults, row76_theErrorOfAnotherTypeDoesNotEndTheScript) {
  std::promise<std::string> sent;
  FaultServer fake([&](Connection& connection) {
    connection.readSome();
    if (connection.send("-NOSCRIPT No matching script\r\n")) sent.set_value(connection.readSome());
  });
  const RedisClient one(urlOf(fake));
  one.call();
  const std::string command = sent.get_future().get(), before = "$4\r\nEVAL\r\n$";
  const std::size_t length = command.find(before) + before.size();
  ASSERT_LT(length, command.size()) << command;
  const std::string script = command.substr(command.find('\n', length) + 1, std::stoul(command.substr(length)));

  const RedisServer redis;
  EXPECT_EQ(redis.cli({"RPUSH", "key", "mine"}), "1");
  const std::string said = redis.cli({"EVAL", script, "1", "key", "reserve", "1000", "grant", "0", "0"});
  EXPECT_EQ(said.rfind("WRONGTYPE ", 0), 0u) << said;
  EXPECT_EQ(said.find("script"), std::string::npos) << said;
}

TEST(Faults, row76_whatPassesIsNotToldLoudly) {
  FaultServer full(always("-ERR max number of clients reached\r\n"));
  RedisPacerOptions options = RedisClient::to(urlOf(full));
  options.password = RedisEvents::kPassword;
  expectDegraded(RedisClient(options), "ERR", false);
}

TEST(Faults, row77_aPoisonedKeyIsReset) {
  const RedisServer redis;
  const long now = std::stol(redis.cli({"TIME"}));
  const std::string future = std::to_string(now + 3600) + "000000", past = std::to_string(now - 3600) + "000000";
  const std::vector<std::string> poisons{"1 1e20 1e20 0 0",
                                         "1 99999999999999999999999 99999999999999999999999 x 99999999999999999999999",
                                         "junk",
                                         "",
                                         "1 " + future + " " + future + " abc 0",  // Redis's clock was an hour ahead
                                         "1 " + past + " " + past + " abc 0",      // or an hour behind
                                         "1 -5 -5 0 0",
                                         "2 " + future + " " + future + " 0 0",
                                         std::string(100'000, '9')};
  for (const std::string& poison : poisons) {
    SCOPED_TRACE(poison.substr(0, 60));
    EXPECT_EQ(redis.cli({"SET", kKey, poison}), "OK");
    const RedisClient one(redis.url());
    EXPECT_LT(reserveOnce(*one.pacer, kLane, 1s), 100ms);
    EXPECT_LT(reserveOnce(*one.pacer, kLane, 1s), 1500ms);
    EXPECT_GT(std::stol(redis.cli({"PTTL", kKey})), 0);
    EXPECT_TRUE(one.events->all().empty());
  }
}

TEST(Faults, row77_waitsAreClamped) {
  FaultServer fake(always("*3\r\n:0\r\n:9223372036854775807\r\n:1\r\n"));
  const RedisClient one(urlOf(fake));
  EXPECT_LE(reserveOnce(*one.pacer, kLane, 10ms), 61s);
  const auto error = caught<TimeoutError>([&] { one.client->getMessageDetails(kSubAccount, kUmid); });
  EXPECT_TRUE(error.wouldWait()) << "beyond the call's deadline";
}

TEST(Faults, row80_whatIsNoRedisIsRedisAway) {
  const std::vector<std::string> replies{
      "HTTP/1.1 400 Bad Request\r\n\r\n",
      "*1000000000\r\n",
      "*-5\r\n",
      "$536870912\r\n",
      ":1\r\n",
      "+OK\r\n",
      "$-1\r\n",
      "*3\r\n:1\r\n:-5\r\n:0\r\n",
      "*3\r\n:1\r\n$1\r\n0\r\n:0\r\n",
      "*3\r\n*3\r\n:1\r\n:1\r\n:1\r\n:0\r\n:0\r\n",
      "*3\r\n:99999999999999999999999\r\n:0\r\n:0\r\n",
      "*3\r\n:1\r\n:0\r\n:0\r\n*3\r\n:1\r\n:0\r\n:0\r\n*3\r\n:1\r\n:0\r\n:0\r\n*3\r\n:1\r\n:0\r\n:0\r\n",
      std::string(1 << 20, 'A'),
      std::string(100'000, '\0'),
      "-\x1b[31m" + std::string(RedisEvents::kPassword) + "\r\n",
      "-NOSCRIPT\r\n"};
  for (const std::string& reply : replies) {
    SCOPED_TRACE(reply.substr(0, 40));
    FaultServer fake(always(reply));
    const RedisClient one(urlOf(fake));
    for (int i = 0; i < 5; ++i) EXPECT_LT(one.call(), 100ms + kSlack);
    EXPECT_GE(fake.bytesSent(), 4u) << "it had its say";
    for (const RedisPacerEvent& event : one.events->all()) EXPECT_LT(event.reason.size(), 100u);
    EXPECT_GE(one.events->all().size(), 1u);
  }
}

TEST(Faults, row80_aConnectionThatEndsAtOnceIsRedisAway) {
  FaultServer fake([](Connection&) {});
  expectDegraded(RedisClient(urlOf(fake)), "Redis", false);
}

TEST(Faults, row80_aCertificateThatIsNotToBeTrustedIsToldLoudly) {
  for (const char* name : {"right", "wrong-host", "expired", "unknown-ca"}) {
    SCOPED_TRACE(name);
    const std::string pem = certificates().file(std::string(name) + ".pem"),
                      key = certificates().file(std::string(name) + ".key");
    const ReservedPort port;
    const RedisServer redis({"--tls-port", std::to_string(port.number()), "--tls-cert-file", pem, "--tls-key-file", key,
                             "--tls-ca-cert-file", certificates().file("ca.pem"), "--tls-auth-clients", "no"});
    RedisPacerOptions options = RedisClient::to("rediss://localhost:" + std::to_string(port.number()));
    options.caFile = certificates().file("ca.pem");
    const RedisClient one(options);
    if (std::string(name) != "right") {
      expectDegraded(one, "certificate", true);
      EXPECT_EQ(redis.calls("evalsha"), 0);
      continue;
    }
    for (int i = 0; i < 5; ++i) EXPECT_LT(one.call(), 100ms + kSlack);
    EXPECT_TRUE(one.events->all().empty());
    EXPECT_GE(redis.calls("evalsha"), 5);
  }
}

TEST(Faults, row80_aSubaccountMayHoldAnyBytes) {
  const RedisServer redis;
  const RedisClient one(redis.url());
  const std::vector<std::string> names{
      "a}{b", "a\r\nFLUSHALL\r\n", std::string("a\0b", 3), "a/b", "a%2Fb", "\xff\xfe", "", "a b"};
  for (const std::string& name : names) {
    EXPECT_LT(reserveOnce(*one.pacer, {"https://h", name}), 1s) << name << ": a lane of its own";
    EXPECT_GT(reserveOnce(*one.pacer, {"https://h", name}), 5s);
  }
  EXPECT_EQ(redis.cli({"DBSIZE"}), std::to_string(names.size()));
  const std::string keys = redis.cli({"KEYS", "chatapps:1:{*}"});
  EXPECT_EQ(keys.find_first_of("\r\t \"\\"), std::string::npos) << keys;
  EXPECT_EQ(std::count(keys.begin(), keys.end(), '{'), static_cast<std::ptrdiff_t>(names.size())) << keys;
  EXPECT_TRUE(one.events->all().empty());
}

}  // namespace
}  // namespace chatapps::support
