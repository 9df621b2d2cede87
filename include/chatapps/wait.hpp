/// @file wait.hpp
/// Waits until a message has come as far as you wish: what `ChatAppsClient::waitFor` takes and throws.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "chatapps/delivery_report.hpp"
#include "chatapps/errors.hpp"
#include "chatapps/export.hpp"
#include "chatapps/fallback_plan.hpp"
#include "chatapps/options.hpp"

namespace chatapps {

/// How to wait. A plain value.
struct WaitOptions {
  Goal goal = Goal::Final;                     ///< how far it has to come
  std::chrono::milliseconds timeout{600'000};  ///< of the whole wait; more than 0, at most 30 days
  FallbackPlan plan{};                         ///< what the message was sent with; empty: not known

  /// Instead of `goal`: true, or a final report, ends the wait. Asked on its thread, once after each look with records.
  std::function<bool(const DeliveryReport&)> until{};
  std::chrono::milliseconds firstInterval{1000};      ///< between the first two looks, a fifth more or less by chance;
  std::chrono::milliseconds longestInterval{30'000};  ///< it grows with each look to this; both from 1 ms to 24 hours
  std::chrono::milliseconds notFoundGrace{30'000};    ///< a message that was just sent may not be known yet
  std::chrono::milliseconds fallbackGrace{60'000};    ///< how long a failed last step is watched without a plan
  CancellationToken cancellation{};                   ///< default: can not be cancelled
  Headers headers{};                                  ///< added to each request
};

/// The wait's time ran out, or no further look would fit into it. For `attempts()` a look that brought an answer is one.
class CHATAPPS_EXPORT WaitTimeoutError : public TimeoutError {
 public:
  WaitTimeoutError(const std::string& what, const CallFacts& call);  ///< `what` is free of secrets.
  ~WaitTimeoutError() override;
};

/// No channel of the message will report what was waited for: it never does, or not any more.
class CHATAPPS_EXPORT UnreachableGoalError : public ChatAppsError {
 public:
  UnreachableGoalError(const std::string& what, const CallFacts& call);  ///< `what` is free of secrets.
  ~UnreachableGoalError() override;
};

}  // namespace chatapps
