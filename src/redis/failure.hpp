// Why Redis gave no answer that can be used.
#pragma once

#include <string>

namespace chatapps::redis {

struct Failure {
  enum class Kind {
    Late,      ///< no reply in time
    Lost,      ///< no connection, or one that broke
    Refused,   ///< Redis, or who pretends to be it, takes none of our commands for now
    LaneOnly,  ///< it refuses this key; others may work
    Dragged,   ///< it went down with the connection, for a reason that was told already
  };
  Kind kind = Kind::Lost;
  bool needsAttention = false;  ///< it won't pass by itself
  std::string reason;           ///< printable, nothing secret in it
};

/// What an error reply of that code means.
Failure failureOf(const std::string& errorCode);

}  // namespace chatapps::redis
