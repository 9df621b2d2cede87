// A pacer of the user's: it is asked for the head of a lane alone, and can only add delay.
#include <atomic>
#include <future>
#include <thread>

#include "chatapps/pacer.hpp"
#include "unit/client_fixture.hpp"

namespace chatapps {
namespace {

/// Answers at once with what the test says, and remembers what it was asked.
class TestPacer : public Pacer {
 public:
  struct Asked {
    std::string origin, subAccountId;
    Clock::duration interval;
  };

  void reserve(const LaneName& lane, Clock::duration interval, std::function<void(Clock::duration)> done) override {
    Clock::duration wait;
    {
      const std::lock_guard lock(mutex);
      asked.push_back({lane.origin, lane.subAccountId, interval});
      wait = waits.empty() ? Clock::duration::zero() : waits.front();
      if (!waits.empty()) waits.erase(waits.begin());
    }
    if (answers) return answers(std::move(done));
    done(wait);
  }
  std::optional<Clock::duration> confirm(const LaneName& lane, Clock::duration interval,
                                         Clock::duration late) override {
    if (lostOnce.exchange(false)) return std::nullopt;
    return Pacer::confirm(lane, interval, late);
  }
  void giveBack(const LaneName&) noexcept override { ++givenBack; }
  void hold(const LaneName& lane, Clock::duration pause) override {
    const std::lock_guard lock(mutex);
    holds.emplace_back(lane.subAccountId, pause);
  }

  std::mutex mutex;
  std::vector<Asked> asked;
  std::vector<Clock::duration> waits;
  std::vector<std::pair<std::string, Clock::duration>> holds;
  std::atomic<int> givenBack{0};
  std::atomic<bool> lostOnce{false};                                  ///< the next slot is lost before it is used
  std::function<void(std::function<void(Clock::duration)>)> answers;  ///< instead of at once
};

class SharedPacer : public ClientFixture {
 protected:
  ClientOptions shared() const {
    ClientOptions options = ClientFixture::options();
    options.pacing = Pacing::shared(pacer);
    return options;
  }

  /// The answer about this message comes after two seconds.
  void answerLate(const std::string& late) const {
    server->answers([late](const Server::Seen& seen) {
      Reply reply = Server::found(seen);
      if (seen.umid == late) reply.after = 2s;
      return reply;
    });
  }
  /// Of messages that stay.
  static MessageSource sourceOf(const std::vector<MessageRef>& messages) {
    return [&messages, next = messages.begin()]() mutable {
      return next == messages.end() ? std::nullopt : std::optional<MessageRef>(*next++);
    };
  }

