// Rows 71 to 74 and 78 of the fault matrix: Redis is not there, hangs, or has forgotten everything.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "shared_pacing/fleet.hpp"
#include "shared_pacing/redis_client.hpp"
#include "shared_pacing/redis_server.hpp"
#include "support/caught.hpp"
#include "support/sanitized.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr Milliseconds kSlack{90};  // what a busy machine may add to a call

std::string urlOf(const ReservedPort& port) { return "redis://127.0.0.1:" + std::to_string(port.number()); }

TEST(Faults, row71_redisThatIsNotThereLeavesEachProcessItsSafeShare) {
  const ReservedPort nobody;
  const RedisClient one(RedisClient::to(urlOf(nobody), 4), 20);
  Milliseconds took = one.call();
  EXPECT_LT(took, 100ms + kSlack);
  for (int i = 0; i < 2; ++i) took += one.call();
  EXPECT_GE(took, 2 * 190ms) << "one in four of twenty a second";
  EXPECT_LE(took, 2s);
  const auto events = one.events->all();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_FALSE(events[0].shared);
  EXPECT_FALSE(events[0].needsAttention);
}

TEST(Faults, row71_orTheWholeLimit) {
  const ReservedPort nobody;
  RedisPacerOptions options = RedisClient::to(urlOf(nobody), 1000);
  options.whenAway = WhenRedisIsAway::Optimistic;
  const RedisClient one(options, 20);
  for (int i = 0; i < 4; ++i) EXPECT_LT(one.call(), 150ms + kSlack);
  EXPECT_EQ(one.events->all().size(), 1u);
}

TEST(Faults, row71_orNothing) {
  const ReservedPort nobody;
  RedisPacerOptions options = RedisClient::to(urlOf(nobody), 1);
  options.whenAway = WhenRedisIsAway::FailClosed;
  const RedisClient one(options);
  for (int i = 0; i < 5; ++i) {
    const auto error = caught<TimeoutError>([&] { one.client->getMessageDetails(kSubAccount, kUmid); });
    EXPECT_TRUE(error.wouldWait());
    EXPECT_EQ(error.delivery(), Delivery::NotSent);
  }
  EXPECT_EQ(one.api.requestCount(), 0u);
  EXPECT_EQ(one.events->all().size(), 1u);
}

/// No descriptor is to be had for as long as it lives; those that are open stay so.
class NoDescriptors {
 public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit none = before_;
    none.rlim_cur = 0;
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;
  ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST(Faults, row71_aProcessWithoutDescriptorsGoesOnAlone) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer needs a descriptor of its own to look at an object";
  const RedisServer redis;
  const RedisClient one(redis.url());
  const LaneName lane{"http://127.0.0.1:1", "lane"};
  {
    const NoDescriptors none;
    EXPECT_EQ(reserveOnce(*one.pacer, lane), 0s);
    EXPECT_EQ(one.pacer->confirm(lane, 10ms, 0ms), 0ms);
    EXPECT_NO_THROW(one.pacer->passOn(lane, 10ms, true));
    EXPECT_NO_THROW(one.pacer->hold(lane, 1s));
  }
  EXPECT_EQ(redis.calls("evalsha"), 0);
  reserveOnce(*one.pacer, lane);
  EXPECT_GE(redis.calls("evalsha"), 1) << "it asks as soon as it can";
}

TEST(Faults, row71_orSendsNothing) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer needs a descriptor of its own to look at an object";
  RedisPacerOptions options = RedisClient::to("redis://127.0.0.1", 1);
  options.whenAway = WhenRedisIsAway::FailClosed;
  const RedisClient one(options);
  const LaneName lane{"http://127.0.0.1:1", "lane"};
  const NoDescriptors none;
  EXPECT_EQ(reserveOnce(*one.pacer, lane), Clock::duration::max());
  EXPECT_EQ(one.pacer->confirm(lane, 10ms, 0ms), std::nullopt);
}

