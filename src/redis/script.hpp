// The one script that Redis runs for us, and the commands that call it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chatapps/clock.hpp"
#include "chatapps/pacer.hpp"
#include "redis/reply.hpp"

namespace chatapps::redis {

using Time = Clock::time_point;
using Duration = Clock::duration;

/// The key of a lane: versioned, of printable ASCII whatever the lane's name holds, and with a hash tag, so that a
/// cluster has all of a lane in one place.
std::string keyOf(const std::string& prefix, const LaneName& lane);

/// What is asked of a lane. All but `Reserve` and `Pass` want no answer beyond "done".
struct Question {
  enum class What { Reserve, Pass, Note, Hold };
  What what = What::Note;
  std::string key;
  Duration interval{};
  std::string grant;     ///< an id of the caller's for the slot; Note: the one that the request used
  std::int64_t due = 0;  ///< Pass: as the answer to Reserve said
  Duration time{};       ///< Pass: may be granted so long ahead; Note: until the next; Hold: the pause
  bool awaited = false;  ///< Note: an answer is still to come
};

/// Redis's answer to Reserve and Pass.
struct SlotAnswer {
  bool granted = false;  ///< the request may leave after `wait`; else: ask (again) after `wait`
  Duration wait{};       ///< from 0 to 64 days, whatever Redis says
  std::int64_t due = 0;  ///< when the slot falls due, on Redis's clock
};

/// The words of the command. `whole`: with the script's text, for a Redis that does not know it yet.
std::vector<std::string> commandFor(const Question& question, bool whole);

/// Nullopt where Redis gave what the script can't give.
std::optional<SlotAnswer> readAnswer(const Reply& reply);

/// A command as bytes on the wire.
std::string onTheWire(const std::vector<std::string>& words);

}  // namespace chatapps::redis
