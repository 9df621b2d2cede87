// Rows 17 and 47 of the fault matrix: kept connections that grow old, and a wall clock that jumps.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <vector>

#include "support/caught.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/nginx.hpp"
#include "support/quick_client.hpp"
#include "support/skewed_clock.hpp"
#include "support/umid_number.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;

TEST(Faults, row17_aKeptConnectionIsReplacedAfterTenMinutes) {
  FaultServer server(answerEach(detailsAnswer));
  const ChatAppsClient client(quickOptions(server.url()));
  SkewedClock clock;
  const auto call = [&] { EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).size(), 1u); };
  call();
  for (int i = 0; i < 6; ++i, call()) clock.jumpSteady(95s);  // never idle for long
  EXPECT_EQ(server.connections(), 1u);
  clock.jumpSteady(95s);
  call();
  EXPECT_EQ(server.connections(), 2u) << "it is older than ten minutes";
  EXPECT_EQ(server.requestCount(), 8u);
}

TEST(Faults, row17_aCertificateThatWasRotatedIsSeenWithinTenMinutes) {
  FaultServer api(answerEach(detailsAnswer));
  Nginx nginx(api.url());
  nginx.rotateTo("right");
  ClientOptions options = quickOptions(nginx.url("rotated"));
  options.tls.caFile = certificates().file("ca.pem");
  const ChatAppsClient client(options);
  SkewedClock clock;
  EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).size(), 1u);
  nginx.rotateTo("expired");
  EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).size(), 1u) << "over the kept connection";
  clock.jumpSteady(601s);
  caught<TlsError>([&] { client.getMessageDetails(kSubAccount, kUmid); });
  EXPECT_EQ(api.requestCount(), 2u);
  nginx.rotateTo("right");
  EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).size(), 1u);
}

TEST(Faults, row47_aWallClockThatJumpsAnHourIsNeitherAStallNorABurst) {
  FaultServer server(answerEach(detailsAnswer));
  const ChatAppsClient client(pacedOptions(server.url(), 20));
  SkewedClock clock;
  std::vector<std::future<MessageDetails>> calls;
  for (int i = 0; i < 9; ++i) calls.push_back(client.getMessageDetailsAsync(kSubAccount, umidNumber(i)));
  const auto start = std::chrono::steady_clock::now();
  const auto before = std::chrono::system_clock::now();
  ASSERT_TRUE(server.waitForRequests(3));
  clock.jumpWall(3600s);
  EXPECT_GE(std::chrono::system_clock::now() - before, 3600s);
  ASSERT_TRUE(server.waitForRequests(6));
  clock.jumpWall(-7200s);
  EXPECT_LT(std::chrono::system_clock::now(), before);
  for (auto& call : calls) EXPECT_EQ(call.get().size(), 1u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 3s) << "a stall";
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 9u);
  for (std::size_t i = 1; i < requests.size(); ++i) EXPECT_GE(requests[i].at - requests[i - 1].at, 45ms) << "a burst";
}

}  // namespace
}  // namespace chatapps::support
