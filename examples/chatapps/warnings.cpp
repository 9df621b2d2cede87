#include "warnings.hpp"

#include <chatapps/printable.hpp>

namespace chatapps::cli {
namespace {

constexpr int kWorthTelling = 3;  // a single failure is nothing that a retry does not mend

}  // namespace

void Warnings::onAttemptFinished(const AttemptFinished& event) {
  const std::lock_guard lock(mutex_);
  if (event.failure.empty() && event.httpStatus < 500) {
    if (failedInARow_ >= kWorthTelling) tell_("chatapps: the server answers again");
    failedInARow_ = 0;
  } else if (++failedInARow_ == kWorthTelling) {
    const auto failure = event.failure.empty() ? "HTTP " + std::to_string(event.httpStatus) : printable(event.failure);
    tell_("chatapps: still trying: " + failure);
  }
}

void Warnings::onPacingAlone(const PacingAlone& event) {
  tell_("chatapps: other processes are not counted against the rate limit: " + printable(event.reason));
}

}  // namespace chatapps::cli
