// How calls take turns on virtual time: one a second and subaccount, whoever makes them.
#include <future>
#include <thread>

#include "unit/client_fixture.hpp"

namespace chatapps {
namespace {

using PacedClient = ClientFixture;

TEST_F(PacedClient, theSecondCallGoesASecondAfterTheFirst) {
  const ChatAppsClient client(options());
  for (int i = 0; i < 3; ++i) client.getMessageDetails(kSubAccount, umid(i));
  EXPECT_EQ(arrivals(), (Durations{0s, 1s, 2s}));
}

TEST_F(PacedClient, row43_aSlotThatWasNotUsedIsNoCredit) {
  const ChatAppsClient client(options());
  client.getMessageDetails(kSubAccount, umid(1));
  clock->advance(10s);
  for (int i = 0; i < 3; ++i) client.getMessageDetails(kSubAccount, umid(i));
  EXPECT_EQ(arrivals(), (Durations{0s, 10s, 11s, 12s}));
}

TEST_F(PacedClient, subaccountsDoNotWaitForEachOther) {
  const ChatAppsClient client(options());
  for (const char* account : {"first", "second", "third"}) client.getMessageDetails(account, umid(1));
  EXPECT_EQ(arrivals(), (Durations{0s, 0s, 0s}));
}

TEST_F(PacedClient, theRateAndTheMarginAreOptions) {
  ClientOptions fast = options();
  fast.pacing.requestsPerSecond = 50;
  fast.pacing.margin = 5ms;
  const ChatAppsClient client(fast);
  for (int i = 0; i < 3; ++i) client.getMessageDetails(kSubAccount, umid(i));
  EXPECT_EQ(arrivals(), (Durations{0ms, 25ms, 50ms}));
}

TEST_F(PacedClient, pacingCanBeOff) {
  ClientOptions unpaced = options();
  unpaced.pacing = Pacing::off();
  const ChatAppsClient client(unpaced);
  for (int i = 0; i < 100; ++i) client.getMessageDetails(kSubAccount, umid(i));
  EXPECT_EQ(elapsed(), 0s);
  EXPECT_EQ(client.estimate(kSubAccount, 1000), 0ms);
}

TEST_F(PacedClient, clientsOfOneHostShareTheLaneWhateverTheirKey) {
  ClientOptions other = options();
  other.apiKey = "another-key";
  const ChatAppsClient first(options());
  const ChatAppsClient second(other);
  first.getMessageDetails(kSubAccount, umid(1));
  second.getMessageDetails(kSubAccount, umid(1));
  first.getMessageDetails(kSubAccount, umid(1));
  EXPECT_EQ(arrivals(), (Durations{0s, 1s, 2s}));
}

TEST_F(PacedClient, hostsDoNotWaitForEachOther) {
  ClientOptions other = options();
  other.region = Region::Europe;
  ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(1));
  ChatAppsClient(other).getMessageDetails(kSubAccount, umid(1));
  EXPECT_EQ(elapsed(), 0s);
  EXPECT_EQ(server->seen()[1].request.url.substr(0, 24), "https://chatapps.8x8.uk/");
}

TEST_F(PacedClient, aClockThatIsNewKnowsNothingOfTheLanesOfAnother) {
  for (int round = 0; round < 20; ++round) {
    ClientOptions fresh = options();
    fresh.clock = std::make_shared<testing::FakeClock>();
    const auto begin = fresh.clock->now();
    for (int i = 0; i < 3; ++i) ChatAppsClient(fresh).getMessageDetails(kSubAccount, umid(i));
    EXPECT_EQ(fresh.clock->now() - begin, 2s) << round;
  }
}

TEST_F(PacedClient, a429HoldsTheLaneAndTheCallGoesAgain) {
  server->answers([](const Server::Seen& seen) {
    return seen.number == 1 ? answer(429, "", {{"Retry-After", "5"}}) : Server::found(seen);
  });
  const ChatAppsClient client(options());
  client.getMessageDetails(kSubAccount, umid(1));
  client.getMessageDetails("another", umid(2));
  EXPECT_EQ(arrivals(), (Durations{0s, 5s, 5s}));
}

TEST_F(PacedClient, row41_a429BeyondTheDeadlineFailsAtOnceAndHoldsTheLaneForAMinuteAtMost) {
  server->answers([](const Server::Seen& seen) {
    return seen.number == 1 ? answer(429, "", {{"Retry-After", "86400"}}) : Server::found(seen);
  });
  const ChatAppsClient client(options());
  const auto error = caught<RateLimitError>([&] { client.getMessageDetails(kSubAccount, umid(1)); });
  EXPECT_EQ(error.retryAfter(), 86400s);
  EXPECT_EQ(elapsed(), 0s);
  EXPECT_TRUE(caught<TimeoutError>([&] { client.getMessageDetails(kSubAccount, umid(2)); }).wouldWait());
  CallOptions patient;
  patient.timeout = 5min;
  client.getMessageDetails(kSubAccount, umid(3), patient);
  EXPECT_EQ(arrivals(), (Durations{0s, 60s}));
}

TEST_F(PacedClient, row42_aStormOf429sIsOneRequestASecondAtMostAndEndsFast) {
  server->answers([](const Server::Seen&) { return answer(429, "", {{"Retry-After", "0"}}); });
  const ChatAppsClient client(options());
  CallOptions patient;
  patient.timeout = 1h;
  for (int i = 0; i < 20; ++i) caught<RateLimitError>([&] { client.getMessageDetails(kSubAccount, umid(i), patient); });
  const Durations times = arrivals();
  for (std::size_t i = 1; i < times.size(); ++i) EXPECT_GE(times[i] - times[i - 1], 1s);
  EXPECT_EQ(times.size(), 20u + 10u) << "with an empty budget a call ends with its first 429";
}

TEST_F(PacedClient, aFullLaneIsAnErrorAndNoMemory) {
  ClientOptions narrow = options();
  narrow.pacing.maxWaiting = 1;
  const ChatAppsClient client(narrow);
  client.getMessageDetails(kSubAccount, umid(1));
  std::thread waiting;
  {
    const Standstill still(clock);
    waiting = std::thread([&] { client.getMessageDetails(kSubAccount, umid(2)); });
    while (client.estimate(kSubAccount, 1) < 2s) std::this_thread::yield();
    const auto error = caught<TimeoutError>([&] { client.getMessageDetails(kSubAccount, umid(3)); });
    EXPECT_TRUE(error.wouldWait());
    EXPECT_NE(std::string(error.what()).find("maxWaiting"), std::string::npos) << error.what();
  }
  waiting.join();
}

TEST_F(PacedClient, row51_aWaitLivesThroughAFullLane) {
  ClientOptions narrow = options();
  narrow.pacing.maxWaiting = 1;
  const ChatAppsClient client(narrow);
  client.getMessageDetails(kSubAccount, umid(1));
  std::thread waiting;
  std::future<DeliveryReport> report;
  {
    const Standstill still(clock);
    waiting = std::thread([&] { client.getMessageDetails(kSubAccount, umid(2)); });
    while (client.estimate(kSubAccount, 1) < 2s) std::this_thread::yield();
    WaitOptions wait;
    wait.until = [](const DeliveryReport&) { return true; };
    report = client.waitForAsync(kSubAccount, umid(3), wait);
    while (client.estimate(kSubAccount, 1) < 3s) std::this_thread::yield();  // its first look stands there as well
  }
  waiting.join();
  EXPECT_NO_THROW(report.get());
}

TEST_F(PacedClient, row47_aWallClockThatJumpsChangesNothing) {
  const ChatAppsClient client(options());
  client.getMessageDetails(kSubAccount, umid(1));
  clock->setUtcNow(testing::FakeClock::kFirstDate - 1h);
  client.getMessageDetails(kSubAccount, umid(2));
  clock->setUtcNow(testing::FakeClock::kFirstDate + 1h);
  client.getMessageDetails(kSubAccount, umid(3));
  EXPECT_EQ(arrivals(), (Durations{0s, 1s, 2s}));
}

TEST_F(PacedClient, theEstimateCountsThoseThatWait) {
  const ChatAppsClient client(options());
  EXPECT_EQ(client.estimate(kSubAccount, 0), 0ms);
  EXPECT_EQ(client.estimate(kSubAccount, 1), 0ms);
  EXPECT_EQ(client.estimate(kSubAccount, 1001), 1000s);
  client.getMessageDetails(kSubAccount, umid(1));
  EXPECT_EQ(client.estimate(kSubAccount, 1), 1s);
  EXPECT_GT(client.estimate(kSubAccount, SIZE_MAX), 24h);
}

TEST_F(PacedClient, aDayOfCallsTakesAMoment) {
  const ChatAppsClient client(options());
  CallOptions patient;
  patient.timeout = 24h;
  for (int i = 0; i < 2000; ++i) client.getMessageDetails(kSubAccount, umid(i), patient);
  EXPECT_EQ(elapsed(), 1999s);
}

TEST_F(PacedClient, threadsTakeTurnsInTheOrderInWhichTheyCame) {
  const ChatAppsClient client(options());
  client.getMessageDetails(kSubAccount, umid(0));
  std::vector<std::thread> threads;
  {
    const Standstill still(clock);
    for (int i = 1; i <= 8; ++i) {
      threads.emplace_back([&client, i] { client.getMessageDetails(kSubAccount, umid(i)); });
      while (client.estimate(kSubAccount, 1) < std::chrono::seconds(i + 1)) std::this_thread::yield();
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(arrivals(), (Durations{0s, 1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s}));
  for (int i = 0; i <= 8; ++i) EXPECT_EQ(askedFor()[static_cast<std::size_t>(i)], umid(i));
}

}  // namespace
}  // namespace chatapps
