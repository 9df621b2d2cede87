// The loop with a simulated network: timers, work from other threads, transfers, loops within loops.
#include "http/loop.hpp"

#include <thread>

#include "unit/client_fixture.hpp"

namespace chatapps::http {
namespace {

using Names = std::vector<std::string>;

class LoopTest : public ::testing::Test {
 protected:
  /// Runs the loop until `count` things have happened.
  void runUntil(std::size_t count) {
    loop.runUntil([&] { return happened.size() >= count; });
  }
  std::function<void()> note(std::string name) {
    return [this, name = std::move(name)] { happened.push_back(name); };
  }

  const std::shared_ptr<testing::FakeClock> clock = std::make_shared<testing::FakeClock>();
  const std::shared_ptr<Server> server = std::make_shared<Server>();
  const Clock::time_point start = clock->now();
  Names happened;
  Loop loop{clock, server, nullptr};
};

class NotedTransfer : public Transfer {
 public:
  NotedTransfer(Names& happened, std::string name) : happened_(happened), name_(std::move(name)) {
    request.url = "https://h/" + umid(1);
    request.headers = std::make_shared<const Headers>();
  }
  void onSent() noexcept override { happened_.push_back(name_ + " sent"); }
  void onDone(TransferResult result) noexcept override {
    last = std::move(result);
    happened_.push_back(name_ + " done");
    if (then) then();
  }

  TransferResult last;
  std::function<void()> then;

