#include <gmock/gmock.h>

#include <chrono>
#include <optional>
#include <string>

#include "chatapps/delivery_report.hpp"
#include "delivery/attempts.hpp"
#include "delivery/goal.hpp"
#include "later.hpp"
#include "support/delivery_timelines.hpp"

namespace chatapps {
namespace {

using namespace std::chrono_literals;
using delivery::GoalAnswer;
using delivery::judgeGoal;
using support::readNow;
using support::readPlan;
using support::readRecords;

DeliveryReport reportOf(const std::string& records, const std::string& plan = "", const std::string& now = "") {
  return summarize(readRecords(records), readPlan(plan), readNow(now));
}

/// The reason of the only step.
std::string reasonOf(const std::string& record, std::optional<std::string> message = std::nullopt) {
  MessageDetails details = readRecords(record);
  details.at(0).status.errorMessage = std::move(message);
  return summarize(details).steps.at(0).reason;
}

std::string changedAt(const std::string& records) {
  const DeliveryReport report = reportOf(records);
  return report.changedAt ? report.changedAt->text() : "never";
}

TEST(Summarize, theReasonOfAFailureIsTheCodesMeaning) {
  EXPECT_EQ(reasonOf("1 Viber undelivered (2008)", "SRVC_NOT_VIBER_USER"), "not a Viber user (code 2008)");
  EXPECT_EQ(reasonOf("1 WhatsApp undelivered (1051)"), "the person opted out of marketing messages (code 1051)");
}

TEST(Summarize, theReasonOfAFailureWithoutKnownCodeIsTheMessage) {
  EXPECT_EQ(reasonOf("1 Viber undelivered (4711)", "no idea"), "no idea (code 4711)");
  EXPECT_EQ(reasonOf("1 SMS undelivered", "Invalid message length"), "Invalid message length");
  EXPECT_EQ(reasonOf("1 SMS undelivered (0)", "Invalid message length"), "Invalid message length");
  EXPECT_EQ(reasonOf("1 Viber undelivered (2000)", "lost"), "lost (code 2000)");
}

TEST(Summarize, theReasonOfAFailureWithoutMessageIsTheDetailOrTheState) {
  EXPECT_EQ(reasonOf("1 SMS undelivered rejected_by_operator"), "rejected by the operator");
  EXPECT_EQ(reasonOf("1 SMS undelivered undelivered_to_recipient", ""), "rejected by the recipient's device");
  EXPECT_EQ(reasonOf("1 SMS failed"), "failed");
  EXPECT_EQ(reasonOf("1 SMS undelivered (77)"), "undelivered (code 77)");
}

TEST(Summarize, aReasonIsFitToBeShown) {
  EXPECT_EQ(reasonOf("1 SMS undelivered", "a\x1b[31mb\n"), "a\\x1b[31mb\\n");
  EXPECT_LT(reasonOf("1 SMS undelivered", std::string(100000, 'x')).size(), 300u);
  EXPECT_LT(reasonOf("1 SMS " + std::string(100000, 'x')).size(), 100u);
}

TEST(Summarize, theReasonOfAStepThatIsNotSettledSaysSo) {
  EXPECT_EQ(reasonOf("1 SMS queued"), "queued");
  EXPECT_EQ(reasonOf("1 SMS sent"), "sent, not confirmed yet");
  EXPECT_EQ(reasonOf("1 SMS in_transit"), "in the state in_transit");
  EXPECT_EQ(reasonOf("1 SMS -"), "no state yet");
  EXPECT_EQ(reasonOf("1 Line sent"), "sent; this channel never confirms delivery");
}

TEST(Summarize, everyStepButTheOneThatWonHasAReason) {
  const DeliveryReport report = reportOf("1 WhatsApp delivered @900s; 2 Viber sent @62s; 3 SMS delivered @130s");
  ASSERT_EQ(report.steps.size(), 3u);
  EXPECT_EQ(report.steps[0].reason, "delivered as well");
  EXPECT_EQ(report.steps[1].reason, "not confirmed when the next step began");
  EXPECT_EQ(report.steps[2].reason, "");
}

TEST(Summarize, aStepKeepsWhatCame) {
  const DeliveryReport report = reportOf("1 Viber undelivered rejected_by_operator (2008) @5s");
  const StepReport& step = report.steps.at(0);
  EXPECT_EQ(step.status.state.text(), "undelivered");
  EXPECT_EQ(step.status.detail->text(), "rejected_by_operator");
  EXPECT_EQ(step.code(), (DeliveryCode{Channel::Viber, 2008}));
  EXPECT_EQ(reportOf("1 Viber sent").steps.at(0).code(), std::nullopt);
}

TEST(Summarize, changedAtIsTheLatestTimeOfAll) {
  EXPECT_EQ(changedAt("1 WhatsApp read @1d; 2 SMS delivered @65s"), "2026-01-02T00:00:00Z");
  EXPECT_EQ(changedAt("1 SMS queued"), "2026-01-01T00:00:00Z") << "when it was submitted";
  EXPECT_EQ(changedAt("1 SMS sent @?"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(changedAt("1 SMS delivered @10s; 1 SMS read @?"), "2026-01-01T00:00:10Z") << "of a record that is outdated";
  EXPECT_EQ(changedAt("none"), "never");
}

TEST(Summarize, changedAtComparesInstantsNotTexts) {
  MessageDetails details = readRecords("1 SMS sent @1s; 2 SMS sent @2s");
  details[0].status.timestamp = Timestamp("2026-01-01T09:00:00+08:00");
  details[1].status.timestamp = Timestamp("2026-01-01T02:00:00Z");
  EXPECT_EQ(summarize(details).changedAt, Timestamp("2026-01-01T02:00:00Z"));
}

TEST(Summarize, aPlanIsWrittenInOneLine) {
  const FallbackPlan two{{{Channel::Viber, SuccessStatus::Delivered, 60s}, {Channel::SMS}}};
  ASSERT_EQ(two.steps.size(), 2u);
  EXPECT_EQ(two.steps[0].fallbackAfter, 60s);
  EXPECT_EQ(two.steps[1].successStatus, SuccessStatus::Delivered);
  const FallbackPlan one{{{Channel::SMS}}};
  ASSERT_EQ(one.steps.size(), 1u);
  EXPECT_TRUE(summarize(readRecords("1 SMS undelivered"), one).isFinal());
}

TEST(Summarize, aPlanWithoutStepsIsNone) {
  const DeliveryReport report = summarize(readRecords("1 SMS undelivered"), FallbackPlan());
  EXPECT_TRUE(report.planFits);
  EXPECT_FALSE(report.isFinal());
}

TEST(Summarize, aPlannedStepWithoutChannelIsAnyChannel) {
  FallbackPlan plan;
  plan.steps.resize(1);
  EXPECT_TRUE(summarize(readRecords("1 Telegram undelivered"), plan).isFinal());
}

TEST(Summarize, patienceIsThePlans) {
  FallbackPlan plan = readPlan("Viber Delivered 60s, SMS");
  const MessageDetails failed = readRecords("1 Viber undelivered (2008) @5s");
  plan.patience = 0s;
  EXPECT_FALSE(summarize(failed, plan, readNow("65s")).isFinal());
  EXPECT_TRUE(summarize(failed, plan, readNow("66s")).isFinal());
  plan.patience = -5s;
  EXPECT_FALSE(summarize(failed, plan, readNow("65s")).isFinal());
  plan.patience = 24h;
  EXPECT_FALSE(summarize(failed, plan, readNow("1d")).isFinal());
}

TEST(Summarize, delaysThatCanNotBeAreNoTrouble) {
  using std::chrono::milliseconds, std::chrono::seconds;
  for (const bool longest : {false, true}) {
    const milliseconds after = longest ? (milliseconds::max)() : (milliseconds::min)();
    FallbackPlan plan{{{Channel::Viber, SuccessStatus::Delivered, after}, {Channel::SMS}}};
    plan.patience = longest ? (seconds::max)() : (seconds::min)();
    const DeliveryReport report = summarize(readRecords("1 Viber undelivered @5s"), plan, readNow("5s"));
    EXPECT_EQ(report.furtherStep, FurtherStep::Expected);
  }
}

TEST(Summarize, timesAtTheEndsOfWhatCanBeHeldAreNoTrouble) {
  MessageDetails details = readRecords("1 WhatsApp delivered @5s");
  for (const char* first : {"1678-01-01T00:00:00Z", "2261-12-31T00:00:00Z"}) {
    for (const SystemTime now : {(SystemTime::min)(), (SystemTime::max)()}) {
      details[0].createdAt = Timestamp(first);
      details[0].status.timestamp = Timestamp(first);
      EXPECT_TRUE(summarize(details, readPlan("WhatsApp Read 60s, SMS"), now).delivered());
    }
  }
}

TEST(Later, stopsAtTheLastTimeThereIs) {
  const SystemTime last = (SystemTime::max)();
  EXPECT_EQ(later(SystemTime(5s), 7s), SystemTime(12s));
  EXPECT_EQ(later(SystemTime(5s), -7s), SystemTime(5s));
  EXPECT_EQ(later(last - 1s, 7s), last);
  EXPECT_EQ(later(last, (std::chrono::seconds::max)()), last);
  EXPECT_LT(later((SystemTime::min)(), (std::chrono::seconds::max)()), last);
}

TEST(Goal, aFailedLastStepWithoutPlanIsFinalOnceNoneFollows) {
  const DeliveryReport report = reportOf("1 Viber undelivered (2008) @5s; 2 SMS undelivered (36) @60s");
  EXPECT_EQ(judgeGoal(Goal::Final, report), GoalAnswer::NotYet);
  ASSERT_EQ(report.ifNoStepFollows, Certainty::Final);
  const DeliveryReport after = delivery::withoutFurtherStep(report);
  EXPECT_TRUE(after.isFinal());
  EXPECT_EQ(after.furtherStep, FurtherStep::None);
  EXPECT_EQ(judgeGoal(Goal::Final, after), GoalAnswer::Reached);
  EXPECT_EQ(judgeGoal(Goal::Delivered, after), GoalAnswer::EndedOtherwise);
  EXPECT_EQ(judgeGoal(Goal::Read, after), GoalAnswer::EndedOtherwise);
}

TEST(Goal, withoutAFurtherStepLineStaysUnknowable) {
  const DeliveryReport after = delivery::withoutFurtherStep(reportOf("1 Line sent @2s; 2 SMS undelivered @90s"));
  EXPECT_EQ(after.certainty, Certainty::Unknowable);
  for (const Goal goal : {Goal::Final, Goal::Delivered, Goal::Read}) {
    EXPECT_EQ(judgeGoal(goal, after), GoalAnswer::Unreachable);
  }
}

TEST(Goal, withoutAFurtherStepAStepThatIsUnderWayStaysProvisional) {
  const DeliveryReport after = delivery::withoutFurtherStep(reportOf("1 SMS sent @2s"));
  EXPECT_EQ(after.certainty, Certainty::Provisional);
  EXPECT_EQ(judgeGoal(Goal::Delivered, after), GoalAnswer::NotYet);
  EXPECT_EQ(judgeGoal(Goal::Read, after), GoalAnswer::Unreachable);
}

TEST(Goal, withoutAFurtherStepWhatWasDeliveredLongAgoCanNotBeReadAnyMore) {
  const DeliveryReport report = reportOf("1 WhatsApp delivered @2s; 2 SMS undelivered @90s");
  EXPECT_TRUE(delivery::withoutFurtherStep(report, readNow("9d")).canBeRead);
  EXPECT_FALSE(delivery::withoutFurtherStep(report, readNow("11d")).canBeRead);
}

TEST(Attempts, theNewerStatusReplacesTheOlder) {
  const auto status = [](const std::string& record) { return readRecords("1 WhatsApp " + record).at(0).status; };
  EXPECT_TRUE(delivery::isNewer(status("delivered @9s"), status("sent @2s")));
  EXPECT_FALSE(delivery::isNewer(status("sent @2s"), status("delivered @9s")));
  EXPECT_FALSE(delivery::isNewer(status("queued"), status("sent @2s")));
  EXPECT_FALSE(delivery::isNewer(status("undelivered"), status("delivered")));
  EXPECT_TRUE(delivery::isNewer(status("read @9s"), status("delivered @9s")));
  EXPECT_TRUE(delivery::isNewer(status("sent @9s"), status("sent @9s"))) << "the same again";
}

}  // namespace
}  // namespace chatapps
