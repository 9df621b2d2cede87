// The text of a checkpoint: what each message came to, one a line.
//
//   chatapps-tracker <tab> 1 <tab> GOAL        the header: version, goal
//   SUM <tab> m <tab> NUMBER <tab> UMID ...    a message; a later line about it takes the place of an earlier one
//   SUM <tab> t <tab> NUMBER                   changes up to this number were told
//
// SUM is a checksum of the rest of the line. A last line without its end was being written when the program died: what
// it says was not told, or what it ticks off comes again, so it is forgotten.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "track/followed.hpp"

namespace chatapps::track {

std::string checkpointHeader(Goal goal);
std::string messageLine(const Followed& message);
std::string toldLine(std::uint64_t number);

/// What is wrong with the header; empty where nothing is.
std::string flawOfHeader(std::string_view line, Goal goal);

struct CheckpointLine {
  bool isGood = false;                ///< not damaged
  std::unique_ptr<Followed> message;  ///< null in a line that tells what was told
  std::uint64_t number = 0;
};
/// Without the line's end.
CheckpointLine readCheckpointLine(std::string_view line);

}  // namespace chatapps::track