 private:
  Names& happened_;
  std::string name_;
};

TEST_F(LoopTest, aNudgeEndsAWaitAndIsNotForgottenWhereNoneHasBegun) {
  loop.at(start + 1h, note("late"));
  loop.inbox()->nudge();
  int asked = 0;
  loop.runUntil([&] { return ++asked == 2; });
  EXPECT_EQ(clock->now(), start);
  loop.inbox()->nudge();
  loop.inbox()->nudge();
  runUntil(1);
  EXPECT_EQ(clock->now(), start + 1h);
}

TEST_F(LoopTest, timersRunInOrderOfTimeAndThoseOfOneMomentInOrderOfTheirMaking) {
  loop.at(start + 2s, note("late"));
  loop.at(start + 1s, note("early"));
  loop.at(start + 1s, note("early too"));
  loop.at(start - 5s, note("long due"));
  runUntil(4);
  EXPECT_EQ(happened, (Names{"long due", "early", "early too", "late"}));
  EXPECT_EQ(clock->now(), start + 2s);
}

TEST_F(LoopTest, aCancelledTimerDoesNotRun) {
  Loop::Timer timer = loop.at(start + 1s, note("never"));
  loop.at(start + 2s, note("end"));
  loop.cancel(timer);
  EXPECT_FALSE(timer);
  loop.cancel(timer);
  runUntil(1);
  EXPECT_EQ(happened, Names{"end"});
}

TEST_F(LoopTest, theEndOfTimeNeverComes) { EXPECT_FALSE(loop.at(Clock::time_point::max(), note("never"))); }

TEST_F(LoopTest, aTimerMaySetAndCancelOthers) {
  Loop::Timer victim = loop.at(start + 1s, note("never"));
  loop.at(start + 1s - 1ns, [&] {
    loop.cancel(victim);
    loop.at(start, note("due at once"));
  });
  runUntil(1);
  EXPECT_EQ(happened, Names{"due at once"});
}

TEST_F(LoopTest, workFromAnotherThreadWakesTheLoop) {
  const auto inbox = loop.inbox();
  std::thread other([&] {
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(inbox->post(note("job")));
  });
  runUntil(100);
  other.join();
  EXPECT_EQ(clock->now(), start);
}

TEST_F(LoopTest, aJobMayPostAnother) {
  loop.inbox()->post([&] { loop.inbox()->post(note("second")); });
  runUntil(1);
  EXPECT_EQ(happened, Names{"second"});
}

TEST_F(LoopTest, workForALoopThatIsGoneIsForgottenAndWhatItHoldsIsFreed) {
  std::weak_ptr<int> held;
  std::shared_ptr<Inbox> inbox;
  {
    Loop shortLived(clock, server, nullptr);
    inbox = shortLived.inbox();
    const auto value = std::make_shared<int>(1);
    held = value;
    inbox->post([value] { ADD_FAILURE(); });
  }
  EXPECT_TRUE(held.expired());
  EXPECT_FALSE(inbox->post([] { ADD_FAILURE(); }));
}

TEST_F(LoopTest, aTransferIsSentAtOnceAndDoneWhenItsAnswerIsDue) {
  server->answers([](const Server::Seen&) { return answer(200, "body", {}, 3s); });
  NotedTransfer transfer(happened, "a");
  loop.send(transfer);
  EXPECT_EQ(happened, Names{"a sent"});
  runUntil(2);
  EXPECT_EQ(happened, (Names{"a sent", "a done"}));
  EXPECT_EQ(clock->now(), start + 3s);
  EXPECT_EQ(std::get<HttpResponse>(transfer.last).body, "body");
}

TEST_F(LoopTest, anAnswerThatTakesLessThanNoTimeIsThereAtOnce) {
  server->answers([](const Server::Seen&) { return answer(200, "", {}, -5s); });
  NotedTransfer transfer(happened, "a");
  loop.send(transfer);
  runUntil(2);
  EXPECT_EQ(clock->now(), start);
}

TEST_F(LoopTest, anAnswerInACenturyIsNoOverflow) {
  server->answers([](const Server::Seen&) { return answer(200, "", {}, Clock::duration::max() - 1ns); });
  NotedTransfer transfer(happened, "a");
  loop.send(transfer);
  loop.at(start + 1s, note("end"));
  runUntil(2);
  EXPECT_EQ(happened, (Names{"a sent", "end"}));
  loop.abort(transfer);
}

TEST_F(LoopTest, anAbortedTransferIsNeverDone) {
  server->answers([](const Server::Seen&) { return answer(200, "", {}, 1s); });
  NotedTransfer transfer(happened, "a");
  loop.send(transfer);
  loop.abort(transfer);
  loop.abort(transfer);
  loop.at(start + 2s, note("end"));
  runUntil(2);
  EXPECT_EQ(happened, (Names{"a sent", "end"}));
}

TEST_F(LoopTest, silenceCanBeAborted) {
  server->answers([](const Server::Seen&) { return silence(); });
  NotedTransfer transfer(happened, "a");
  loop.send(transfer);
  loop.abort(transfer);
}

TEST_F(LoopTest, aTransferMayBeSentAnewFromItsEnd) {
  NotedTransfer transfer(happened, "a");
  transfer.then = [&] {
    if (happened.size() < 6) loop.send(transfer);
  };
  loop.send(transfer);
  runUntil(6);
  EXPECT_EQ(server->count(), 3u);
}

TEST_F(LoopTest, aTransportThatThrowsIsAFailureThatMayHaveSent) {
  server->answers([](const Server::Seen&) -> Reply { throw 7; });
  NotedTransfer transfer(happened, "a");
  loop.send(transfer);
  runUntil(2);
  EXPECT_EQ(std::get<TransportFailure>(transfer.last).delivery, Delivery::MaybeSent);
}

TEST_F(LoopTest, hurryLeavesTimeAlone) {
  loop.at(start + 1s, note("late"));
  int turns = 0;
  loop.runUntil([&] {
    loop.hurry();
    return ++turns > 5;
  });
  EXPECT_EQ(clock->now(), start);
  EXPECT_TRUE(happened.empty());
}

TEST_F(LoopTest, aLoopThatRunsWithinAnotherDoesNotStopTheClock) {
  loop.at(start + 1s, [&] {
    Loop inner(clock, server, nullptr);
    inner.at(start + 5s, [&] {
      Loop innermost(clock, server, nullptr);
      bool done = false;
      innermost.at(start + 9s, [&] { done = true; });
      innermost.runUntil([&] { return done; });
      happened.push_back("innermost");
    });
    inner.runUntil([&] { return !happened.empty(); });
    happened.push_back("inner");
  });
  loop.at(start + 2s, note("overdue"));
  runUntil(3);
  EXPECT_EQ(happened, (Names{"innermost", "inner", "overdue"}));
  EXPECT_EQ(clock->now(), start + 9s);
}

TEST_F(LoopTest, workThatCameWhileAnotherLoopRanWithinIsNotLost) {
  loop.at(start + 1s, [&] {
    std::thread([&] { loop.inbox()->post(note("posted")); }).join();
    Loop inner(clock, server, nullptr);
    bool done = false;
    inner.at(start + 5s, [&] { done = true; });
    inner.runUntil([&] { return done; });
    std::thread([&] { loop.inbox()->post(note("posted later")); }).join();
  });
  runUntil(2);
  EXPECT_EQ(happened, (Names{"posted", "posted later"}));
}

}  // namespace
}  // namespace chatapps::http
