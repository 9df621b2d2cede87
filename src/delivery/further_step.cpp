#include "delivery/further_step.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "delivery/attempts.hpp"
#include "delivery/channel.hpp"
#include "delivery/stage.hpp"
#include "later.hpp"

namespace chatapps::delivery {
namespace {

using std::chrono::milliseconds;

std::optional<SystemTime> laterIfKnown(std::optional<SystemTime> time, std::optional<milliseconds> delay) noexcept {
  if (!time || !delay) return std::nullopt;
  return later(*time, *delay);
}

Stage stageThatSucceeds(SuccessStatus success) noexcept {
  switch (success) {
    case SuccessStatus::Accepted: return Stage::Queued;
    case SuccessStatus::Sent: return Stage::Sent;
    case SuccessStatus::Delivered: return Stage::Delivered;
    case SuccessStatus::Read: return Stage::Read;
  }
  return Stage::Read;
}

/// When the time of a step that has not failed is over, at the latest. `createdAt` is when the message was submitted,
/// so when the first step began; when a later one began is not told, but no later than its status was observed.
std::optional<SystemTime> timeIsUp(const MessageDetail& detail, std::optional<milliseconds> fallbackAfter) noexcept {
  return laterIfKnown(detail.step == 1 ? detail.createdAt.time() : timeOf(detail.status), fallbackAfter);
}

NextStep afterFailure(const MessageDetail& detail, const FallbackStep& planned) noexcept {
  // What the API took and the channel did not deliver may have been success enough before.
  const bool refused = detail.status.state == State::Failed || detail.status.state == State::Rejected;
  const bool mayHaveSucceeded = planned.successStatus < SuccessStatus::Delivered && !refused;
  return {mayHaveSucceeded ? FurtherStep::Possible : FurtherStep::Expected,
          laterIfKnown(timeOf(detail.status), planned.fallbackAfter.value_or(milliseconds(0)))};
}

NextStep afterSuccess(const MessageDetail& detail, const FallbackStep& planned) noexcept {
  const auto observed = timeOf(detail.status);
  const auto due = timeIsUp(detail, planned.fallbackAfter);
  // A status beyond the one that was asked for does not tell when that one was reached.
  const bool exactly = stageOf(detail.status) == stageThatSucceeds(planned.successStatus);
  if (!exactly || !observed || !due || *observed <= *due) return {};
  return {FurtherStep::Possible, due};
}

NextStep whileWaiting(const MessageDetail& detail, const FallbackStep& planned,
                      std::optional<SystemTime> now) noexcept {
  const auto due = timeIsUp(detail, planned.fallbackAfter);
  const bool isDue = now && due && *now >= *due;
  return {isDue ? FurtherStep::Expected : FurtherStep::Possible, due};
}

}  // namespace

bool fits(const FallbackPlan& plan, const std::vector<const MessageDetail*>& attempts) noexcept {
  return std::all_of(attempts.begin(), attempts.end(), [&plan](const MessageDetail* attempt) {
    if (attempt->step < 1 || static_cast<std::size_t>(attempt->step) > plan.steps.size()) return false;
    const Channel& planned = plan.steps[static_cast<std::size_t>(attempt->step) - 1].channel;
    return planned.text().empty() || sameChannel(planned, attempt->channel);
  });
}

NextStep nextStep(const MessageDetail& last) noexcept {
  const Stage stage = stageOf(last.status);
  const bool succeeded = stage >= (std::min)(Stage::Delivered, furthestStage(last.channel));
  return {succeeded ? FurtherStep::None : FurtherStep::Possible, std::nullopt};
}

NextStep nextStep(const MessageDetail& last, const FallbackPlan& plan, std::optional<SystemTime> now) noexcept {
  const auto step = static_cast<std::size_t>(last.step);
  if (step >= plan.steps.size()) return {};
  const FallbackStep& planned = plan.steps[step - 1];
  const Stage stage = stageOf(last.status);
  const NextStep next = stage == Stage::Failed                              ? afterFailure(last, planned)
                        : stage >= stageThatSucceeds(planned.successStatus) ? afterSuccess(last, planned)
                                                                            : whileWaiting(last, planned, now);
  if (now && next.by && *now > later(*next.by, plan.patience)) return {};
  return next;
}

}  // namespace chatapps::delivery