TEST(Faults, row71_aHostThatHasNoAddressIsRedisAway) {
  const RedisClient one("redis://no-such-host.invalid");
  for (int i = 0; i < 5; ++i) EXPECT_LT(one.call(), 100ms + kSlack);
  EXPECT_EQ(one.events->all().size(), 1u);
}

TEST(Faults, row71_redisThatIsKilledInTheMidstOfCallsIsMissedAndFoundAgain) {
  RedisServer redis;
  const RedisClient one(redis.url());
  for (int i = 0; i < 5; ++i) one.call();
  EXPECT_TRUE(one.events->all().empty());
  redis.kill();
  for (int i = 0; i < 20; ++i) EXPECT_LT(one.call(), 100ms + kSlack);
  ASSERT_EQ(one.events->all().size(), 1u);
  redis.start();
  ASSERT_TRUE(one.events->waitFor(2));
  EXPECT_TRUE(one.events->all()[1].shared);
  const long before = redis.calls("evalsha");
  for (int i = 0; i < 5; ++i) one.call();
  EXPECT_GE(redis.calls("evalsha"), before + 5);
  EXPECT_EQ(one.events->all().size(), 2u);
}

TEST(Faults, row72_redisThatHangsDelaysThreeCallsAtMostAndOtherLanesNever) {
  RedisServer redis;
  const RedisClient one(redis.url());
  for (int i = 0; i < 5; ++i) one.call();
  one.call("other");
  std::this_thread::sleep_for(50ms);  // nothing is under way
  redis.signal(SIGSTOP);
  std::vector<Milliseconds> others;
  std::thread first([&] { EXPECT_LT(one.call(), 100ms + kSlack); });
  std::this_thread::sleep_for(60ms);  // Redis owes an answer by now
  for (int i = 0; i < 30; ++i) others.push_back(one.call("other-" + std::to_string(i % 3)));
  first.join();
  int late = 1;
  for (int i = 0; i < 30; ++i) {
    const Milliseconds took = one.call();
    EXPECT_LT(took, 100ms + kSlack);
    if (took > kSlack) ++late;
    others.push_back(one.call("other"));
  }
  EXPECT_LE(late, 3);
  for (const Milliseconds took : others) EXPECT_LT(took, kSlack);
  EXPECT_EQ(one.events->all().size(), 1u);
  redis.signal(SIGCONT);
  ASSERT_TRUE(one.events->waitFor(2));
  EXPECT_TRUE(one.events->all()[1].shared);
}

TEST(Faults, row73_aReplyThatComesTooLateIsNobodys) {
  // Each connection answers its first question too late, and by then with an endless wait.
  FaultServer fake([](Connection& connection) {
    if (connection.readSome().empty() || !connection.pause(160ms)) return;
    connection.send("*3\r\n:0\r\n:60000000\r\n:1\r\n");
    connection.waitForClientToLeave();
  });
  const RedisClient one(RedisClient::to("redis://127.0.0.1:" + std::to_string(fake.port())));
  for (int i = 0; i < 8; ++i) {
    EXPECT_LT(one.call(), 100ms + kSlack);
    std::this_thread::sleep_for(30ms);
  }
  EXPECT_TRUE(fake.waitForClosedConnections(3)) << "a connection is not used after that";
  EXPECT_EQ(one.events->all().size(), 1u);
}

TEST(Faults, row73_theSlotThatRedisMayHaveGivenCountsAsTaken) {
  RedisServer redis;
  const RedisClient one(RedisClient::to(redis.url(), 5), 10);
  one.call();
  redis.signal(SIGSTOP);
  const auto took = one.call();
  EXPECT_GE(took, 450ms) << "the safe share counts from the slot before";
  redis.signal(SIGCONT);
}

