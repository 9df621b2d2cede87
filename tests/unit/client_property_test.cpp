// Random days of many calls, cancellations and faults on virtual time, and what must hold of every one of them.
#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <thread>

#include "chatapps/testing/sandbox.hpp"
#include "http/loop.hpp"
#include "unit/client_fixture.hpp"

namespace chatapps {
namespace {

using Time = Clock::time_point;
using testing::Sandbox;
using testing::SandboxRequest;

constexpr int kCalls = 60;
constexpr int kThreads = 3;
constexpr int kMessages = 12;
constexpr auto kInterval = 1s;
constexpr const char* kAccounts[] = {"account-a", "account-b", "account-c"};

/// Draws what happens; the same seed draws the same.
class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  int upTo(int most) { return std::uniform_int_distribution<int>(0, most)(engine_); }
  bool oneIn(int count) { return upTo(count - 1) == 0; }
  std::chrono::milliseconds time(std::chrono::milliseconds most) {
    return std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(0, most.count())(engine_));
  }

 private:
  std::mt19937 engine_;
};

/// Remembers when lanes were held as well.
class HoldLog : public support::EventLog {
 public:
  struct Hold {
    std::string account;
    Time from, until;
  };
  explicit HoldLog(std::shared_ptr<Clock> clock) : clock_(std::move(clock)) {}
  void onLaneHeld(const LaneHeld& event) override {
    const std::lock_guard lock(mutex_);
    holds_.push_back({event.subAccountId, clock_->now(), clock_->now() + event.pause});
  }
  std::vector<Hold> holds() const {
    const std::lock_guard lock(mutex_);
    return holds_;
  }

 private:
  std::shared_ptr<Clock> clock_;
  mutable std::mutex mutex_;
  std::vector<Hold> holds_;
};

/// One asynchronous call and all that became of it.
struct Asked {
  Time begins{}, cancelAt = Time::max();
  std::chrono::milliseconds timeout{};
  std::string account, message;
  bool withHeader = false;
  CancellationSource source;
  std::atomic<int> told{0};
  Time ended{};
  std::optional<Outcome<MessageDetails>> outcome;
};

class Day {
 public:
  explicit Day(unsigned seed) : dice_(seed) {
    testing::SandboxOptions options;
    options.apiKeys = {"first-key", "second-key"};
    options.subAccounts = {"*"};
    options.seed = seed;
    options.latency = dice_.oneIn(2) ? 0ms : dice_.time(3s);
    options.clock = clock_;
    sandbox_ = std::make_shared<Sandbox>(options);
    for (int i = 0; i < kMessages; ++i) {
      testing::SandboxMessage message;
      message.umid = umid(i);
      message.steps = {{Channel{"SMS"}, {{Clock::duration::zero(), State{"sent"}}}}};
      sandbox_->addMessage(message);
    }
    sandbox_->intercept([this](const HttpRequest&) { return fault(); });
    for (const char* key : {"first-key", "second-key"}) {
      ClientOptions client;
      client.apiKey = key;
      client.clock = clock_;
      client.transport = sandbox_;
      client.observer = log_;
      client.shareIdenticalCalls = !dice_.oneIn(3);
      clients_.push_back(std::make_unique<ChatAppsClient>(client));
    }
    for (int i = 0; i < kCalls; ++i) plan(calls_.emplace_back());
    if (dice_.oneIn(4)) clientEndsAt_ = start_ + dice_.time(60s);
  }

  /// Runs until every call has ended. False when one has not within a virtual day.
  bool run() {
    http::Loop loop(clock_, sandbox_, nullptr);
    bool tooLate = false;
    loop.at(start_ + 24h, [&] { tooLate = true; });
    for (int i = 0; i < kCalls; ++i) {
      Asked& call = calls_[static_cast<std::size_t>(i)];
      loop.at(call.begins, [this, &call, i, inbox = loop.inbox()] { begin(call, i, inbox); });
      if (call.cancelAt != Time::max()) loop.at(call.cancelAt, [&call] { call.source.cancel(); });
    }
    if (clientEndsAt_ != Time::max()) loop.at(clientEndsAt_, [this] { clients_.back().reset(); });
    std::vector<std::thread> threads;
    for (const char* account : kAccounts) {
      // A loop around its calls keeps time from running away between two of them.
      threads.emplace_back(
          [this, account, inbox = loop.inbox(), around = std::make_unique<http::Loop>(clock_, sandbox_, nullptr)] {
            around->runUntil([&] { return makeSyncCalls(account); });
            ++threadsEnded_;
            inbox->post([] {});
          });
    }
    loop.runUntil([&] { return tooLate || (ended_ == kCalls && threadsEnded_ == kThreads); });
    for (std::thread& thread : threads) thread.join();
    return !tooLate;
  }

  void check() {
    checkGaps();
    checkHolds();
    for (const Asked& call : calls_) checkEnd(call);
    for (const char* account : kAccounts) {
      EXPECT_LE(clients_.front()->estimate(account, 1), 60s) << "nobody holds a place in " << account;
    }
    clients_.clear();
    EXPECT_EQ(log_->started().size(), sandbox_->requests().size()) << "every request is an attempt";
    EXPECT_LE(log_->finished().size(), log_->started().size());
    EXPECT_EQ(log_->calls().size(), calls_.size() + syncCalls_) << "every call ends for the observer";
  }

