/// @file change_text.hpp
/// A change of a followed message, as a line.
#pragma once

#include <chatapps/tracker.hpp>
#include <string>

namespace chatapps::cli {

/// `reached`, `ended-otherwise`, `unreachable`, `timed-out`, `refused`; `-` where it has not ended.
const char* endingText(Ending ending);

/// For programs: number, `subaccount,umid`, state, channel, ending and reason, with tabs between them; `-` for what is
/// not known. No field holds a tab or a line break.
std::string changeLine(const TrackedChange& change);

/// For people: what became of the message, and why if it did not go as wished.
std::string endingLine(const TrackedChange& change);

}  // namespace chatapps::cli