  const std::shared_ptr<TestPacer> pacer = std::make_shared<TestPacer>();
};

TEST_F(SharedPacer, isAskedOnceForEachRequestWithLaneAndInterval) {
  const ChatAppsClient client(shared());
  for (int i = 0; i < 3; ++i) client.getMessageDetails(kSubAccount, umid(i));
  ASSERT_EQ(pacer->asked.size(), 3u);
  EXPECT_EQ(pacer->asked[0].origin, "https://chatapps.8x8.com:443");
  EXPECT_EQ(pacer->asked[0].subAccountId, kSubAccount);
  EXPECT_EQ(pacer->asked[0].interval, 1s);
  EXPECT_EQ(arrivals(), (Durations{0s, 1s, 2s})) << "the process's own lane holds all the same";
}

TEST_F(SharedPacer, canAddDelay) {
  pacer->waits = {0s, 5s, 0s};
  const ChatAppsClient client(shared());
  for (int i = 0; i < 3; ++i) client.getMessageDetails(kSubAccount, umid(i));
  EXPECT_EQ(arrivals(), (Durations{0s, 6s, 7s}));
}

TEST_F(SharedPacer, aSlotInThePastIsNow) {
  pacer->waits = {-5s, Clock::duration::min()};
  const ChatAppsClient client(shared());
  for (int i = 0; i < 2; ++i) client.getMessageDetails(kSubAccount, umid(i));
  EXPECT_EQ(arrivals(), (Durations{0s, 1s}));
}

TEST_F(SharedPacer, aSlotBeyondTheDeadlineFailsAtOnceAndFreesTheLane) {
  pacer->waits = {40s, Clock::duration::max()};
  const ChatAppsClient client(shared());
  for (int i = 0; i < 2; ++i) {
    const auto error = caught<TimeoutError>([&] { client.getMessageDetails(kSubAccount, umid(i)); });
    EXPECT_TRUE(error.wouldWait());
    EXPECT_EQ(error.attempts(), 0);
  }
  EXPECT_EQ(elapsed(), 0s);
  EXPECT_EQ(pacer->givenBack, 2);
  client.getMessageDetails(kSubAccount, umid(3));
  EXPECT_EQ(server->count(), 1u);
  EXPECT_EQ(pacer->givenBack, 2) << "that one was used";
}

TEST_F(SharedPacer, row51_aWaitLivesThroughOneThatIsShut) {
  pacer->waits = {Clock::duration::max(), Clock::duration::max()};
  WaitOptions wait;
  wait.until = [](const DeliveryReport&) { return true; };
  EXPECT_NO_THROW(ChatAppsClient(shared()).waitFor(kSubAccount, umid(1), wait));
  EXPECT_EQ(server->count(), 1u);
}

TEST_F(SharedPacer, hearsOfA429AsLongAsTheLaneIsHeld) {
  server->answers([](const Server::Seen& seen) {
    return seen.number == 1 ? answer(429, "", {{"Retry-After", "86400"}}) : Server::found(seen);
  });
  caught<RateLimitError>([&] { ChatAppsClient(shared()).getMessageDetails(kSubAccount, umid(1)); });
  ASSERT_EQ(pacer->holds.size(), 1u);
  EXPECT_EQ(pacer->holds[0], std::make_pair(std::string(kSubAccount), Clock::duration(60s)))
      << "no server holds the fleet for a day";
}

TEST_F(SharedPacer, mayAnswerFromAThreadOfItsOwn) {
  std::vector<std::thread> threads;
  pacer->answers = [&](std::function<void(Clock::duration)> done) {
    threads.emplace_back([done = std::move(done)] { done(0s); });
  };
  const ChatAppsClient client(shared());
  for (int i = 0; i < 3; ++i) {
    const Standstill still(clock);
    clock->advance(1s);
    EXPECT_EQ(client.getMessageDetails(kSubAccount, umid(i)).size(), 1u);
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(SharedPacer, oneThatIsSilentEndsAtTheDeadline) {
  std::function<void(Clock::duration)> kept;
  pacer->answers = [&](std::function<void(Clock::duration)> done) { kept = std::move(done); };
  const ChatAppsClient client(shared());
  const auto error = caught<TimeoutError>([&] { client.getMessageDetails(kSubAccount, umid(1)); });
  EXPECT_EQ(error.attempts(), 0);
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_EQ(elapsed(), 30s);
  kept(0s);  // too late: nobody is there any more
  EXPECT_EQ(server->count(), 0u);
  pacer->answers = nullptr;
  client.getMessageDetails(kSubAccount, umid(2));
  EXPECT_EQ(server->count(), 1u);
}

TEST_F(SharedPacer, aReservationThatIsStaleIsTakenAnew) {
  pacer->waits = {1s, 2s};
  pacer->lostOnce = true;
  const ChatAppsClient client(shared());
  client.getMessageDetails(kSubAccount, umid(1));
  EXPECT_EQ(pacer->asked.size(), 2u);
  EXPECT_EQ(arrivals(), (Durations{3s})) << "when the second one falls due";
}

TEST_F(SharedPacer, byDefaultAReservationIsStaleAfterAQuarterOfASecond) {
  const LaneName lane{"https://h", kSubAccount};
  EXPECT_EQ(pacer->confirm(lane, 1s, 0ms), 0ns);
  EXPECT_EQ(pacer->confirm(lane, 1s, 250ms), 0ns);
  EXPECT_EQ(pacer->confirm(lane, 1s, 251ms), std::nullopt);
}

TEST_F(SharedPacer, aCancelledReservationIsNotUsed) {
  const CancellationSource source;
  pacer->waits = {20s, 0s};
  const ChatAppsClient client(shared());
  CallOptions call;
  call.cancellation = source.token();
  {
    const Standstill still(clock);
    std::future<MessageDetails> first = client.getMessageDetailsAsync(kSubAccount, umid(1), call);
    std::future<MessageDetails> second = client.getMessageDetailsAsync(kSubAccount, umid(2));
    while (true) {
      std::this_thread::yield();
      const std::lock_guard lock(pacer->mutex);
      if (!pacer->asked.empty()) break;
    }
    source.cancel();
    caught<CancelledError>([&] { first.get(); });
    EXPECT_EQ(second.get().size(), 1u) << "it goes at once";
  }
  EXPECT_EQ(askedFor(), std::vector<std::string>{umid(2)});
  EXPECT_EQ(elapsed(), 0s);
  EXPECT_EQ(pacer->givenBack, 1);
}

TEST_F(SharedPacer, aDirectCallUsesTheSlotThatARunReserved) {
  const std::vector<MessageRef> messages = {{"another", umid(9)}, {kSubAccount, umid(1)}, {kSubAccount, umid(2)}};
  answerLate(umid(9));
  pacer->waits = {0s, 0s, 5s};  // the last one is asked for after a second
  const ChatAppsClient client(shared());
  client.getMany(sourceOf(messages), [&](const BulkResult& result) {
    if (result.ref.umid == umid(9)) client.getMessageDetails(kSubAccount, umid(3));
  });
  EXPECT_EQ(askedFor(), (std::vector<std::string>{umid(9), umid(1), umid(3), umid(2)}));
  EXPECT_EQ(arrivals(), (Durations{0s, 0s, 6s, 7s}));
  EXPECT_EQ(pacer->givenBack, 0);
}

TEST_F(SharedPacer, aDirectCallThatCanNotWaitLeavesTheRunItsSlot) {
  const std::vector<MessageRef> messages = {{"another", umid(9)}, {kSubAccount, umid(1)}};
  answerLate(umid(9));
  pacer->waits = {0s, 5s, 5s};
  const ChatAppsClient client(shared());
  client.getMany(sourceOf(messages), [&](const BulkResult& result) {
    if (result.ref.umid != umid(9)) return;
    CallOptions hasty;
    hasty.timeout = 1s;
    caught<TimeoutError>([&] { client.getMessageDetails(kSubAccount, umid(3), hasty); });
  });
  EXPECT_EQ(arrivals(), (Durations{0s, 5s}));
  EXPECT_EQ(pacer->asked.size(), 2u);
  EXPECT_EQ(pacer->givenBack, 0);
}

TEST_F(SharedPacer, aRunWaitsForNoSlotThatNeverComes) {
  const std::vector<MessageRef> messages = {{kSubAccount, umid(1)}, {kSubAccount, umid(2)}, {kSubAccount, umid(3)}};
  pacer->waits = {Clock::duration::max(), Clock::duration::max()};
  const ChatAppsClient client(shared());
  int refused = 0;
  client.getMany(sourceOf(messages), [&](const BulkResult& result) {
    if (result.outcome.ok()) return;
    ++refused;
    EXPECT_TRUE(caught<TimeoutError>([&] { result.outcome.value(); }).wouldWait());
  });
  EXPECT_EQ(refused, 2);
  EXPECT_EQ(askedFor(), std::vector<std::string>{umid(3)}) << "the pacer is back";
  EXPECT_EQ(elapsed(), 0s);
}

TEST_F(SharedPacer, isAskedForTheHeadOfALaneAlone) {
  std::vector<std::function<void(Clock::duration)>> kept;
  pacer->answers = [&](std::function<void(Clock::duration)> done) { kept.push_back(std::move(done)); };
  const ChatAppsClient client(shared());
  std::vector<std::future<MessageDetails>> futures;
  const Standstill still(clock);
  for (int i = 0; i < 5; ++i) futures.push_back(client.getMessageDetailsAsync(kSubAccount, umid(i)));
  futures.push_back(client.getMessageDetailsAsync("another", umid(9)));
  const auto askedTimes = [&] {
    const std::lock_guard lock(pacer->mutex);
    return pacer->asked.size();
  };
  while (askedTimes() < 2) std::this_thread::yield();
  for (int i = 0; i < 1000; ++i) std::this_thread::yield();
  EXPECT_EQ(askedTimes(), 2u) << "one for each lane";
}

TEST_F(SharedPacer, callsThatShareARequestShareTheReservation) {
  const ChatAppsClient client(shared());
  std::vector<std::future<MessageDetails>> futures;
  {
    const Standstill still(clock);
    futures.push_back(client.getMessageDetailsAsync(kSubAccount, umid(0)));
    for (int i = 0; i < 5; ++i) futures.push_back(client.getMessageDetailsAsync(kSubAccount, umid(1)));
  }
  for (auto& future : futures) future.get();
  EXPECT_EQ(pacer->asked.size(), 2u);
}

TEST_F(SharedPacer, oneThatSharesARequestHasSentNothingUntilItLeaves) {
  pacer->waits = {0s, 60s};
  const ChatAppsClient client(shared());
  client.getMessageDetails(kSubAccount, umid(0));
  std::future<MessageDetails> patient, hasty;
  {
    const Standstill still(clock);
    CallOptions call;
    call.timeout = 10min;
    patient = client.getMessageDetailsAsync(kSubAccount, umid(1), call);
    call.timeout = 20s;
    hasty = client.getMessageDetailsAsync(kSubAccount, umid(1), call);
    while (client.estimate(kSubAccount, 1) < 2s) std::this_thread::yield();
  }
  const auto error = caught<TimeoutError>([&] { hasty.get(); });
  EXPECT_EQ(error.attempts(), 0);
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_EQ(patient.get().size(), 1u);
  EXPECT_EQ(server->count(), 2u);
}

TEST_F(SharedPacer, whenACallGivesUpItsSlotThoseWhoShareItAreNext) {
  pacer->waits = {0s, 10s};
  const ChatAppsClient client(shared());
  client.getMessageDetails(kSubAccount, umid(0));
  const CancellationSource source;
  std::vector<std::future<MessageDetails>> futures;
  {
    const Standstill still(clock);
    CallOptions call;
    call.cancellation = source.token();
    futures.push_back(client.getMessageDetailsAsync(kSubAccount, umid(1), call));
    futures.push_back(client.getMessageDetailsAsync(kSubAccount, umid(1)));
    futures.push_back(client.getMessageDetailsAsync(kSubAccount, umid(2)));
    while (client.estimate(kSubAccount, 1) < 3s) std::this_thread::yield();
    clock->advance(1s);
    for (std::size_t asked = 0; asked < 2;) {
      const std::lock_guard lock(pacer->mutex);
      asked = pacer->asked.size();
    }
    source.cancel();
    caught<CancelledError>([&] { futures[0].get(); });
  }
  for (int i : {1, 2}) EXPECT_EQ(futures[static_cast<std::size_t>(i)].get().size(), 1u);
  EXPECT_EQ(askedFor(), (std::vector<std::string>{umid(0), umid(1), umid(2)}));
}

}  // namespace
}  // namespace chatapps
