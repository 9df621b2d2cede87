#include "delivery/channel.hpp"

#include <utility>

namespace chatapps::delivery {
namespace {

// Source: 8x8, "Supported channels and message statuses", and its page on LINE official accounts.
constexpr std::pair<Channel::Known, Stage> kFurthest[] = {
    {Channel::SMS, Stage::Delivered},
    {Channel::Zalo, Stage::Delivered},
    {Channel::ZaloNotification, Stage::Delivered},
    {Channel::LineNotification, Stage::Delivered},
    {Channel::Line, Stage::Sent},
};

constexpr std::pair<Channel::Known, Channel::Known> kSame[] = {
    {Channel::Zalo, Channel::ZaloNotification},
    {Channel::RCS, Channel::Known("GoogleRCS")},
};

}  // namespace

Stage furthestStage(const Channel& channel) noexcept {
  for (const auto& [known, stage] : kFurthest) {
    if (channel == known) return stage;
  }
  return Stage::Read;
}

bool sameChannel(const Channel& a, const Channel& b) noexcept {
  if (a == b) return true;
  for (const auto& [one, other] : kSame) {
    if ((a == one && b == other) || (a == other && b == one)) return true;
  }
  return false;
}

}  // namespace chatapps::delivery
