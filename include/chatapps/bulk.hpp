/// @file bulk.hpp
/// Many messages in one go: what `ChatAppsClient::getMany` takes and gives.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "chatapps/message_detail.hpp"
#include "chatapps/options.hpp"
#include "chatapps/outcome.hpp"

namespace chatapps {

/// Which message.
struct MessageRef {
  std::string subAccountId;  ///< that sent it
  std::string umid;          ///< as 8x8 gave it
};

/// One finished item.
struct BulkResult {
  MessageRef ref;                   ///< as the source gave it
  Outcome<MessageDetails> outcome;  ///< what `getMessageDetails` returns or throws
};

/// How a bulk run differs from single calls.
struct BulkOptions {
  std::optional<std::chrono::milliseconds> timeout;  ///< of one item, from its turn in the lane; default: the client's
  CancellationToken cancellation;                    ///< ends the run: no more is taken, the rest gets CancelledError
  Headers headers;                                   ///< added to each request
  /// Items taken from the source and not finished yet. Bounds memory, and how many items may stand ahead of a wait in
  /// the same lane. At least 1.
  std::size_t maxPending = 1000;
};

/// What a bulk run came to.
struct BulkSummary {
  std::size_t succeeded = 0;  ///< outcomes that are `ok()`
  std::size_t failed = 0;     ///< all others
  bool cancelled = false;     ///< the run was ended by its cancellation
  bool unauthorized = false;  ///< the key was refused: items after that failed without being sent
};

using MessageSource = std::function<std::optional<MessageRef>()>;  ///< nullopt ends the run
/// Takes each result as it finishes; see `ChatAppsClient::getMany`.
using BulkSink = std::function<void(const BulkResult&)>;

}  // namespace chatapps
