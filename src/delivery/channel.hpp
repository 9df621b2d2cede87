// What a channel can ever report.
#pragma once

#include "chatapps/delivery_report.hpp"

namespace chatapps::delivery {

/// The furthest stage that a channel reports: Sent, Delivered or Read. Read for a channel that is not known, since it
/// can not be ruled out.
Stage furthestStage(const Channel& channel) noexcept;

/// Whether two names stand for one channel: Zalo's notification service and RCS have two names each.
bool sameChannel(const Channel& a, const Channel& b) noexcept;

}  // namespace chatapps::delivery
