// Whether a wait is over.
#pragma once

#include <optional>
#include <vector>

#include "chatapps/delivery_report.hpp"

namespace chatapps::delivery {

enum class GoalAnswer {
  Reached,
  NotYet,
  EndedOtherwise,  ///< final, and not what was wished for
  Unreachable,     ///< no channel that may still come to it can report it
};

GoalAnswer judgeGoal(Goal goal, const DeliveryReport& report) noexcept;

/// Whether the last step failed and nobody knows when a further channel would have to follow: there is no plan, it does
/// not fit, or the record does not tell when the step failed. After a grace it is taken that none does.
bool waitsForUnknownStep(const DeliveryReport& report) noexcept;

/// The report as it is once no further step is to come: what a wait ends with when `ifNoStepFollows` is
/// no longer provisional and the grace has passed.
DeliveryReport withoutFurtherStep(DeliveryReport report, std::optional<SystemTime> now = std::nullopt) noexcept;

/// Whether one of these steps reached `goal` or may still do so and tell.
bool canCome(const std::vector<StepReport>& steps, Stage goal, std::optional<SystemTime> now) noexcept;

}  // namespace chatapps::delivery
