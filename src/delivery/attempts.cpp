#include "delivery/attempts.hpp"

#include <algorithm>

#include "delivery/channel.hpp"
#include "delivery/stage.hpp"

namespace chatapps::delivery {
namespace {

/// How far an attempt came towards its end. A failure comes after waiting, but not after success.
int progress(const Status& status) noexcept {
  switch (stageOf(status)) {
    case Stage::Unknown: return 0;
    case Stage::Queued: return 1;
    case Stage::Sent: return 2;
    case Stage::Failed: return 3;
    case Stage::Delivered: return 4;
    case Stage::Read: return 5;
  }
  return 0;
}

}  // namespace

std::optional<SystemTime> timeOf(const Status& status) noexcept {
  return status.timestamp ? status.timestamp->time() : std::nullopt;
}

bool isNewer(const Status& other, const Status& status) noexcept {
  const auto theirs = timeOf(other);
  const auto ours = timeOf(status);
  if (theirs && ours && *theirs != *ours) return *theirs > *ours;
  return progress(other) >= progress(status);
}

std::vector<const MessageDetail*> attemptsOf(const MessageDetails& details) {
  const auto earlier = [](const MessageDetail* a, const MessageDetail* b) { return a->step < b->step; };
  std::vector<const MessageDetail*> attempts;
  attempts.reserve(details.size());
  for (const MessageDetail& detail : details) {
    const auto isSame = [&detail](const MessageDetail* other) {
      return other->step == detail.step && sameChannel(other->channel, detail.channel);
    };
    const auto same = std::find_if(attempts.begin(), attempts.end(), isSame);
    if (same == attempts.end()) {
      attempts.insert(std::upper_bound(attempts.begin(), attempts.end(), &detail, earlier), &detail);
    } else if (isNewer(detail.status, (*same)->status)) {
      *same = &detail;
    }
  }
  return attempts;
}

}  // namespace chatapps::delivery
