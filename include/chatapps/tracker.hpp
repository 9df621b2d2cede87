/// @file tracker.hpp
/// Follows many messages at once until it is known what became of each.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "chatapps/cancellation.hpp"
#include "chatapps/client.hpp"
#include "chatapps/delivery_report.hpp"
#include "chatapps/errors.hpp"
#include "chatapps/export.hpp"
#include "chatapps/fallback_plan.hpp"
#include "chatapps/receipt.hpp"

namespace chatapps {

namespace track {
class Worker;
}

/// How often a message is looked at beside the others of its subaccount: each half as often as the one before.
enum class LookPriority { High, Normal, Low };

/// A message to follow. A plain value.
struct FollowedMessage {
  std::string subAccountId;                      ///< that sent it
  std::string umid;                              ///< as 8x8 gave it
  FallbackPlan plan{};                           ///< what it was sent with; empty: not known
  LookPriority priority = LookPriority::Normal;  ///< among the others of its subaccount
};

/// What became of a message.
enum class Ending {
  None,            ///< it is still followed
  Reached,         ///< the goal
  EndedOtherwise,  ///< final, and not what was wished for
  Unreachable,     ///< no channel that is left can ever report the goal
  TimedOut,        ///< `TrackerOptions::timeout` ran out
  Refused,         ///< the API knows no such message, or refused the request for it
};

/// That a message changed. A plain value.
struct TrackedChange {
  std::uint64_t number = 0;      ///< from 1, each one more than the last, beyond a restart from a checkpoint too
  std::string subAccountId;      ///< as it was followed
  std::string umid;              ///< the same
  DeliveryReport report;         ///< without steps where nothing is known
  Ending ending = Ending::None;  ///< set in the last change of a message, and in no other
  std::string problem{};         ///< with `Refused`: the error, fit to be shown; the API's own words are left out
};

/// What is known of a message. A plain value.
struct TrackedState {
  DeliveryReport report;                              ///< without steps where nothing is known, and once it ended
  Ending ending = Ending::None;                       ///< anything else: it is not followed any more
  std::chrono::milliseconds age{0};                   ///< since it is followed
  std::optional<std::chrono::milliseconds> nextLook;  ///< from now; zero: due or under way. Absent once it ended
};

/// How to follow. A plain value.
struct TrackerOptions {
  std::function<void(const TrackedChange&)> onChange;  ///< called by `run`, one at a time, in order of `number`
  Goal goal = Goal::Final;                             ///< a message that reached it is not followed any more
  std::string checkpointFile;                          ///< empty: a restart knows nothing
  std::uint64_t kept = 0;    ///< with a checkpoint: the highest `number` that you have for good; see below
  bool keepRunning = false;  ///< `run` goes on when all have ended, for those that are still to come
  std::chrono::milliseconds timeout{259'200'000};  ///< how long a message is followed: 72 hours; at most 30 days
  std::chrono::milliseconds firstInterval{1000};   ///< between two looks at a message: half its age, but at least this
  std::chrono::milliseconds longestInterval{60'000};    ///< and at most this; times 0.4 to 2.4 by priority and chance.
                                                        ///< Both from 1 ms to 24 hours
  std::chrono::milliseconds receiptPatience{60'000};    ///< where receipts come in: so long one is waited for
  std::chrono::milliseconds notFoundGrace{30'000};      ///< a message that was just sent may not be known yet
  std::chrono::milliseconds fallbackGrace{60'000};      ///< how long a failed last step is watched without a plan
  std::chrono::milliseconds rememberEnded{86'400'000};  ///< 24 hours; at least so long `follow` knows what ended
};

/// A checkpoint that can not be read or written. A file that was there stays as it is.
class CHATAPPS_EXPORT CheckpointError : public ChatAppsError {
 public:
  /// `problem` says what is wrong, without secrets.
  CheckpointError(const std::string& file, std::size_t line, const std::string& problem);
  ~CheckpointError() override;
  const std::string& file() const noexcept;            ///< its path, as given
  std::size_t line() const noexcept { return line_; }  ///< from 1; 0 where it is not about a line

 private:
  std::size_t line_;
};

/// Follows messages on one thread, within the limit of each subaccount and behind all direct calls: at most one look of
/// a subaccount waits or is under way. Receipts save looks; lost, repeated and out-of-order ones do no harm.
///
/// **What is promised.** Each message that is followed ends once, with one change that has an `ending`. Changes come in
/// order of `number`. With a checkpoint, a change is on disk before `onChange` is called with it, and ticked off there
/// when that has returned. After a crash, the changes that are not ticked off come again, with the same numbers: none
/// is lost, and the last one may come twice. Where you keep `number` together with what you do (in one transaction, or
/// one line of a log) and give the last one as `kept`, none comes twice either. docs/decisions/0007 tells why.
///
/// `follow`, `ingest`, `find`, `following` and `cycleTime` are thread-safe and may be called from `onChange`.
class CHATAPPS_EXPORT DeliveryTracker {
 public:
  /// Resumes from the checkpoint, if there is one. Throws InvalidArgumentError for options that can not work,
  /// CheckpointError for a file that is damaged, of another version, of another goal, or in use by another tracker.
  DeliveryTracker(ChatAppsClient client, TrackerOptions options);
  DeliveryTracker(const DeliveryTracker&) = delete;
  DeliveryTracker& operator=(const DeliveryTracker&) = delete;
  ~DeliveryTracker();

  /// False, and nothing happens, where the umid is followed already or is remembered to have ended; one that timed out
  /// or was refused is followed anew. In the checkpoint once `run` has gone on. Throws InvalidArgumentError, also where the
  /// umid is known in another subaccount.
  bool follow(FollowedMessage message);

  /// Takes in what a receipt says. False where its message is not followed. Never waits for the network or a disk.
  bool ingest(const DeliveryReceipt& receipt);

  /// Looks, and calls `onChange`, until all have ended (true) or `cancellation` (false). One run at a time: a second one
  /// throws InvalidArgumentError. The tracker has to outlive it. Throws CheckpointError, what `onChange` throws, and the
  /// errors that would meet every message: UnauthorizedError, TlsError, UpgradeRequiredError, InvalidArgumentError of the
  /// `apiKeyProvider`. After each, another `run` goes on where this one ended, and tells what this one did not come to. In
  /// a child of fork() a tracker of the parent's that has a checkpoint throws CheckpointError, and one that ran there is
  /// under way for good: open one anew, with a checkpoint of its own.
  bool run(const CancellationToken& cancellation = {});

  std::size_t following() const;                                  ///< how many have not ended
  std::optional<TrackedState> find(std::string_view umid) const;  ///< absent where it is not known

  /// How long it takes to look at each message of the subaccount once: with one request a second, n messages take n
  /// seconds. Zero with pacing off.
  std::chrono::milliseconds cycleTime(std::string_view subAccountId) const;

 private:
  const ChatAppsClient client_;
  const std::shared_ptr<track::Worker> worker_;
};

}  // namespace chatapps
