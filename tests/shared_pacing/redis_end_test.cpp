// Row 55 of the fault matrix: a program that ends while it paces through Redis.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "shared_pacing/redis_server.hpp"
#include "support/nginx.hpp"
#include "support/process.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;

void expectCleanEnds(const RedisServer& redis, const std::vector<std::string>& arguments) {
  for (int round = 0; round < 5; ++round) {
    Command command{{CHATAPPS_REDIS_STATIC_CLIENT}, {}};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    Process program(command);
    ASSERT_EQ(program.readLine(), "ready");
    program.write("\n");
    const Finished end = program.waitForEnd(10s);
    ASSERT_EQ(end.exitCode, 0);
    ASSERT_EQ(end.err, "");
    ASSERT_EQ(end.out, "ready\n1 thread(s)\n");
  }
  const std::string errors = redis.cli({"INFO", "errorstats"});
  EXPECT_EQ(errors.find("errorstat_ERR"), std::string::npos) << "asked with what was destroyed: " << errors;
}

TEST(Faults, row55_exitEndsTheThreadThatTalksToRedis) {
  const RedisServer redis;
  expectCleanEnds(redis, {redis.url()});
}

// OpenSSL ends with exit() as well, and a thread that still talks would crash.
TEST(Faults, row55_exitEndsTheThreadThatTalksToRedisBeforeTlsEnds) {
  const ReservedPort port;
  const RedisServer redis({"--tls-port", std::to_string(port.number()), "--tls-cert-file",
                           certificates().file("right.pem"), "--tls-key-file", certificates().file("right.key"),
                           "--tls-ca-cert-file", certificates().file("ca.pem"), "--tls-auth-clients", "no"});
  expectCleanEnds(redis, {"rediss://localhost:" + std::to_string(port.number()), certificates().file("ca.pem")});
}

}  // namespace
}  // namespace chatapps::support
