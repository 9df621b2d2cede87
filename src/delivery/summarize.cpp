#include <algorithm>
#include <cstddef>

#include "chatapps/delivery_report.hpp"
#include "delivery/attempts.hpp"
#include "delivery/channel.hpp"
#include "delivery/further_step.hpp"
#include "delivery/goal.hpp"
#include "delivery/reason.hpp"
#include "delivery/stage.hpp"

namespace chatapps {
namespace delivery {
namespace {

using Attempts = std::vector<const MessageDetail*>;

bool isInbound(const Attempts& attempts) noexcept {
  const auto inbound = [](const MessageDetail* attempt) { return attempt->direction == Direction::Inbound; };
  return !attempts.empty() && std::all_of(attempts.begin(), attempts.end(), inbound);
}

StepReport stepOf(const MessageDetail& attempt, bool inbound) {
  StepReport report;
  report.step = attempt.step;
  report.channel = attempt.channel;
  report.stage = stageOf(attempt.status);
  // It is there: so it arrived.
  if (inbound && report.stage != Stage::Failed) report.stage = (std::max)(report.stage, Stage::Delivered);
  report.status = attempt.status;
  return report;
}

/// Whether `a` rather than `b`, which comes before it, stands for the message.
bool leads(const StepReport& a, const StepReport& b) noexcept {
  if (a.stage != b.stage) return a.stage > b.stage;
  if (a.stage < Stage::Delivered) return true;
  const auto mine = timeOf(a.status);
  const auto other = timeOf(b.status);
  return mine && other && *mine < *other;
}

const StepReport& leaderOf(const std::vector<StepReport>& steps) noexcept {
  const StepReport* leader = &steps.front();
  for (const StepReport& step : steps) {
    if (leads(step, *leader)) leader = &step;
  }
  return *leader;
}

StepOutcome outcomeOf(const StepReport& step, bool isLeader, bool isLast) noexcept {
  if (step.stage >= Stage::Delivered) return isLeader ? StepOutcome::Won : StepOutcome::AlsoDelivered;
  if (step.stage == Stage::Failed) return StepOutcome::Failed;
  if (step.stage >= furthestStage(step.channel)) return StepOutcome::Unconfirmable;
  return isLast ? StepOutcome::Waiting : StepOutcome::Overtaken;
}

std::optional<Timestamp> latestTime(const MessageDetails& details) {
  const Timestamp* latest = nullptr;
  std::optional<SystemTime> latestTime;
  const auto look = [&](const Timestamp& timestamp) {
    const auto time = timestamp.time();
    if (!time || (latestTime && *time <= *latestTime)) return;
    latest = &timestamp;
    latestTime = time;
  };
  for (const MessageDetail& detail : details) {
    look(detail.createdAt);
    if (detail.status.timestamp) look(*detail.status.timestamp);
  }
  return latest ? std::optional<Timestamp>(*latest) : std::nullopt;
}

/// How sure one can be when these steps are all there will be.
Certainty certaintyOf(const std::vector<StepReport>& steps, bool delivered) noexcept {
  if (delivered) return Certainty::Final;
  const auto any = [&steps](StepOutcome outcome) {
    return std::any_of(steps.begin(), steps.end(),
                       [outcome](const StepReport& step) { return step.outcome == outcome; });
  };
  if (steps.empty() || any(StepOutcome::Waiting) || any(StepOutcome::Overtaken)) return Certainty::Provisional;
  return any(StepOutcome::Unconfirmable) ? Certainty::Unknowable : Certainty::Final;
}

NextStep nextStepOf(const Attempts& attempts, const FallbackPlan* plan, std::optional<SystemTime> now) noexcept {
  if (isInbound(attempts)) return {};
  if (attempts.empty()) return {plan ? FurtherStep::Expected : FurtherStep::Possible, std::nullopt};
  return plan ? nextStep(*attempts.back(), *plan, now) : nextStep(*attempts.back());
}

/// Whether a step that is still to come can report `goal`.
bool furtherStepCan(Stage goal, FurtherStep furtherStep, const Attempts& attempts, const FallbackPlan* plan) noexcept {
  if (furtherStep == FurtherStep::None) return false;
  if (!plan) return true;
  const auto begun = attempts.empty() ? 0 : static_cast<std::ptrdiff_t>(attempts.back()->step);
  return std::any_of(plan->steps.begin() + begun, plan->steps.end(),
                     [goal](const FallbackStep& step) { return furthestStage(step.channel) >= goal; });
}

void describeSteps(DeliveryReport& report, const Attempts& attempts) {
  const bool inbound = isInbound(attempts);
  for (const MessageDetail* attempt : attempts) report.steps.push_back(stepOf(*attempt, inbound));
  if (report.steps.empty()) return;
  const StepReport& leader = leaderOf(report.steps);
  report.state = leader.status.state;
  report.stage = leader.stage;
  report.step = leader.step;
  report.channel = leader.channel;
  for (StepReport& step : report.steps) {
    step.outcome = outcomeOf(step, &step == &leader, &step == &report.steps.back());
    step.reason = reasonFor(step);
    report.duplicate = report.duplicate || step.outcome == StepOutcome::AlsoDelivered;
  }
}

DeliveryReport reportOf(const MessageDetails& details, const FallbackPlan& plan, std::optional<SystemTime> now) {
  const Attempts attempts = attemptsOf(details);
  DeliveryReport report;
  const bool known = !plan.steps.empty();
  report.planFits = !known || fits(plan, attempts);
  const FallbackPlan* usable = known && report.planFits ? &plan : nullptr;
  describeSteps(report, attempts);
  report.changedAt = latestTime(details);

  const NextStep next = nextStepOf(attempts, usable, now);
  report.furtherStep = next.furtherStep;
  report.furtherStepBy = next.by.value_or((SystemTime::max)());
  report.ifNoStepFollows = certaintyOf(report.steps, report.delivered());
  const bool settled = next.furtherStep == FurtherStep::None || report.delivered();
  report.certainty = settled ? report.ifNoStepFollows : Certainty::Provisional;
  const auto can = [&](Stage goal) {
    if (isInbound(attempts)) return report.stage >= goal;
    return canCome(report.steps, goal, now) || furtherStepCan(goal, next.furtherStep, attempts, usable);
  };
  report.canBeDelivered = can(Stage::Delivered);
  report.canBeRead = can(Stage::Read);
  return report;
}

}  // namespace
}  // namespace delivery

std::optional<DeliveryCode> StepReport::code() const {
  if (!status.errorCode) return std::nullopt;
  return DeliveryCode{channel, *status.errorCode};
}

DeliveryReport summarize(const MessageDetails& details, const FallbackPlan& plan, SystemTime now) {
  return delivery::reportOf(details, plan, now);
}

}  // namespace chatapps
