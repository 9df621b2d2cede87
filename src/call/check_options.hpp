// Options are checked once, before anything is made of them.
#pragma once

#include <chrono>

#include "chatapps/delivery_report.hpp"
#include "chatapps/options.hpp"

namespace chatapps::call {

/// Throws InvalidArgumentError naming the first member that can not work. The base URL and the key are checked where they
/// are read.
void checkOptions(const ClientOptions& options);

/// More than 0 and at most 30 days.
void checkTimeout(const char* name, std::chrono::milliseconds timeout);
/// From 1 ms to 24 hours.
void checkInterval(const char* name, std::chrono::milliseconds interval);
/// From 0 to 30 days.
void checkGrace(const char* name, std::chrono::milliseconds grace);
void checkGoal(Goal goal);
void checkPlan(const FallbackPlan& plan);

}  // namespace chatapps::call
