#include "event_log.hpp"

#include <chatapps/printable.hpp>
#include <cstdio>

namespace chatapps::cli {
namespace {

std::string seconds(std::chrono::nanoseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f s", std::chrono::duration<double>(time).count());
  return text;
}

std::string number(int attempt) { return std::to_string(attempt); }

template <class Event>
std::string message(const Event& event) {
  return event.subAccountId + "/" + event.umid;
}

}  // namespace

void EventLog::log(const std::string& who, const std::string& what) {
  char time[32];
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  std::snprintf(time, sizeof time, "[%8.3f] ", elapsed.count());
  errors_.write(time + printable(who) + ": " + printable(what) + "\n");
}

void EventLog::onSlotTaken(const SlotTaken& event) {
  log(message(event), "its turn came after " + seconds(event.waited));
}

void EventLog::onAttemptStarted(const AttemptStarted& event) {
  log(message(event), "attempt " + number(event.attempt) + " sent");
}

void EventLog::onAttemptFinished(const AttemptFinished& event) {
  const auto answer = event.failure.empty() ? "HTTP " + std::to_string(event.httpStatus) : event.failure;
  log(message(event), "attempt " + number(event.attempt) + ": " + answer + " after " + seconds(event.took));
}

void EventLog::onRetryPlanned(const RetryPlanned& event) {
  log(message(event), event.reason + ": next attempt in " + seconds(event.delay));
}

void EventLog::onLaneHeld(const LaneHeld& event) {
  log(event.subAccountId, "rate limit: all calls wait for " + seconds(event.pause));
}

void EventLog::onPacingAlone(const PacingAlone& event) {
  log("pacing", "not shared with other processes: " + event.reason);
}

void EventLog::onCallFinished(const CallFinished& event) {
  const std::string end = event.error ? "failed" : "done";
  log(message(event), end + " after " + seconds(event.took) + ", attempts: " + number(event.attempts));
}

}  // namespace chatapps::cli
