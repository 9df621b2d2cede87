// Why a step did not win, in words.
#pragma once

#include <string>

#include "chatapps/delivery_report.hpp"

namespace chatapps::delivery {

/// Fit to be shown; empty for the step that won. All else of the step is filled in.
std::string reasonFor(const StepReport& step);

}  // namespace chatapps::delivery
