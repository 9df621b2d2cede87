// Real processes that share one limit, against a server that counts strictly. Row 79 of the fault matrix.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "shared_pacing/fleet.hpp"
#include "support/bare_sleeper.hpp"
#include "support/sanitized.hpp"
#include "support/temporary_folder.hpp"
#ifdef CHATAPPS_HAS_REDIS
#include "shared_pacing/redis_server.hpp"
#endif

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;

/// The promise: gaps hold, at most 0.1 % of 429, 98 % of the limit is used, nobody takes more than three times their
/// share. A machine that has other things to do lets each sleep be longer; a request goes through several.
void expectShared(const FleetTally& tally, std::chrono::nanoseconds interval, double machine) {
  EXPECT_LE(tally.rejected * 1000, tally.requests);
  EXPECT_GE(tally.smallestGap, interval - 5ms);
  if (!kSanitized) {
    EXPECT_GE(tally.used, 0.98 - 5 * machine);
  }
  EXPECT_LE(tally.largestShare, 3);
}

void expectNobodyFailed(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) EXPECT_NE(line.find(" 0 shared"), std::string::npos) << line;
}

void fiftyASecond(const char* name, const std::vector<std::string>& pacing) {
  Fleet fleet("50", 12s, pacing, {8, 8});
  BareSleeper sleeper(20ms);
  fleet.begin();
  std::this_thread::sleep_for(11s);
  const double machine = sleeper.finish();
  expectNobodyFailed(fleet.finish());
  std::printf("  a thread that only sleeps for 20 ms again and again: %.2f %% above\n", 100 * machine);
  expectShared(fleet.tellTally(name), 20ms, machine);
}

void oneASecond(const char* name, const std::vector<std::string>& pacing) {
  Fleet fleet("1", 9s, pacing, {8, 1});
  fleet.begin();
  expectNobodyFailed(fleet.finish());
  expectShared(fleet.tellTally(name), 1s, 0);
}

/// Half of the processes end in the midst of it all: the others take over what they left.
void halfIsCutOff(const char* name, const std::vector<std::string>& pacing) {
  Fleet fleet("50", 8s, pacing, {8, 8});
  fleet.begin();
  std::this_thread::sleep_for(3s);
  for (std::size_t i = 0; i < 4; ++i) fleet.process(i).signal(SIGKILL);
  const std::vector<std::string> lines = fleet.finish();
  expectNobodyFailed({lines.begin() + 4, lines.end()});
  const FleetTally tally = fleet.tellTally(name);
  EXPECT_LE(tally.rejected * 200, tally.requests);
  EXPECT_GE(tally.used, 0.8);
  EXPECT_LE(tally.largestShare, 3);
}

std::vector<std::string> throughFileIn(const TemporaryFolder& folder) { return {"host", folder.file("pacing")}; }

TEST(HostPacing, eightProcessesUseTheWholeLimitAndNeverMore) {
  const TemporaryFolder folder;
  fiftyASecond("host", throughFileIn(folder));
}

TEST(HostPacing, soTheyDoAtOneASecond) {
  const TemporaryFolder folder;
  oneASecond("host", throughFileIn(folder));
}

TEST(HostPacing, whoIsLeftTakesOverWhenHalfAreKilled) {
  const TemporaryFolder folder;
  halfIsCutOff("host, half killed", throughFileIn(folder));
}

#ifdef CHATAPPS_HAS_REDIS
TEST(Faults, row79_eightProcessesUseTheWholeLimitAndNeverMore) {
  const RedisServer redis;
  fiftyASecond("redis", {"redis", redis.url(), "8"});
  std::printf("  %ld commands to Redis\n", redis.calls("evalsha"));
}

TEST(Faults, row79_soTheyDoAtOneASecond) {
  const RedisServer redis;
  oneASecond("redis", {"redis", redis.url(), "8"});
}

TEST(Faults, row79_whoIsLeftTakesOverWhenHalfAreKilled) {
  const RedisServer redis;
  halfIsCutOff("redis, half killed", {"redis", redis.url(), "8"});
}
#endif

}  // namespace
}  // namespace chatapps::support
