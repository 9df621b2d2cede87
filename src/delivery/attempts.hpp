// The channel attempts of a message, once each.
#pragma once

#include <optional>
#include <vector>

#include "chatapps/message_detail.hpp"
#include "chatapps/timestamp.hpp"

namespace chatapps::delivery {

/// When a status was observed, where it tells.
std::optional<SystemTime> timeOf(const Status& status) noexcept;

/// Whether `other` is to replace `status` of the same attempt: the later one counts or, where the times do not tell,
/// the one that came further.
bool isNewer(const Status& other, const Status& status) noexcept;

/// In order of step. Of several records of one step and channel the newest. Points into `details`.
std::vector<const MessageDetail*> attemptsOf(const MessageDetails& details);

}  // namespace chatapps::delivery
