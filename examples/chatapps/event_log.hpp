/// @file event_log.hpp
/// What `--verbose` shows: the client's events on standard error.
#pragma once

#include <chatapps/observer.hpp>
#include <chrono>
#include <string>

#include "standard_error.hpp"

namespace chatapps::cli {

/// One line an event, with the seconds since the start. Events hold neither the key nor personal data.
class EventLog : public Observer {
 public:
  explicit EventLog(StandardError& errors) : errors_(errors) {}

  void onSlotTaken(const SlotTaken& event) override;
  void onAttemptStarted(const AttemptStarted& event) override;
  void onAttemptFinished(const AttemptFinished& event) override;
  void onRetryPlanned(const RetryPlanned& event) override;
  void onLaneHeld(const LaneHeld& event) override;
  void onPacingAlone(const PacingAlone& event) override;
  void onCallFinished(const CallFinished& event) override;

 private:
  void log(const std::string& who, const std::string& what);

  StandardError& errors_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace chatapps::cli
