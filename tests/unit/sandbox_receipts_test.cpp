// The sandbox's delivery receipts, as data on a virtual clock.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "chatapps/errors.hpp"
#include "chatapps/receipt.hpp"
#include "sandbox_fixture.hpp"

namespace chatapps::testing {
namespace {

using namespace std::chrono_literals;

class SandboxReceiptsTest : public SandboxFixture {
 protected:
  SandboxOptions sending(SandboxReceipts receipts = {}) const {
    SandboxOptions options = unlimited();
    options.clock = std::shared_ptr<const Clock>(&clock_, [](const Clock*) {});
    options.receipts = receipts;
    options.builtInMessages = false;
    return options;
  }
  static std::vector<SandboxReceipt> all(Sandbox& sandbox) { return sandbox.takeReceipts(Clock::time_point::max()); }
};

TEST_F(SandboxReceiptsTest, eachChangeMakesOneAtItsTime) {
  Sandbox sandbox(sending());
  sandbox.addMessage(story());
  EXPECT_EQ(sandbox.nextReceiptAt(), clock_.now());
  EXPECT_EQ(sandbox.takeReceipts(clock_.now()).size(), 1u);
  EXPECT_EQ(sandbox.nextReceiptAt(), clock_.now() + 1s);
  const auto later = all(sandbox);
  ASSERT_EQ(later.size(), 4u);
  EXPECT_EQ(later[1].at, clock_.now() + 10s);
  EXPECT_TRUE(all(sandbox).empty());
  EXPECT_FALSE(sandbox.nextReceiptAt());

  const DeliveryReceipt receipt = parseDeliveryReceipt(later[1].body);
  EXPECT_EQ(receipt.version, 9);
  EXPECT_EQ(receipt.umid, kUmid);
  EXPECT_EQ(receipt.subAccountId, "sandbox");
  EXPECT_EQ(receipt.channel, Channel::Viber);
  EXPECT_EQ(receipt.status.state, State::Undelivered);
  EXPECT_EQ(receipt.status.errorCode, 2008);
  EXPECT_EQ(receipt.user->msisdn, "+63922110xxxx");
  EXPECT_EQ(receipt.status.timestamp, Timestamp("2026-01-01T00:00:10.00Z"));
}

TEST_F(SandboxReceiptsTest, aMessageThatIsReplacedSendsNoMore) {
  Sandbox sandbox(sending());
  sandbox.addMessage(story());
  EXPECT_EQ(sandbox.takeReceipts(clock_.now()).size(), 1u);
  SandboxMessage another = story();
  another.steps.resize(1);
  const std::size_t events = another.steps[0].events.size();
  sandbox.addMessage(another);
  EXPECT_EQ(all(sandbox).size(), events);
}

TEST_F(SandboxReceiptsTest, aMessageThatIsReplacedBeforeTheFirstRequestSendsNone) {
  SandboxOptions options = sending();
  options.clock.reset();
  Sandbox sandbox(options);
  sandbox.addMessage(story());
  sandbox.addMessage(story());
  ask(sandbox, requestFor("sandbox", kUmid));
  EXPECT_EQ(all(sandbox).size(), 5u);
}

TEST_F(SandboxReceiptsTest, noneAreMadeUnlessAskedFor) {
  SandboxOptions options = sending();
  options.receipts.reset();
  Sandbox sandbox(options);
  sandbox.addMessage(story());
  EXPECT_FALSE(sandbox.nextReceiptAt());
}

TEST_F(SandboxReceiptsTest, whatHappenedBeforeWasToldBefore) {
  Sandbox sandbox(sending());
  SandboxMessage message = story();
  message.age = 11s;
  sandbox.addMessage(message);
  EXPECT_EQ(all(sandbox).size(), 2u);
}

TEST_F(SandboxReceiptsTest, aMessageThatBeginsWithItsFirstLookTellsFromThenOn) {
  Sandbox sandbox(sending());
  SandboxMessage message = story();
  message.fromFirstLook = true;
  sandbox.addMessage(message);
  EXPECT_FALSE(sandbox.nextReceiptAt());
  clock_.advance(1h);
  ask(sandbox, requestFor("sandbox", kUmid));
  EXPECT_EQ(sandbox.nextReceiptAt(), clock_.now());
}

TEST_F(SandboxReceiptsTest, losesRepeatsAndShufflesTheShareItWasTold) {
  Sandbox sandbox(sending({0.3, 0.1, 0.5}));
  SandboxMessage message;
  message.steps = {{Channel::SMS, {}}};
  for (int i = 0; i < 1000; ++i) message.steps[0].events.push_back({i * 1s, State(std::to_string(i))});
  sandbox.addMessage(message);
  std::multiset<int> seen;
  int overtaken = 0, last = -1;
  for (const auto& receipt : all(sandbox)) {
    const int number = std::stoi(parseDeliveryReceipt(receipt.body).status.state.text());
    if (number < last) ++overtaken;
    last = number;
    seen.insert(number);
  }
  const std::set<int> different(seen.begin(), seen.end());
  EXPECT_NEAR(static_cast<double>(different.size()), 700, 60);
  EXPECT_NEAR(static_cast<double>(seen.size() - different.size()), 70, 30);
  EXPECT_GT(overtaken, 100);
}

TEST_F(SandboxReceiptsTest, theSameSeedMakesTheSame) {
  const auto bodies = [this](std::uint64_t seed) {
    SandboxOptions options = sending({0.5, 0.5, 0.5});
    options.seed = seed;
    Sandbox sandbox(options);
    sandbox.addMessage(story());
    std::string text;
    for (const auto& receipt : all(sandbox)) text += receipt.body;
    return text;
  };
  EXPECT_EQ(bodies(1), bodies(1));
  EXPECT_NE(bodies(1), bodies(2));
}

TEST_F(SandboxReceiptsTest, aShareBeyondOneIsRefused) {
  EXPECT_THROW(Sandbox(sending({1.5, 0, 0})), InvalidArgumentError);
  EXPECT_THROW(Sandbox(sending({0, -0.1, 0})), InvalidArgumentError);
}

}  // namespace
}  // namespace chatapps::testing
