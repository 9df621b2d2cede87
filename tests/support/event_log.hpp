// An observer that remembers everything.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "chatapps/observer.hpp"

namespace chatapps::support {

/// Thread-safe. The events of one kind stand in the order in which they came.
class EventLog : public Observer {
 public:
  void onSlotTaken(const SlotTaken& event) override { add(slots_, event); }
  void onAttemptStarted(const AttemptStarted& event) override { add(started_, event); }
  void onAttemptFinished(const AttemptFinished& event) override { add(finished_, event); }
  void onRetryPlanned(const RetryPlanned& event) override { add(retries_, event); }
  void onLaneHeld(const LaneHeld& event) override { add(held_, event); }
  void onPacingAlone(const PacingAlone& event) override { add(alone_, event); }
  void onCallFinished(const CallFinished& event) override { add(calls_, event); }
  void onCallbackFailed(const CallbackFailed& event) override { add(callbacks_, event); }

  std::vector<SlotTaken> slots() const { return copy(slots_); }
  std::vector<AttemptStarted> started() const { return copy(started_); }
  std::vector<AttemptFinished> finished() const { return copy(finished_); }
  std::vector<RetryPlanned> retries() const { return copy(retries_); }
  std::vector<LaneHeld> held() const { return copy(held_); }
  std::vector<PacingAlone> alone() const { return copy(alone_); }
  std::vector<CallFinished> calls() const { return copy(calls_); }
  std::vector<CallbackFailed> callbacks() const { return copy(callbacks_); }

 private:
  template <class Event>
  void add(std::vector<Event>& events, const Event& event) {
    const std::lock_guard<std::mutex> lock(mutex_);
    events.push_back(event);
  }
  template <class Event>
  std::vector<Event> copy(const std::vector<Event>& events) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return events;
  }

  mutable std::mutex mutex_;
  std::vector<SlotTaken> slots_;
  std::vector<AttemptStarted> started_;
  std::vector<AttemptFinished> finished_;
  std::vector<RetryPlanned> retries_;
  std::vector<LaneHeld> held_;
  std::vector<PacingAlone> alone_;
  std::vector<CallFinished> calls_;
  std::vector<CallbackFailed> callbacks_;
};

}  // namespace chatapps::support
