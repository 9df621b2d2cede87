// Writes the answer about a message as it stands at some moment.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chatapps/clock.hpp"
#include "chatapps/testing/sandbox.hpp"
#include "testing/json_object.hpp"

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

// What answers and receipts have in common.

/// How long after the message's time began something of its timeline happens; negative where that was before.
Clock::duration delayOf(Clock::duration sinceSubmission, const SandboxMessage& message, double speed);
void writeStatus(JsonObject& record, const SandboxEvent& event, SystemTime date);
void writeUser(JsonObject& record, const SandboxMessage& message, bool mask);

}  // namespace chatapps::testing
