#include "support/delivery_timelines.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>
#include <string>

#include "support/test_data.hpp"

namespace chatapps {
namespace {

using support::DeliveryTimeline;

std::vector<DeliveryTimeline> documented() {
  return support::deliveryTimelines(testing::testData("../../docs/delivery.md"));
}

/// The row as it must be.
std::string rowOf(const DeliveryTimeline& timeline) {
  return "| " + timeline.name + " | " + timeline.plan + " | " + timeline.records + " | " + timeline.now + " | " +
         timeline.report + " | " + timeline.steps + " | " + timeline.nextStep + " | " + timeline.goals + " |";
}

TEST(DeliveryTimelines, theReportsAreThoseOfTheDocumentation) {
  for (const DeliveryTimeline& timeline : documented()) {
    const DeliveryReport report = summarize(support::readRecords(timeline.records), support::readPlan(timeline.plan),
                                            support::readNow(timeline.now));
    DeliveryTimeline actual = timeline;
    actual.report = support::writeReport(report);
    actual.steps = support::writeSteps(report);
    actual.nextStep = support::writeNextStep(report);
    actual.goals = support::writeGoals(report);
    EXPECT_EQ(rowOf(actual), rowOf(timeline));
  }
}

TEST(DeliveryTimelines, thereAreManyAndEachIsThereOnce) {
  std::set<std::string> names, situations;
  for (const DeliveryTimeline& timeline : documented()) {
    EXPECT_TRUE(names.insert(timeline.name).second) << timeline.name;
    EXPECT_TRUE(situations.insert(timeline.plan + "|" + timeline.records + "|" + timeline.now).second) << timeline.name;
  }
  EXPECT_GE(names.size(), 60u);
}

TEST(DeliveryTimelines, everyChannelIsAmongThem) {
  MessageDetails all;
  for (const DeliveryTimeline& timeline : documented()) {
    for (const MessageDetail& record : support::readRecords(timeline.records)) all.push_back(record);
  }
  for (const Channel::Known channel :
       {Channel::SMS, Channel::WhatsApp, Channel::RCS, Channel::Viber, Channel::Line, Channel::Facebook,
        Channel::WeChat, Channel::Zalo, Channel::Kakao, Channel::ZaloNotification, Channel::LineNotification}) {
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [channel](const MessageDetail& r) { return r.channel == channel; }))
        << channel.text();
  }
}

// What a report must never say, whatever the records are: every pair of statuses, in every pair of channels.
TEST(DeliveryTimelines, noReportContradictsItself) {
  const std::vector<std::string> channels = {"SMS", "WhatsApp", "Line", "Telegram"};
  const std::vector<std::string> states = {"queued", "sent", "delivered", "read", "undelivered", "error", "odd"};
  for (const char* plan : {"", "SMS", "WhatsApp Read 60s, SMS", "SMS Delivered 60s, Line Sent 60s, WhatsApp"}) {
    for (const auto& one : channels) {
      for (const auto& first : states) {
        for (const auto& other : channels) {
          for (const auto& second : states) {
            for (const char* now : {"", "30s", "90s", "1d"}) {
              const std::string records = "1 " + one + " " + first + " @20s; 2 " + other + " " + second + " @70s";
              SCOPED_TRACE(records + ", plan " + plan + ", now " + now);
              const DeliveryReport report =
                  summarize(support::readRecords(records), support::readPlan(plan), support::readNow(now));
              EXPECT_LE(report.read(), report.delivered());
              EXPECT_LE(report.delivered(), report.isFinal());
              EXPECT_LE(report.read(), report.canBeRead);
              EXPECT_LE(report.delivered(), report.canBeDelivered);
              EXPECT_LE(report.duplicate, report.delivered());
              const auto won = [](const StepReport& step) { return step.outcome == StepOutcome::Won; };
              EXPECT_EQ(std::count_if(report.steps.begin(), report.steps.end(), won), report.delivered() ? 1 : 0);
              for (const StepReport& step : report.steps) EXPECT_EQ(step.reason.empty(), won(step));
              if (report.furtherStep == FurtherStep::None) {
                EXPECT_EQ(report.certainty, report.ifNoStepFollows);
              }
            }
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace chatapps
