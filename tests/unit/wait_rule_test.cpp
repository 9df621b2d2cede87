// When a wait is over where the plan does not tell, or a clock is wrong: the rule by itself, without a client.
#include <gtest/gtest.h>

#include <utility>

#include "delivery/server_time.hpp"
#include "wait/wait.hpp"

namespace chatapps {
namespace {

using namespace std::chrono_literals;

const SystemTime kSubmitted{std::chrono::seconds(1'767'225'600)};  // 2026-01-01T00:00:00Z

class WaitRule : public ::testing::Test {
 protected:
  static MessageDetail record(int step, Channel channel, State state, const char* time) {
    MessageDetail detail;
    detail.step = step;
    detail.channel = std::move(channel);
    detail.status.state = std::move(state);
    if (*time) detail.status.timestamp = Timestamp(time);
    detail.createdAt = Timestamp("2026-01-01T00:00:00Z");
    return detail;
  }

  Wait begin(FallbackPlan plan) {
    WaitOptions options;
    options.timeout = 24h;
    options.plan = std::move(plan);
    return Wait(
        {}, options, [] { return 0.5; }, began);
  }

  /// How long it looks at the same records, told by a clock that is `ahead` of the server's; at most an hour.
  Clock::duration timeToEnd(Wait wait, const MessageDetails& details, Clock::duration ahead = 0s) {
    Clock::time_point now = began;
    while (now - began < 1h) {
      const Wait::Next next = wait.looked(details, now, kSubmitted + 10s + (now - began) + ahead);
      if (next.outcome) {
        EXPECT_TRUE(next.outcome->value().isFinal());
        EXPECT_FALSE(next.outcome->value().delivered());
        return now - began;
      }
      now = next.lookAt;
    }
    return now - began;
  }

  const FallbackPlan viberThenSms{{{Channel::Viber, SuccessStatus::Delivered, 60s}, {Channel::SMS}}};
  const Clock::time_point began{5h};
};

TEST_F(WaitRule, aPlanThatDoesNotFitIsAsNoPlan) {
  const FallbackPlan other{{{Channel::WhatsApp, SuccessStatus::Delivered, 60s}, {Channel::SMS}}};
  const auto took = timeToEnd(begin(other), {record(1, Channel::Viber, State::Undelivered, "2026-01-01T00:00:05Z")});
  EXPECT_GE(took, 60s);
  EXPECT_LE(took, 61s);
}

TEST_F(WaitRule, aFailureThatDoesNotTellItsTimeEndsAfterTheGraceWithoutAPlan) {
  const auto took = timeToEnd(begin({}), {record(1, Channel::Viber, State::Undelivered, "")});
  EXPECT_GE(took, 60s);
  EXPECT_LE(took, 61s);
}

TEST_F(WaitRule, byThePlanItEndsAfterDelayAndPatienceFromWhenItWasSeen) {
  const auto took = timeToEnd(begin(viberThenSms), {record(1, Channel::Viber, State::Undelivered, "")});
  EXPECT_GE(took, 120s);
  EXPECT_LE(took, 121s);
}

TEST_F(WaitRule, aProvidersClockThatIsAheadEndsNoPlannedWaitEarly) {
  const MessageDetails failed{record(1, Channel::WhatsApp, State::Undelivered, "2026-01-01T00:20:00Z"),
                              record(2, Channel::Viber, State::Undelivered, "2026-01-01T00:00:05Z")};
  Wait wait = begin({{{Channel::WhatsApp}, {Channel::Viber, SuccessStatus::Delivered, 60s}, {Channel::SMS}}});
  EXPECT_FALSE(wait.looked(failed, began, kSubmitted + 10s).outcome);
}

TEST_F(WaitRule, aStepThatIsWaitedForByThePlanEndsAfterDelayAndPatience) {
  const MessageDetails failed{record(1, Channel::Viber, State::Undelivered, "2026-01-01T00:00:05Z")};
  const auto took = timeToEnd(begin(viberThenSms), failed);
  EXPECT_GE(took, 115s);
  EXPECT_LE(took, 180s);
}

TEST_F(WaitRule, row47_aClockThatIsAnHourAheadEndsNoPlannedWaitEarly) {
  const MessageDetails failed{record(1, Channel::Viber, State::Undelivered, "2026-01-01T00:00:05Z")};
  EXPECT_GE(timeToEnd(begin(viberThenSms), failed, 59min), 115s);
  EXPECT_GE(timeToEnd(begin(viberThenSms), failed, 2min), 115s);
  EXPECT_LE(timeToEnd(begin(viberThenSms), failed, 59min), 180s);
}

TEST_F(WaitRule, aClockThatIsBehindDoesNotProlongIt) {
  const MessageDetails failed{record(1, Channel::Viber, State::Undelivered, "2026-01-01T00:00:05Z")};
  EXPECT_LE(timeToEnd(begin(viberThenSms), failed, -50min), 180s);
}

TEST_F(WaitRule, anOldMessageIsNotWatchedAsIfItWereNew) {
  const MessageDetails failed{record(1, Channel::Viber, State::Undelivered, "2026-01-01T00:00:05Z")};
  EXPECT_EQ(timeToEnd(begin(viberThenSms), failed, 3h), 0s);
}

TEST(ServerTime, isOurOwnUntilARecordTellsMore) {
  delivery::ServerTime time;
  const Clock::time_point now{1h};
  EXPECT_EQ(time.at(now, kSubmitted), kSubmitted);
  time.saw(std::nullopt, now);
  EXPECT_EQ(time.at(now, kSubmitted), kSubmitted);
  time.saw(kSubmitted - 5min, now);
  EXPECT_EQ(time.at(now + 1min, kSubmitted + 1min), kSubmitted - 4min);
}

TEST(ServerTime, theLatestThatWasSeenCountsAndStaysWithinAnHourOfOurs) {
  delivery::ServerTime time;
  const Clock::time_point now{1h};
  time.saw(kSubmitted + 5min, now);
  time.saw(kSubmitted, now + 1min);
  EXPECT_EQ(time.at(now + 1min, kSubmitted), kSubmitted + 6min);
  time.saw(SystemTime::max(), now);
  EXPECT_EQ(time.at(now, kSubmitted), kSubmitted + 1h);
}

}  // namespace
}  // namespace chatapps
