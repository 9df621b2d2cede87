#include "delivery/goal.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "delivery/attempts.hpp"
#include "delivery/channel.hpp"
#include "later.hpp"

namespace chatapps::delivery {
namespace {

using namespace std::chrono_literals;

// How long after delivery 8x8 still asks for a read receipt. Source: its page on delivery receipts.
constexpr std::chrono::hours kReadIsFollowed{10 * 24};
constexpr std::chrono::seconds kAfterStep{1};  // the server needs a moment to begin a step that is due

bool canCome(const StepReport& step, Stage goal, std::optional<SystemTime> now) noexcept {
  if (step.stage >= goal) return true;
  if (step.stage == Stage::Failed || furthestStage(step.channel) < goal) return false;
  if (step.stage != Stage::Delivered || !now) return true;
  const auto deliveredAt = timeOf(step.status);
  return !deliveredAt || *now <= later(*deliveredAt, kReadIsFollowed);
}

}  // namespace

bool canCome(const std::vector<StepReport>& steps, Stage goal, std::optional<SystemTime> now) noexcept {
  return std::any_of(steps.begin(), steps.end(),
                     [goal, now](const StepReport& step) { return canCome(step, goal, now); });
}

GoalAnswer judgeGoal(Goal goal, const DeliveryReport& report) noexcept {
  if (goal == Goal::Final) {
    if (report.isFinal()) return GoalAnswer::Reached;
    return report.certainty == Certainty::Unknowable ? GoalAnswer::Unreachable : GoalAnswer::NotYet;
  }
  if (goal == Goal::Delivered ? report.delivered() : report.read()) return GoalAnswer::Reached;
  if (report.isFinal() && !report.delivered()) return GoalAnswer::EndedOtherwise;
  const bool possible = goal == Goal::Delivered ? report.canBeDelivered : report.canBeRead;
  return possible ? GoalAnswer::NotYet : GoalAnswer::Unreachable;
}

void FailedStep::saw(const DeliveryReport& report, const FallbackPlan& plan, Clock::duration grace,
                     Clock::time_point now) noexcept {
  const bool isWatched = report.certainty == Certainty::Provisional &&
                         report.ifNoStepFollows != Certainty::Provisional &&
                         report.furtherStepBy == (SystemTime::max)() && report.steps.back().stage == Stage::Failed;
  if (!isWatched || std::exchange(steps_, report.steps.size()) != report.steps.size()) since_.reset();
  if (!isWatched || since_) return;
  since_ = now;
  grace_ = grace;
  if (plan.steps.empty() || !report.planFits) return;
  const FallbackStep& planned = plan.steps[static_cast<std::size_t>(report.steps.back().step) - 1];
  grace_ = (std::max)(grace, Clock::duration(planned.fallbackAfter.value_or(0ms)) + plan.patience);
}

std::optional<Clock::duration> FailedStep::lookWithin(const DeliveryReport& report, SystemTime serverNow,
                                                      Clock::time_point now) const noexcept {
  if (since_) return *since_ + grace_ - now;
  if (report.furtherStepBy == (SystemTime::max)() || report.furtherStepBy <= serverNow) return std::nullopt;
  return report.furtherStepBy - serverNow + kAfterStep;
}

DeliveryReport withoutFurtherStep(DeliveryReport report, std::optional<SystemTime> now) noexcept {
  report.furtherStep = FurtherStep::None;
  report.furtherStepBy = (SystemTime::max)();
  report.certainty = report.ifNoStepFollows;
  report.canBeDelivered = canCome(report.steps, Stage::Delivered, now);
  report.canBeRead = canCome(report.steps, Stage::Read, now);
  return report;
}

}  // namespace chatapps::delivery
