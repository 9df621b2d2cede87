// Row 59 of the fault matrix: what has to wait does so outside of libcurl, whose timeouts would run meanwhile.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <vector>

#include "support/event_log.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/quick_client.hpp"
#include "support/umid_number.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;

std::vector<std::future<MessageDetails>> start(const ChatAppsClient& client, int count) {
  std::vector<std::future<MessageDetails>> calls;
  for (int i = 0; i < count; ++i) calls.push_back(client.getMessageDetailsAsync(kSubAccount, umidNumber(i)));
  return calls;
}

TEST(Faults, row59_aCallThatWaitsForItsSlotSpendsNoneOfItsConnectTimeout) {
  FaultServer server([](Connection& connection) {
    while (connection.readRequest() && connection.pause(150ms) &&
           connection.send(detailsAnswer(connection.request()))) {
    }
  });
  const auto log = std::make_shared<EventLog>();
  ClientOptions options = pacedOptions(server.url(), 25, log);
  options.connectTimeout = 200ms;
  const ChatAppsClient client(options);
  auto calls = start(client, 15);  // the last one waits for 560 ms
  for (auto& call : calls) EXPECT_EQ(call.get().size(), 1u);
  EXPECT_EQ(server.requestCount(), 15u);
  EXPECT_TRUE(log->retries().empty());
}

TEST(Faults, row59_moreCallsThanLibcurlIsGivenWaitForTheirTurnBeforeIt) {
  constexpr std::size_t kMostActive = 256;
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  FaultServer server([&](Connection& connection) {
    while (connection.readRequest()) {
      released.wait();
      if (!connection.send(detailsAnswer(connection.request()))) return;
    }
  });
  const auto log = std::make_shared<EventLog>();
  ClientOptions options = quickOptions(server.url(), log);
  options.connectTimeout = 2s;
  const ChatAppsClient client(options);
  auto calls = start(client, 300);
  EXPECT_TRUE(server.waitForRequests(kMostActive));
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(server.connections(), kMostActive);
  EXPECT_EQ(log->started().size(), 300u) << "the others wait as well";
  release.set_value();
  for (auto& call : calls) EXPECT_EQ(call.get().size(), 1u);
  EXPECT_EQ(server.requestCount(), 300u);
  EXPECT_TRUE(log->retries().empty());
}

}  // namespace
}  // namespace chatapps::support
