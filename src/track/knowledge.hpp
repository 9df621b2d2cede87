// What is known of a message, from looks and receipts that came in any order.
#pragma once

#include "chatapps/fallback_plan.hpp"
#include "chatapps/message_detail.hpp"
#include "chatapps/receipt.hpp"

namespace chatapps::track {

/// The records of a look are all there are. Where a receipt knew something newer of one, that stays; so does a step
/// on a further channel, that began after the look. Personal data is left out of what is known.
void learn(MessageDetails& known, const MessageDetails& seen);

/// Whether the receipt names no state or no channel: only a look can tell what happened.
bool saysNothing(const DeliveryReceipt& receipt) noexcept;

/// Whether the receipt tells something new. It names a channel, not a step: the latest step of that channel is meant
/// or, where none is known, the plan's first of that channel that is still to come; without a plan, the next one.
bool learn(MessageDetails& known, const DeliveryReceipt& receipt, const FallbackPlan& plan);

}  // namespace chatapps::track
