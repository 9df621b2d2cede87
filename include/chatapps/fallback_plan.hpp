/// @file fallback_plan.hpp
/// What the sender of a message told the API to try in turn.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "chatapps/vocabulary.hpp"

namespace chatapps {

/// What a channel has to report so that no further one is tried.
enum class SuccessStatus { Accepted, Sent, Delivered, Read };

/// One channel of a plan. A plain value.
struct FallbackStep {
  Channel channel{};                                       ///< to be tried at this step
  SuccessStatus successStatus = SuccessStatus::Delivered;  ///< what counts as success, so that no further step follows
  /// How long the channel has to succeed before the next one is tried. Absent: not known, so only a failure makes sure
  /// that the next one comes. From 0 to 30 days.
  std::optional<std::chrono::milliseconds> fallbackAfter{};
};

/// The `channels` of the request that sent the message. The API does not give them back: only the sender knows them.
/// Without steps: not known.
///
///     FallbackPlan plan{{{Channel::Viber, SuccessStatus::Delivered, 60s}, {Channel::SMS}}};
struct FallbackPlan {
  std::vector<FallbackStep> steps{};  ///< step 1 first
  std::chrono::seconds patience{60};  ///< how long after it is due a step is still waited for; up to 30 days
};

}  // namespace chatapps
