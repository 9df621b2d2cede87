// Whether a further channel will be tried.
#pragma once

#include <optional>
#include <vector>

#include "chatapps/delivery_report.hpp"

namespace chatapps::delivery {

/// Whether the records can be those of a message that was sent with this plan.
bool fits(const FallbackPlan& plan, const std::vector<const MessageDetail*>& attempts) noexcept;

struct NextStep {
  FurtherStep furtherStep = FurtherStep::None;
  std::optional<SystemTime> by;  ///< when it is due at the latest
};

/// What comes after `last`, as far as one can tell without the plan.
NextStep nextStep(const MessageDetail& last) noexcept;

/// What comes after `last` by the plan, which fits it.
NextStep nextStep(const MessageDetail& last, const FallbackPlan& plan, std::optional<SystemTime> now) noexcept;

}  // namespace chatapps::delivery
