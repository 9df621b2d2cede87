// Reads a 200 body into records.
#pragma once

#include <string_view>
#include <variant>

#include "chatapps/message_detail.hpp"
#include "decode/problem.hpp"

namespace chatapps::decode {

/// The records in order of step, or the first problem. Throws nothing but std::bad_alloc.
std::variant<MessageDetails, Problem> messageDetails(std::string_view json);

}  // namespace chatapps::decode
