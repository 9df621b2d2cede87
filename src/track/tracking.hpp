// Which message to look at next, and what looks and receipts come to: the part of following that is not a call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "chatapps/outcome.hpp"
#include "chatapps/tracker.hpp"
#include "delivery/server_time.hpp"
#include "track/due_heap.hpp"
#include "track/followed.hpp"

namespace chatapps::track {

/// What time it is, by both clocks.
struct Moment {
  Clock::time_point now{};
  SystemTime utc{};
};

/// Without I/O, clock or threads. Not thread-safe. Each function takes a time that grows with the logarithm of the
/// number of messages, but for `resume`, `tidy`, `dropLooks` and `state`. Where one throws, no message is lost: each
/// that has not ended stays due, and is told of as if nothing had been.
class Tracking {
 public:
  /// With options that were checked, and outlive it. `interval` lies between two requests of a subaccount; zero: there
  /// is no limit.
  Tracking(const TrackerOptions& options, Clock::duration interval, std::function<double()> random);

  struct Resumed {
    std::size_t bytes;   ///< how much of the text counts: a last line may have been cut short
    std::uint64_t told;  ///< changes up to this number were told; some of them may be among the news
  };
  /// Goes on from the text of a checkpoint; before anything else. Throws CheckpointError.
  Resumed resume(std::string_view text, Moment at);

  bool follow(FollowedMessage message, Moment at);

  struct Heard {
    bool isFollowed = false;
    Subaccount* looksAtIt = nullptr;  ///< that is looking at its message; where that look still waits, `isNeedless`
  };
  Heard heard(const DeliveryReceipt& receipt, Moment at);
  /// Whether the look, which has not left yet, would tell nothing new. Else it answers what was asked meanwhile.
  static bool isNeedless(Subaccount& subaccount) noexcept;

  /// The message to be looked at now, if any; then `looked`.
  Followed* nextLook(Moment at);
  /// When there will be one, if nothing happens before. `max` where never.
  Clock::time_point nextLookAt() const noexcept;
  /// What the look brought; gives the error that would meet every other message as well, or null. One that was
  /// cancelled has not been.
  std::exception_ptr looked(Followed& message, const Outcome<MessageDetails>& outcome, Moment at);
  /// Looks that are under way will bring nothing any more.
  void dropLooks() noexcept;

  /// What is to be told and written since the last time.
  struct News {
    std::string lines;
    std::vector<TrackedChange> changes;
  };
  /// Adds it to `news`.
  void takeNews(News& news);
  bool hasNews() const noexcept { return !news_.lines.empty() || !news_.changes.empty(); }

  /// Whether much of what was written is out of date by now; then `tidy`, once all news was told.
  bool isUntidy() const noexcept { return written_ > messages_.size() + messages_.size() / 2 + 1000; }
  /// Forgets what ended long ago, and gives the text of a new checkpoint.
  std::string tidy(Moment at, std::uint64_t told);

  std::size_t following() const noexcept { return following_; }
  std::optional<TrackedState> state(std::string_view umid, Clock::time_point now) const;
  Clock::duration cycleTime(std::string_view subAccountId) const;

 private:
  using Time = Clock::time_point;

  Followed* find(std::string_view umid) const;
  Subaccount& subaccount(const std::string& name);
  bool isForgotten(const Followed& message, Moment at) const;
  void prepare(Followed& message);
  void enter(Followed& message, Moment at) noexcept;
  bool missed(Followed& message, const std::exception_ptr& error, Moment at);
  void restore(Followed& message, Moment at);
  void mustLook(Followed& message) noexcept;
  void judge(Followed& message, Moment at, bool byLook);
  void tell(Followed& message, DeliveryReport report);
  template <class Commit>
  void write(const Followed& message, Commit commit);
  void end(Followed& message, Ending ending, const std::string& problem, Moment at);
  void leave(Followed& message) noexcept;
  void schedule(Followed& message, const DeliveryReport& report, Moment at);
  void putBack(Followed& message) noexcept;
  void place(Followed& message, Time at) noexcept;
  void place(Subaccount& subaccount) noexcept;
  Clock::duration cycleOf(const Subaccount& subaccount) const noexcept;
  Clock::duration intervalOf(const Followed& message, Time now);
  std::optional<Time> patientUntil(const Followed& message, Time now) const;

  using ByName = std::unordered_map<std::string, std::unique_ptr<Named>>;  // one type: each costs kilobytes of code

  const TrackerOptions& options_;
  const Clock::duration interval_;
  const std::function<double()> random_;

  ByName messages_;     // of Followed, by umid in lower case
  ByName subaccounts_;  // of Subaccount
  DueHeap due_;         // subaccounts of which no message is being looked at
  DueHeap deadlines_;   // of messages that are not being looked at and owe no look
  delivery::ServerTime serverTime_;
  std::size_t following_ = 0;
  std::uint64_t lastNumber_;
  std::uint64_t entered_ = 0;
  std::size_t written_ = 0;  // lines in the checkpoint
  News news_;
};

}  // namespace chatapps::track
