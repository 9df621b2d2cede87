/// @file table.hpp
/// Records as a person reads them.
#pragma once

#include <chatapps/message_detail.hpp>
#include <string>

namespace chatapps::cli {

struct TableStyle {
  int columns = 80;
  bool colour = false;
};

/// What the message is, then one row for each step: channel, state, time, reason. Text that a terminal could act on is
/// escaped.
std::string table(const MessageDetails& details, TableStyle style);

}  // namespace chatapps::cli
