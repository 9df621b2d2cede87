// Writes the answer about a message as it stands at some moment.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chatapps/clock.hpp"
#include "chatapps/testing/sandbox.hpp"

namespace chatapps::testing {

/// When the time of a message began: the same instant on both faces of the clock.
struct Beginning {
  Clock::time_point instant;
  SystemTime date;
};

/// The body of a 200 at `now`: the channel attempts that have begun, the latest first. Nullopt where none has.
/// Uses `speed` and `maskPersonalData` of the options.
std::optional<std::string> messageBody(const SandboxMessage& message, std::string_view subAccountId,
                                       Beginning beginning, Clock::time_point now, const SandboxOptions& options);

}  // namespace chatapps::testing
