// Whether a wait is over.
#pragma once

#include <optional>
#include <vector>

#include "chatapps/clock.hpp"
#include "chatapps/delivery_report.hpp"

namespace chatapps::delivery {

enum class GoalAnswer {
  Reached,
  NotYet,
  EndedOtherwise,  ///< final, and not what was wished for
  Unreachable,     ///< no channel that may still come to it can report it
};

GoalAnswer judgeGoal(Goal goal, const DeliveryReport& report) noexcept;

/// The report as it is once no further step is to come: what a wait ends with when `ifNoStepFollows` is
/// no longer provisional and the grace has passed.
DeliveryReport withoutFurtherStep(DeliveryReport report, std::optional<SystemTime> now = std::nullopt) noexcept;

/// How long a failed last step has been watched, where nobody knows when a further channel would have to follow: there
/// is no plan, it does not fit, or the record does not tell when the step failed. After a grace none is expected; where
/// the plan fits, that is at least what it says, counted from when the failure was seen.
class FailedStep {
 public:
  void saw(const DeliveryReport& report, const FallbackPlan& plan, Clock::duration grace,
           Clock::time_point now) noexcept;
  bool isOver(Clock::time_point now) const noexcept { return since_ && now - *since_ >= grace_; }
  /// How soon a look will tell more for sure: a step is due by the plan, or the grace ends.
  std::optional<Clock::duration> lookWithin(const DeliveryReport& report, SystemTime serverNow,
                                            Clock::time_point now) const noexcept;

 private:
  std::optional<Clock::time_point> since_;  // it is known to have failed
  Clock::duration grace_{};
  std::size_t steps_ = 0;  // that there were
};

/// Whether one of these steps reached `goal` or may still do so and tell.
bool canCome(const std::vector<StepReport>& steps, Stage goal, std::optional<SystemTime> now) noexcept;

}  // namespace chatapps::delivery
