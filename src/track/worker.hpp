// What is inside of a tracker: it keeps what is known for all threads, and looks on the one that runs it.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "call/engine.hpp"
#include "http/inbox.hpp"
#include "track/checkpoint_file.hpp"
#include "track/tracking.hpp"

namespace chatapps::track {

/// Thread-safe, but for `run`, which is refused while it is under way.
class Worker {
 public:
  /// Throws InvalidArgumentError and CheckpointError.
  Worker(TrackerOptions options, const call::Engine& engine);

  bool follow(FollowedMessage message);
  bool ingest(const DeliveryReceipt& receipt);
  bool run(const std::shared_ptr<call::Engine>& engine, const CancellationToken& cancellation);

  std::size_t following() const;
  std::optional<TrackedState> find(std::string_view umid) const;
  Clock::duration cycleTime(std::string_view subAccountId) const;

 private:
  class Run;

  Moment now() const { return {clock_->now(), delivery::ServerTime::bounded(clock_->utcNow())}; }
  void wake();
  void begin(std::shared_ptr<http::Inbox> inbox);
  void end() noexcept;

  // Called on the thread of the run.
  void tellNews(const CancellationToken& cancellation);
  void tick(const std::string& line);
  void tidy();

  const TrackerOptions options_;
  const std::shared_ptr<Clock> clock_;

  mutable std::mutex mutex_;
  Tracking tracking_;
  std::vector<Subaccount*> heardOf_;    // whose look a receipt may have made needless
  std::shared_ptr<http::Inbox> inbox_;  // of the run under way

  // Of the thread of the run.
  std::optional<CheckpointFile> file_;
  Tracking::News news_;   // what is not written or told yet
  std::uint64_t told_;    // changes up to this number
  std::uint64_t ticked_;  // the same, as the checkpoint knows it
};

}  // namespace chatapps::track
