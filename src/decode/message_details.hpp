// Reads a 200 body into records.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "chatapps/message_detail.hpp"

namespace chatapps::decode {

/// What was wrong with a body, and where.
struct Problem {
  std::string where;  ///< JSON pointer; empty for the whole document
  std::string what;   ///< names what is expected, never echoes the body
};

/// The records in order of step, or the first problem. Throws nothing but std::bad_alloc.
std::variant<MessageDetails, Problem> messageDetails(std::string_view json);

}  // namespace chatapps::decode
