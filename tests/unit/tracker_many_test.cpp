// Ten thousand messages of a hundred subaccounts, in virtual time, with receipts as they come in life.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "chatapps/chatapps.hpp"
#include "chatapps/testing/fake_clock.hpp"
#include "chatapps/testing/sandbox.hpp"
#include "sleeper.hpp"
#include "support/umid_number.hpp"

namespace chatapps {
namespace {

using namespace std::chrono_literals;
using support::umidNumber;
using testing::FakeClock;
using testing::Sandbox;
using testing::SandboxMessage;
using testing::SandboxOptions;
using testing::SandboxReceipts;

constexpr int kSubaccounts = 100;
constexpr int kMessages = 10'000;

std::string subAccount(int number) { return "sub" + std::to_string(number); }

/// Of twenty messages: fourteen are delivered within a minute, three after a fallback, two not at all, one after
/// minutes.
SandboxMessage story(int number) {
  SandboxMessage message;
  message.umid = umidNumber(number);
  message.subAccountId = subAccount(number % kSubaccounts);
  const int kind = (number / kSubaccounts) % 20;
  const Clock::duration pace = std::chrono::milliseconds(500 + (number * 7919) % 10'000);  // from 0.5 s to 10.5 s
  if (kind < 14) {
    message.steps = {{kind % 2 ? Channel::WhatsApp : Channel::SMS,
                      {{0s, State::Queued}, {pace / 2, State::Sent}, {pace * 4, State::Delivered}}}};
  } else if (kind < 17) {
    message.steps = {{Channel::Viber, {{0s, State::Queued}, {pace, State::Sent}, {pace * 2, State::Undelivered}}},
                     {Channel::SMS, {{pace * 2 + 1s, State::Sent}, {pace * 3 + 5s, State::Delivered}}}};
  } else if (kind < 19) {
    message.steps = {{Channel::SMS, {{0s, State::Queued}, {1s, State::Sent}, {pace * 3, State::Undelivered}}}};
  } else {
    message.steps = {
        {Channel::WhatsApp, {{0s, State::Queued}, {2s, State::Sent}, {120s + pace * 20, State::Delivered}}}};
  }
  return message;
}

bool isDelivered(int number) {
  const int kind = (number / kSubaccounts) % 20;
  return kind < 17 || kind == 19;
}

/// Brings the receipts to the tracker when they fall due, as a web server's thread would.
class Postman {
 public:
  Postman(Sandbox& sandbox, std::shared_ptr<FakeClock> clock, DeliveryTracker& tracker)
      : sandbox_(sandbox), clock_(std::move(clock)), tracker_(tracker) {
    clock_->enter(sleeper_);
    thread_ = std::thread([this] { run(); });
  }
  ~Postman() { goHome(); }

  void goHome() {
    if (thread_.joinable()) thread_.join();
  }
  /// Once it is home.
  std::size_t brought() const { return brought_; }

 private:
  void run() {
    while (const auto next = sandbox_.nextReceiptAt()) {
      clock_->sleep(sleeper_, *next);
      for (const auto& receipt : sandbox_.takeReceipts(clock_->now())) {
        tracker_.ingest(parseDeliveryReceipt(receipt.body));
        ++brought_;
      }
    }
    clock_->leave(sleeper_);
  }

  Sandbox& sandbox_;
  const std::shared_ptr<FakeClock> clock_;
  DeliveryTracker& tracker_;
  Sleeper sleeper_;
  std::size_t brought_ = 0;
  std::thread thread_;
};

struct Result {
  std::size_t requests = 0;
  std::size_t receipts = 0;
  Clock::duration took{};
};

Result follow(std::optional<SandboxReceipts> receipts) {
  const auto clock = std::make_shared<FakeClock>();
  const auto began = clock->now();
  SandboxOptions sandboxOptions;
  sandboxOptions.clock = clock;
  sandboxOptions.receipts = receipts;
  sandboxOptions.builtInMessages = false;
  const auto sandbox = std::make_shared<Sandbox>(sandboxOptions);
  for (int i = 0; i < kMessages; ++i) sandbox->addMessage(story(i));

  ClientOptions options;
  options.apiKey = Sandbox::kApiKey;
  options.clock = clock;
  options.transport = sandbox;
  options.retry.random = [] { return 0.5; };
  std::map<std::string, Ending> endings;
  std::set<std::string> unlikeTheEnd;
  std::uint64_t last = 0;
  Clock::time_point ended{};
  TrackerOptions tracking;
  tracking.onChange = [&](const TrackedChange& change) {
    EXPECT_EQ(change.number, ++last);
    EXPECT_EQ(endings.count(change.umid), 0u) << "a change after the end of " << change.umid;
    ended = clock->now();
    if (change.ending != Ending::None) endings.emplace(change.umid, change.ending);
    const int number = std::stoi(change.umid.substr(24));
    if (change.ending != Ending::None && change.report.delivered() != isDelivered(number))
      unlikeTheEnd.insert(change.umid);
  };
  DeliveryTracker tracker(ChatAppsClient(options), tracking);
  for (int i = 0; i < kMessages; ++i) EXPECT_TRUE(tracker.follow({subAccount(i % kSubaccounts), umidNumber(i)}));
  EXPECT_EQ(tracker.following(), static_cast<std::size_t>(kMessages));
  EXPECT_EQ(tracker.cycleTime(subAccount(7)), 100s);

  Result result;
  {
    Postman postman(*sandbox, clock, tracker);
    EXPECT_TRUE(tracker.run());
    postman.goHome();
    result.receipts = postman.brought();
  }
  result.took = ended - began;
  EXPECT_EQ(endings.size(), static_cast<std::size_t>(kMessages));
  EXPECT_TRUE(unlikeTheEnd.empty()) << unlikeTheEnd.size() << ", such as " << *unlikeTheEnd.begin();
  for (const auto& [umid, ending] : endings) EXPECT_EQ(ending, Ending::Reached) << umid;

  std::map<std::string, Clock::time_point> before;
  for (const auto& request : sandbox->requests()) {
    EXPECT_EQ(request.status, 200);
    const auto [place, isFirst] = before.emplace(request.subAccountId, request.at);
    if (!isFirst) {
      EXPECT_GE(request.at - place->second, 1s) << request.subAccountId;
    }
    place->second = request.at;
  }
  result.requests = sandbox->requests().size();
  return result;
}

TEST(TrackerOfMany, endsEachOnceWithinTheQuotaAndReceiptsSaveMostLooks) {
  const Result alone = follow(std::nullopt);
  const Result helped = follow(SandboxReceipts{0.3, 0.1, 0.5});
  RecordProperty("looksAlone", static_cast<int>(alone.requests));
  RecordProperty("looksWithReceipts", static_cast<int>(helped.requests));
  EXPECT_GT(helped.receipts, 15'000u);
  EXPECT_LE(alone.took, 10min);
  EXPECT_LE(helped.took, 10min);
  EXPECT_LE(helped.requests * 10, alone.requests * 4);
}

}  // namespace
}  // namespace chatapps
