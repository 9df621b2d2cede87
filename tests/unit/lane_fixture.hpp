// What the tests of a lane share.
#pragma once

#include "pacing/lane.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace chatapps::pacing {
using namespace std::chrono_literals;

// Tickets count how often they were called; time is a plain variable.
class LaneTest : public ::testing::Test {
 protected:
  using Kind = Turn::Kind;
  static constexpr std::size_t kMany = 100'000;

  struct Caller : Ticket {
    std::string message;
    int calls = 0;
  };

  std::shared_ptr<Caller> make(const std::string& message = "", Duration timeout = 24h) {
    auto caller = std::make_shared<Caller>();
    caller->message = message;
    caller->umid = caller->message;
    if (!message.empty()) caller->client = this;
    caller->interval = 1s;
    caller->deadline = now + timeout;
    caller->onTurn = [raw = caller.get()] { ++raw->calls; };
    return caller;
  }
  bool enter(const std::shared_ptr<Caller>& caller, Lane::End end = Lane::End::Back) {
    return lane.enter(caller, end, kMany, now);
  }
  std::shared_ptr<Caller> enter(const std::string& message = "") {
    auto caller = make(message);
    EXPECT_TRUE(enter(caller));
    return caller;
  }
  Kind ask(const std::shared_ptr<Caller>& caller) { return lane.ask(*caller, now).kind; }
  Duration later(const std::shared_ptr<Caller>& caller) {
    const Turn turn = lane.ask(*caller, now);
    EXPECT_EQ(turn.kind, Kind::Later);
    return turn.at - now;
  }
  void goAndSend(const std::shared_ptr<Caller>& caller) {
    ASSERT_EQ(ask(caller), Kind::Go);
    lane.sent(now);
  }
  void goAndFinish(const std::shared_ptr<Caller>& caller, Duration roundTrip = 0s) {
    goAndSend(caller);
    const Time sentAt = now;
    now += roundTrip;
    lane.answered(sentAt, now);
    lane.succeeded();
  }
  // Teaches the lane that answers take so long.
  void learn(Duration roundTrip, int times = 100) {
    for (int i = 0; i < times; ++i) {
      goAndFinish(enter(), roundTrip);
      now += 2s;
    }
  }

  Lane lane;
  Time now{1000h};
};

}  // namespace chatapps::pacing
