// What looks and receipts come to together, in whatever order they come.
#include "track/knowledge.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <utility>

#include "chatapps/delivery_report.hpp"

namespace chatapps::track {
namespace {

using namespace std::chrono_literals;

MessageDetail record(int step, Channel channel, State state, const char* time) {
  MessageDetail detail;
  detail.step = step;
  detail.channel = std::move(channel);
  detail.status.state = std::move(state);
  detail.status.timestamp = Timestamp(time);
  detail.createdAt = Timestamp("2026-01-01T00:00:00Z");
  detail.content = "secret";
  detail.user = User{"+6391", std::nullopt};
  return detail;
}

DeliveryReceipt receipt(Channel channel, State state, const char* time) {
  DeliveryReceipt result;
  result.channel = std::move(channel);
  result.status.state = std::move(state);
  result.status.timestamp = Timestamp(time);
  return result;
}

constexpr const char* kEarly = "2026-01-01T00:00:01Z";
constexpr const char* kLater = "2026-01-01T00:00:05Z";
constexpr const char* kLast = "2026-01-01T00:00:09Z";
const FallbackPlan kNoPlan;

TEST(Knowledge, holdsNoPersonalData) {
  MessageDetails known;
  learn(known, {record(1, Channel::SMS, State::Sent, kEarly)});
  ASSERT_EQ(known.size(), 1u);
  EXPECT_FALSE(known[0].content);
  EXPECT_FALSE(known[0].user);
  EXPECT_EQ(known[0].createdAt.text(), "2026-01-01T00:00:00Z");
}

TEST(Knowledge, aReceiptOfAKnownAttemptTakesItFurther) {
  MessageDetails known;
  learn(known, {record(1, Channel::SMS, State::Sent, kEarly)});
  EXPECT_TRUE(learn(known, receipt(Channel::SMS, State::Delivered, kLater), kNoPlan));
  ASSERT_EQ(known.size(), 1u);
  EXPECT_EQ(known[0].status.state, State::Delivered);
}

TEST(Knowledge, repeatedAndOlderReceiptsTellNothing) {
  MessageDetails known;
  EXPECT_TRUE(learn(known, receipt(Channel::SMS, State::Delivered, kLater), kNoPlan));
  EXPECT_FALSE(learn(known, receipt(Channel::SMS, State::Delivered, kLater), kNoPlan));
  EXPECT_FALSE(learn(known, receipt(Channel::SMS, State::Sent, kEarly), kNoPlan));
  EXPECT_FALSE(learn(known, receipt(Channel::SMS, State(), kLast), kNoPlan));
  EXPECT_EQ(known[0].status.state, State::Delivered);
}

TEST(Knowledge, aLookThatIsOlderThanAReceiptDoesNotTakeItBack) {
  MessageDetails known;
  learn(known, receipt(Channel::SMS, State::Delivered, kLater), kNoPlan);
  learn(known, {record(1, Channel::SMS, State::Sent, kEarly)});
  ASSERT_EQ(known.size(), 1u);
  EXPECT_EQ(known[0].status.state, State::Delivered);
  EXPECT_EQ(known[0].createdAt.text(), "2026-01-01T00:00:00Z");
}

TEST(Knowledge, aStepThatBeganAfterTheLookStays) {
  MessageDetails known;
  learn(known, receipt(Channel::SMS, State::Sent, kLast), kNoPlan);
  learn(known, {record(1, Channel::Viber, State::Undelivered, kLater)});
  ASSERT_EQ(known.size(), 2u);
  EXPECT_EQ(known[1].channel, Channel::SMS);
  EXPECT_EQ(known[1].step, 2);
}

TEST(Knowledge, aLookTellsWhichStepAReceiptWasAbout) {
  MessageDetails known;
  learn(known, receipt(Channel::SMS, State::Sent, kLater), kNoPlan);
  EXPECT_EQ(known[0].step, 1);
  learn(known, {record(1, Channel::Viber, State::Undelivered, kEarly), record(2, Channel::SMS, State::Queued, kEarly)});
  ASSERT_EQ(known.size(), 2u);
  EXPECT_EQ(known[1].step, 2);
  EXPECT_EQ(known[1].status.state, State::Sent);
}

TEST(Knowledge, thePlanTellsItAsWell) {
  const FallbackPlan plan{{{Channel::Viber}, {Channel::WhatsApp}, {Channel::SMS}}};
  MessageDetails known;
  learn(known, receipt(Channel::SMS, State::Sent, kLater), plan);
  EXPECT_EQ(known[0].step, 3);
}

TEST(Knowledge, behindTheHighestOfAllStepsNoneIsLostOrChangesItsPlace) {
  const int highest = (std::numeric_limits<int>::max)();
  MessageDetails known;
  learn(known, receipt(Channel::SMS, State::Sent, kLast), kNoPlan);
  learn(known, {record(highest, Channel::Viber, State::Undelivered, kLater)});
  EXPECT_TRUE(learn(known, receipt(Channel::WhatsApp, State::Queued, kLast), kNoPlan));
  ASSERT_EQ(known.size(), 3u);
  EXPECT_EQ(known[1].channel, Channel::SMS);
  EXPECT_EQ(known[1].step, highest);
  EXPECT_EQ(known[2].step, highest);
  const DeliveryReport report = summarize(known, kNoPlan);
  ASSERT_EQ(report.steps.size(), 3u);
  EXPECT_EQ(report.steps[0].channel, Channel::Viber);
  EXPECT_EQ(report.steps[1].channel, Channel::SMS);
  EXPECT_EQ(report.steps[2].channel, Channel::WhatsApp);
}

TEST(Knowledge, ofTwoStepsOfOneChannelTheLatestIsMeant) {
  MessageDetails known;
  learn(known, {record(1, Channel::SMS, State::Undelivered, kEarly), record(2, Channel::SMS, State::Sent, kEarly)});
  EXPECT_TRUE(learn(known, receipt(Channel::SMS, State::Delivered, kLater), kNoPlan));
  EXPECT_EQ(known[0].status.state, State::Undelivered);
  EXPECT_EQ(known[1].status.state, State::Delivered);
}

TEST(Knowledge, aReceiptThatMeantTheOtherStepOfItsChannelIsTakenBackByALook) {
  FallbackPlan plan;
  plan.steps.resize(2);
  for (FallbackStep& step : plan.steps) step.channel = Channel::SMS;
  MessageDetails known;
  learn(known, {record(1, Channel::SMS, State::Sent, kEarly)});
  EXPECT_TRUE(learn(known, receipt(Channel::SMS, State::Undelivered, kLater), plan));
  learn(known, {record(1, Channel::SMS, State::Sent, kEarly), record(2, Channel::SMS, State::Undelivered, kLater)});
  ASSERT_EQ(known.size(), 2u);
  EXPECT_EQ(known[0].status.state, State::Sent);
  EXPECT_EQ(known[1].status.state, State::Undelivered);
}

TEST(Knowledge, aReceiptWithoutAChannelTellsNothing) {
  MessageDetails known;
  learn(known, {record(1, Channel::SMS, State::Undelivered, kLater)});
  EXPECT_FALSE(learn(known, receipt(Channel(), State::Sent, kEarly), kNoPlan));
  EXPECT_EQ(known.size(), 1u);
}

}  // namespace
}  // namespace chatapps::track
