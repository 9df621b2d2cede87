/// @file csv.hpp
/// Records as RFC 4180: CRLF, and quotes where a field needs them.
#pragma once

#include <chatapps/message_detail.hpp>
#include <string>

namespace chatapps::cli {

/// The names of the columns, with the line's end.
std::string csvHeader();

/// One line a record. Absent fields are empty.
std::string csvLines(const MessageDetails& records);

}  // namespace chatapps::cli
