/// @file client.hpp
/// The client.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>

#include "chatapps/bulk.hpp"
#include "chatapps/delivery_report.hpp"
#include "chatapps/export.hpp"
#include "chatapps/message_detail.hpp"
#include "chatapps/options.hpp"
#include "chatapps/outcome.hpp"
#include "chatapps/wait.hpp"

namespace chatapps {

namespace call {
class Engine;
}

/// Retrieves what became of messages. A handle: copies share connections and pacing. Thread-safe.
///
/// No thread exists until the first asynchronous call. When the last copy goes, or the program exits, asynchronous calls
/// under way end in `CancelledError`; one made on a temporary client is therefore cancelled at once.
class CHATAPPS_EXPORT ChatAppsClient {
 public:
  /// Throws InvalidArgumentError for options that can not work.
  explicit ChatAppsClient(ClientOptions options);
  ChatAppsClient(const ChatAppsClient&) noexcept = default;             ///< Another handle. A move is a copy.
  ChatAppsClient& operator=(const ChatAppsClient&) noexcept = default;  ///< The same.

  /// A client set up by `ClientOptions::fromEnvironment()`.
  static ChatAppsClient fromEnvironment();

  /// All channel attempts of one message, in order of step. Waits for the subaccount's next slot, sends one request, and
  /// tries again where that can help, all within the deadline. Runs on the caller's thread.
  ///
  /// `subAccountId`: 3 to 50 of `A-Z a-z 0-9 - . _ &`. `umid`: a dashed UUID.
  /// Throws InvalidArgumentError, ApiError and its children, TransportError, TlsError, TimeoutError, CancelledError,
  /// DecodeError. Source: 8x8, "Retrieve message details".
  MessageDetails getMessageDetails(std::string_view subAccountId, std::string_view umid,
                                   const CallOptions& call = {}) const;

  /// The same, from the client's own thread. Every error comes out of the future, those of arguments too.
  std::future<MessageDetails> getMessageDetailsAsync(std::string subAccountId, std::string umid,
                                                     CallOptions call = {}) const;

  /// The same with a callback, called exactly once, always: on the client's own thread, or through `executor`. It must not
  /// block; what it throws goes to the observer. Cancelling and destroying the client from within are allowed.
  void getMessageDetailsAsync(std::string subAccountId, std::string umid, CallOptions call,
                              std::function<void(Outcome<MessageDetails>)> onDone) const;

  /// Retrieves all that `source` yields, as fast as the limits of their subaccounts allow, and gives each to `sink` as it
  /// finishes. Both are called on this thread, never at the same time. A bad item is an outcome, never the end of the run;
  /// a message that is asked for again while it waits or flies is fetched once. Direct calls go first. Waits, trackers and
  /// runs share a queue, a run with up to `maxPending` items, and stand still behind a run whose `source` or `sink` takes
  /// its time. What those throw ends the run and comes out of here. Throws InvalidArgumentError for options that can not
  /// work.
  BulkSummary getMany(MessageSource source, BulkSink sink, BulkOptions bulk = {}) const;

  /// Looks at a message, again and again through its lane and behind all direct calls, until it has come as far as `wait`
  /// wishes or has ended otherwise; the report says which. A message that is not known yet is waited for a while, and
  /// errors that may pass are lived through.
  /// Throws WaitTimeoutError, UnreachableGoalError, and what `getMessageDetails` throws; each carries `lastReport()`. What
  /// `wait.until` throws comes out as it is.
  DeliveryReport waitFor(std::string_view subAccountId, std::string_view umid, WaitOptions wait = {}) const;

  /// The same, from the client's own thread; see `getMessageDetailsAsync` for what holds of both forms.
  std::future<DeliveryReport> waitForAsync(std::string subAccountId, std::string umid, WaitOptions wait = {}) const;
  /// The same with a callback, called exactly once, always.
  void waitForAsync(std::string subAccountId, std::string umid, WaitOptions wait,
                    std::function<void(Outcome<DeliveryReport>)> onDone) const;

  /// How long until `messages` more calls of this subaccount have been sent, those that wait already included. Zero with
  /// pacing off. As far as this process knows: slots that others take through `Pacing::host()` or Redis are not counted.
  /// Throws InvalidArgumentError.
  std::chrono::milliseconds estimate(std::string_view subAccountId, std::size_t messages) const;

 private:
  friend class DeliveryTracker;
  CHATAPPS_HIDDEN std::shared_ptr<call::Engine> engine() const;

  class CHATAPPS_HIDDEN Core;
  std::shared_ptr<Core> core_;
};

}  // namespace chatapps
