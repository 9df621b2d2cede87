#include "chatapps/tracker.hpp"

#include <chrono>
#include <utility>

#include "track/worker.hpp"

namespace chatapps {

// NOLINTNEXTLINE(performance-unnecessary-value-param): it reads as what it is, something to keep
DeliveryTracker::DeliveryTracker(ChatAppsClient client, TrackerOptions options)
    : client_(client), worker_(std::make_shared<track::Worker>(std::move(options), *client_.engine())) {}

DeliveryTracker::~DeliveryTracker() = default;

bool DeliveryTracker::follow(FollowedMessage message) { return worker_->follow(std::move(message)); }

bool DeliveryTracker::ingest(const DeliveryReceipt& receipt) { return worker_->ingest(receipt); }

bool DeliveryTracker::run(const CancellationToken& cancellation) {
  return worker_->run(client_.engine(), cancellation);
}

std::size_t DeliveryTracker::following() const { return worker_->following(); }

std::optional<TrackedState> DeliveryTracker::find(std::string_view umid) const { return worker_->find(umid); }

std::chrono::milliseconds DeliveryTracker::cycleTime(std::string_view subAccountId) const {
  return std::chrono::ceil<std::chrono::milliseconds>(worker_->cycleTime(subAccountId));
}

}  // namespace chatapps
