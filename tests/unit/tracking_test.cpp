// Tracking, the rules of a tracker by themselves: time, looks and receipts come as the test says.
#include "track/tracking.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "support/umid_number.hpp"
#include "track/checkpoint_line.hpp"

namespace chatapps::track {
namespace {

using namespace std::chrono_literals;
using support::umidNumber;

constexpr SystemTime kSubmitted{std::chrono::seconds(1'767'225'600)};  // 2026-01-01T00:00:00Z

class TrackingRule : public ::testing::Test {
 protected:
  static TrackerOptions goal(Goal goal) {
    TrackerOptions options;
    options.goal = goal;
    options.timeout = 1h;
    options.checkpointFile = "not opened";
    return options;
  }

  /// So long after the messages were submitted.
  static Moment after(Clock::duration time) { return {Clock::time_point(5h) + time, kSubmitted + time}; }

  static Outcome<MessageDetails> record(Channel channel, State state, const char* time) {
    MessageDetail detail;
    detail.step = 1;
    detail.channel = std::move(channel);
    detail.status.state = std::move(state);
    detail.status.timestamp = Timestamp(time);
    detail.createdAt = Timestamp("2026-01-01T00:00:00Z");
    return MessageDetails{detail};
  }

  static DeliveryReceipt receipt(const std::string& umid, Channel channel = {}, State state = {},
                                 const char* time = "2026-01-01T00:00:05Z") {
    DeliveryReceipt receipt;
    receipt.umid = umid;
    receipt.channel = std::move(channel);
    receipt.status.state = std::move(state);
    receipt.status.timestamp = Timestamp(time);
    return receipt;
  }

  std::vector<TrackedChange> changes() {
    Tracking::News news;
    tracking.takeNews(news);
    return news.changes;
  }

  const TrackerOptions options = goal(Goal::Delivered);
  Tracking tracking{options, 0s, [] { return 0.5; }};
  const std::string first = umidNumber(1), second = umidNumber(2);
  const FallbackPlan viberThenSms{{{Channel::Viber, SuccessStatus::Delivered, 60s}, {Channel::SMS}}};
};

TEST_F(TrackingRule, aProvidersClockThatIsAheadEndsNoMessage) {
  tracking.follow({"sub-one", first}, after(0s));
  tracking.follow({"sub-two", second, viberThenSms}, after(0s));
  Followed* const ahead = tracking.nextLook(after(1s));
  Followed* const failed = tracking.nextLook(after(1s));
  ASSERT_TRUE(ahead && failed);
  tracking.looked(*ahead, record(Channel::SMS, State::Sent, "2026-01-01T00:05:00Z"), after(1s));
  tracking.looked(*failed, record(Channel::Viber, State::Undelivered, "2026-01-01T00:00:05Z"), after(6s));
  const auto told = changes();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[1].ending, Ending::None);
  EXPECT_FALSE(told[1].report.isFinal());
}

TEST_F(TrackingRule, whatAReceiptMakesOverdueIsToldAsFinalByALookOnly) {
  tracking.follow({"sub-one", first, viberThenSms}, after(0s));
  tracking.follow({"sub-two", second}, after(0s));
  tracking.heard(receipt(second, Channel::SMS, State::Delivered, "2026-01-01T00:10:00Z"), after(10min));
  changes();  // by now it is known what time it is
  tracking.heard(receipt(first, Channel::Viber, State::Undelivered), after(10min));
  const auto told = changes();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_FALSE(told[0].report.isFinal());
  EXPECT_TRUE(told[0].report.canBeDelivered);
  EXPECT_FALSE(tracking.state(first, after(10min).now)->report.isFinal());

  Followed* const message = tracking.nextLook(after(10min));
  ASSERT_TRUE(message) << "the question is asked at once";
  tracking.looked(*message, record(Channel::Viber, State::Undelivered, "2026-01-01T00:00:05Z"), after(10min));
  EXPECT_EQ(changes().at(0).ending, Ending::EndedOtherwise);
}

TEST_F(TrackingRule, aQuestionThatComesWhileItIsLookedAtIsAskedAfterwards) {
  tracking.follow({"sub-one", first}, after(0s));
  Followed* const message = tracking.nextLook(after(0s));
  ASSERT_TRUE(message);
  EXPECT_TRUE(tracking.heard(receipt(first), after(500ms)).looksAtIt);
  tracking.looked(*message, record(Channel::SMS, State::Sent, "2026-01-01T00:00:00Z"), after(1s));
  EXPECT_EQ(tracking.nextLook(after(1s)), message);
  tracking.looked(*message, record(Channel::SMS, State::Sent, "2026-01-01T00:00:00Z"), after(2s));
  EXPECT_EQ(tracking.nextLook(after(2s)), nullptr);
}

TEST_F(TrackingRule, aLookThatHasNotLeftAnswersItAsWell) {
  tracking.follow({"sub-one", first}, after(0s));
  Followed* const message = tracking.nextLook(after(0s));
  ASSERT_TRUE(message);
  Subaccount* const subaccount = tracking.heard(receipt(first), after(500ms)).looksAtIt;
  ASSERT_TRUE(subaccount);
  EXPECT_FALSE(Tracking::isNeedless(*subaccount));
  tracking.looked(*message, record(Channel::SMS, State::Sent, "2026-01-01T00:00:00Z"), after(1s));
  EXPECT_EQ(tracking.nextLook(after(1s)), nullptr);
}

TEST_F(TrackingRule, aLookThatIsOwedAfterARestartIsNotPutOffByAReceipt) {
  tracking.follow({"sub-one", first}, after(0s));
  tracking.follow({"sub-one", second}, after(0s));
  Tracking::News news;
  tracking.takeNews(news);
  Tracking resumed(options, 0s, [] { return 0.5; });
  resumed.resume(checkpointHeader(options.goal) + news.lines, after(2h));
  resumed.heard(receipt(first, Channel::SMS, State::Sent), after(2h));
  for (int i = 0; i < 2; ++i) {
    Followed* const message = resumed.nextLook(after(2h));
    ASSERT_TRUE(message);
    resumed.looked(*message, record(Channel::SMS, State::Delivered, "2026-01-01T00:00:09Z"), after(2h));
  }
}

TEST_F(TrackingRule, aLookAtAMessageThatHasEndedIsNeedlessThoughAQuestionWasOpen) {
  tracking.follow({"sub-one", first}, after(0s));
  tracking.heard(receipt(first), after(0s));
  ASSERT_TRUE(tracking.nextLook(after(0s)));
  Subaccount* const subaccount = tracking.heard(receipt(first, Channel::SMS, State::Delivered), after(1s)).looksAtIt;
  ASSERT_TRUE(subaccount);
  EXPECT_TRUE(Tracking::isNeedless(*subaccount));
  EXPECT_EQ(changes().at(0).ending, Ending::Reached);
}

TEST_F(TrackingRule, timeRunsOutForAMessageWhileAnotherIsLookedAt) {
  tracking.follow({"sub-one", first}, after(0s));
  tracking.follow({"sub-one", second}, after(1min));
  Followed* message = tracking.nextLook(after(1min));
  ASSERT_TRUE(message);
  tracking.looked(*message, record(Channel::SMS, State::Sent, "2026-01-01T00:00:00Z"), after(1min));
  message = tracking.nextLook(after(1min));
  ASSERT_TRUE(message && message->umid == second);
  changes();
  EXPECT_EQ(tracking.nextLookAt(), after(1h).now);
  EXPECT_EQ(tracking.nextLook(after(1h)), nullptr);
  const auto told = changes();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].umid, first);
  EXPECT_EQ(told[0].ending, Ending::TimedOut);
}

}  // namespace
}  // namespace chatapps::track