TEST(Faults, row74_afterAFlushOrARestartAtMostOneRequestAProcessIsEarly) {
  RedisServer redis;
  Fleet fleet("50", 7s, {"redis", redis.url(), "8"}, {8, 2});
  fleet.begin();
  std::this_thread::sleep_for(1s);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(redis.cli({"FLUSHALL"}), "OK");
    std::this_thread::sleep_for(1s);
  }
  redis.kill();
  redis.start();
  for (const std::string& line : fleet.finish()) EXPECT_NE(line.find(" 0 shared"), std::string::npos) << line;
  const FleetTally tally = fleet.tellTally("three flushes and a restart");
  EXPECT_LE(tally.rejected, 4u * 8u);
}

TEST(Faults, row74_a429ThatCameWhileRedisWasAwayIsWrittenBack) {
  RedisServer redis;
  const LaneName lane{"http://127.0.0.1:1", "held"};
  const RedisClient one(redis.url()), other(redis.url());
  EXPECT_LT(reserveOnce(*one.pacer, lane, 10ms), 100ms);
  redis.kill();
  reserveOnce(*one.pacer, lane, 10ms);
  one.pacer->hold(lane, 30s);
  redis.start();
  ASSERT_TRUE(one.events->waitFor(2));
  for (int tries = 0; tries < 100 && reserveOnce(*other.pacer, lane, 10ms) < 10s; ++tries)
    std::this_thread::sleep_for(20ms);
  EXPECT_GT(reserveOnce(*other.pacer, lane, 10ms), 10s);
}

TEST(Faults, row74_a429HoldsAllProcesses) {
  const RedisServer redis;
  const LaneName lane{"http://127.0.0.1:1", "held"};
  const RedisClient one(redis.url()), other(redis.url());
  reserveOnce(*one.pacer, lane, 10ms);
  one.pacer->hold(lane, 24h);
  for (int tries = 0; tries < 100 && reserveOnce(*other.pacer, lane, 10ms) < 30s; ++tries)
    std::this_thread::sleep_for(20ms);
  EXPECT_GT(reserveOnce(*other.pacer, lane, 10ms), 50s);
  EXPECT_LE(reserveOnce(*other.pacer, lane, 10ms), 61s) << "nobody is held for a day";
}

TEST(Faults, row78_aGrantThatIsTooOldIsTakenAnewAndNothingIsStranded) {
  const RedisServer redis;
  const RedisClient one(redis.url());
  const LaneName lane{"http://127.0.0.1:1", "stopped"};
  EXPECT_LT(reserveOnce(*one.pacer, lane, 50ms, false), 50ms);
  std::this_thread::sleep_for(400ms);
  EXPECT_EQ(one.pacer->confirm(lane, 50ms, 300ms), std::nullopt);
  EXPECT_LT(reserveOnce(*one.pacer, lane, 50ms, false), 50ms);
  EXPECT_EQ(one.pacer->confirm(lane, 50ms, 0ms), 0ms);
  const long left = std::stol(redis.cli({"PTTL", redis.cli({"KEYS", "*"})}));
  EXPECT_GT(left, 0) << "the key expires by itself";
  EXPECT_LT(left, 70'000);
}

TEST(Faults, row78_processesThatAreStoppedForAWhileSendNothingStale) {
  const RedisServer redis;
  Fleet fleet("50", 7s, {"redis", redis.url(), "4"}, {4, 4});
  fleet.begin();
  for (std::size_t round = 0; round < 16; ++round) {
    std::this_thread::sleep_for(100ms);
    fleet.process(round % 4).signal(SIGSTOP);
    std::this_thread::sleep_for(round % 2 == 0 ? 400ms : 150ms);  // the others go ahead after 120 ms
    fleet.process(round % 4).signal(SIGCONT);
  }
  for (const std::string& line : fleet.finish()) EXPECT_NE(line.find(" 0 shared"), std::string::npos) << line;
  const FleetTally tally = fleet.tellTally("stopped now and then");
  EXPECT_LE(tally.rejected * 100, tally.requests);
  EXPECT_GE(tally.used, 0.6) << "nothing is stranded";
}

}  // namespace
}  // namespace chatapps::support