 private:
  void plan(Asked& call) {
    call.begins = start_ + dice_.time(30s);
    call.timeout = 100ms + dice_.time(40s);
    call.account = kAccounts[dice_.upTo(2)];
    call.message = umid(dice_.upTo(kMessages));  // the last one is not known
    call.withHeader = dice_.oneIn(6);
    if (dice_.oneIn(4)) call.cancelAt = call.begins + dice_.time(20s);
  }

  std::optional<Reply> fault() {
    const std::lock_guard lock(mutex_);
    switch (dice_.upTo(14)) {
      case 0: return answer(503, "", {}, dice_.time(2s));
      case 1: return answer(503, "", {{"Retry-After", std::to_string(dice_.upTo(5))}});
      case 2: return answer(429, "", {{"Retry-After", std::to_string(dice_.upTo(8))}}, dice_.time(2s));
      case 3: return silence();
      case 4: {
        TransportFailure failure;
        failure.reason = "scripted";
        failure.delivery = dice_.oneIn(2) ? Delivery::NotSent : Delivery::MaybeSent;
        failure.retry = static_cast<TransportFailure::Retry>(dice_.upTo(2));
        return Reply{failure, dice_.time(3s)};
      }
      case 5: return answer(200, testing::ScriptedTransport::exampleBody(umid(999)));
      case 6: return answer(200, testing::ScriptedTransport::exampleBody().substr(0, 50));
      default: return std::nullopt;
    }
  }

  void begin(Asked& call, int number, const std::shared_ptr<http::Inbox>& inbox) {
    const auto& client = number % 2 == 0 || !clients_.back() ? clients_.front() : clients_.back();
    CallOptions options;
    options.timeout = call.timeout;
    options.cancellation = call.source.token();
    if (call.withHeader) options.headers = {{"X-Own", "1"}};
    client->getMessageDetailsAsync(call.account, call.message, options,
                                   [this, &call, inbox](Outcome<MessageDetails> outcome) {
                                     if (++call.told > 1) return;
                                     call.ended = clock_->now();
                                     call.outcome = std::move(outcome);
                                     ++ended_;
                                     inbox->post([] {});
                                   });
  }

  bool makeSyncCalls(const char* account) {
    for (int i = 0; i < 5; ++i) {
      try {
        ++syncCalls_;
        clients_.front()->getMessageDetails(account, umid(i));
      } catch (const ChatAppsError&) {
      }
    }
    return true;
  }

  void checkGaps() const {
    std::map<std::string, Time> last;
    for (const SandboxRequest& request : sandbox_->requests()) {
      const auto before = last.find(request.subAccountId);
      if (before != last.end()) {
        EXPECT_GE(request.at - before->second, kInterval) << request.subAccountId;
      }
      last[request.subAccountId] = request.at;
    }
  }

  void checkHolds() const {
    for (const HoldLog::Hold& hold : log_->holds()) {
      EXPECT_GE(hold.until - hold.from, 1s);
      for (const SandboxRequest& request : sandbox_->requests()) {
        EXPECT_FALSE(request.subAccountId == hold.account && request.at > hold.from && request.at < hold.until);
      }
    }
  }

  void checkEnd(const Asked& call) const {
    ASSERT_EQ(call.told, 1);
    const auto took = call.ended - call.begins;
    EXPECT_LE(took, call.timeout);
    EXPECT_LE(call.ended, std::max(call.cancelAt, call.begins));
    try {
      for (const MessageDetail& detail : call.outcome->value()) EXPECT_EQ(detail.umid, call.message);
    } catch (const CancelledError&) {
      EXPECT_TRUE(call.ended == call.cancelAt || call.ended == clientEndsAt_);
    } catch (const TimeoutError& error) {
      EXPECT_TRUE(error.wouldWait() || took == call.timeout);
    } catch (const ChatAppsError& error) {
      EXPECT_GE(error.attempts(), 1);
      EXPECT_LE(error.attempts(), 4);
      EXPECT_EQ(error.umid(), call.message);
    }
  }

  Dice dice_;
  std::mutex mutex_;
  const std::shared_ptr<testing::FakeClock> clock_ = std::make_shared<testing::FakeClock>();
  const std::shared_ptr<HoldLog> log_ = std::make_shared<HoldLog>(clock_);
  const Time start_ = clock_->now();
  std::shared_ptr<Sandbox> sandbox_;
  std::vector<std::unique_ptr<ChatAppsClient>> clients_;
  Time clientEndsAt_ = Time::max();
  std::deque<Asked> calls_;
  std::atomic<int> ended_{0}, threadsEnded_{0};
  std::atomic<std::size_t> syncCalls_{0};
};

TEST(ClientProperty, everyCallEndsOnceInTimeAndNoLaneIsHurried) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Day day(seed);
    ASSERT_TRUE(day.run());
    day.check();
    if (HasFailure()) break;
  }
}

}  // namespace
}  // namespace chatapps
