// A model of the Redis that a fleet shares: what the script in src/redis/script.cpp does, on a virtual clock.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "redis/script.hpp"

namespace chatapps::simulation {

class SharedStore {
 public:
  using Question = redis::Question;

  redis::SlotAnswer answer(const Question& question, Clock::time_point at) {
    ++questions[static_cast<int>(question.what)];
    const std::int64_t now = micros(at.time_since_epoch()), interval = micros(question.interval);
    const std::int64_t limit = std::max<std::int64_t>(60'000'000, 64 * interval);
    const std::int64_t patience = std::max<std::int64_t>(interval / 4, 100'000);
    State& lane = lanes_[question.key];
    const bool free = lane.holder.empty() || lane.gate + patience <= now;
    const auto leave = [&](std::int64_t when, std::int64_t due) {
      lane.holder = question.grant;
      lane.gate = when + interval;
      lane.late = std::clamp<std::int64_t>(when - due, 0, interval);
      return slot(true, when - now, due);
    };
    switch (question.what) {
      case Question::What::Reserve: {
        const std::int64_t due = std::max({lane.next, lane.gate, now});
        if (due <= now + limit) lane.next = due + interval + std::min(lane.late / 8, interval / 16);
        return due == now && free ? leave(now, due) : slot(false, due - now, due);
      }
      case Question::What::Pass:
        if (!free && lane.gate <= now)
          return slot(false, std::min(lane.gate + patience - now, std::max<std::int64_t>(interval / 16, 1000)),
                      question.due);
        if (!free || lane.gate - now > micros(question.time)) return slot(false, lane.gate - now, question.due);
        return leave(std::max(lane.gate, now), question.due);
      case Question::What::Note: {
        const std::int64_t next = now + micros(question.time);
        if (lane.holder == question.grant) {
          lane.gate = next;
          if (!question.awaited) lane.holder.clear();
        } else {
          lane.gate = std::max(lane.gate, next);
        }
        break;
      }
      case Question::What::Hold:
        lane.gate = std::max(lane.gate, now + micros(question.time));
        lane.holder.clear();
        break;
    }
    return slot(true, 0, 0);
  }

  /// Keys that have not expired: a key lives a second longer than what it says.
  std::size_t keys(Clock::time_point at) const {
    const std::int64_t now = micros(at.time_since_epoch());
    return static_cast<std::size_t>(std::count_if(lanes_.begin(), lanes_.end(), [now](const auto& lane) {
      return std::max(lane.second.next, lane.second.gate) + 1'000'000 > now;
    }));
  }

  std::uint64_t questions[4] = {};  ///< by `What`

 private:
  struct State {
    std::int64_t next = 0, gate = 0, late = 0;
    std::string holder;
  };

  static std::int64_t micros(Clock::duration time) {
    return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  }
  static redis::SlotAnswer slot(bool granted, std::int64_t wait, std::int64_t due) {
    redis::SlotAnswer answer;
    answer.granted = granted;
    answer.wait = std::chrono::microseconds(std::max<std::int64_t>(wait, 0));
    answer.due = due;
    return answer;
  }

  std::unordered_map<std::string, State> lanes_;
};

}  // namespace chatapps::simulation
