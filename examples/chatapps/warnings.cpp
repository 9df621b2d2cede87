#include "warnings.hpp"

#include <chatapps/errors.hpp>
#include <chatapps/printable.hpp>

namespace chatapps::cli {
namespace {

constexpr int kWorthTelling = 3;  // a single failure is nothing that a retry does not mend

/// Whether it is none of the API's answers: a login page, a redirect.
bool isUnreadable(const std::exception_ptr& error) {
  try {
    if (error) std::rethrow_exception(error);
  } catch (const DecodeError&) {
    return true;
  } catch (const ApiError& answer) {
    return answer.httpStatus() < 400;
  } catch (...) {  // NOLINT(bugprone-empty-catch): the call says so itself
  }
  return false;
}

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

void Warnings::onCallFinished(const CallFinished& event) {
  const std::lock_guard lock(mutex_);
  if (!isUnreadable(event.error)) {
    unreadableInARow_ = 0;
  } else if (++unreadableInARow_ == kWorthTelling) {
    try {
      std::rethrow_exception(event.error);
    } catch (const std::exception& error) {
      tell_(std::string("chatapps: no answer of the API's: ") + error.what());
    }
  }
}

void Warnings::onPacingAlone(const PacingAlone& event) {
  tell_("chatapps: other processes are not counted against the rate limit: " + printable(event.reason));
}

}  // namespace chatapps::cli
