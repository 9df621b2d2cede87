#include "pacing/rejections.hpp"

#include <algorithm>

namespace chatapps::pacing {

using std::chrono::seconds;

namespace {
constexpr Duration kFirstPause = seconds(1);
constexpr Duration kLongestDoubled = seconds(30);
constexpr Duration kLongestPause = seconds(60);  // whatever the server asks for

// Four 429s within some thirty answers are more than jitter explains.
constexpr int kSuspicion = 32;
constexpr int kCertainty = 3 * kSuspicion;

constexpr int kFirstProbation = 32;
constexpr int kLongestProbation = 1024;
}  // namespace

Duration Rejections::rejected(Duration pause, bool duringHold) noexcept {
  if (!duringHold) {
    const bool atUsualPace = consecutive_ == 0;  // one that follows a pause says nothing about the interval
    consecutive_ = std::min(consecutive_ + 1, 6);
    if (atUsualPace) {
      suspicion_ += kSuspicion;
      if (stretch_ > 0) {
        grow(1);
      } else if (suspicion_ > kCertainty) {
        grow(2);
      }
    }
  }
  const Duration doubled = std::min(kFirstPause * (1 << std::max(consecutive_ - 1, 0)), kLongestDoubled);
  return std::min(std::max(pause, doubled), kLongestPause);
}

void Rejections::succeeded() noexcept {
  consecutive_ = 0;
  suspicion_ = std::max(suspicion_ - 1, 0);
  if (stretch_ == 0 && probation_ == kFirstProbation && !cameBack_) return;
  if (++calm_ < probation_) return;
  calm_ = 0;
  if (stretch_ > 0) {
    --stretch_;
    cameBack_ = true;
  } else {
    probation_ = kFirstProbation;
    cameBack_ = false;
  }
}

void Rejections::grow(int steps) noexcept {
  if (cameBack_) probation_ = std::min(probation_ * 2, kLongestProbation);
  cameBack_ = false;
  stretch_ = std::min(stretch_ + steps, kSteps);
  suspicion_ = 0;
  calm_ = 0;
}

}  // namespace chatapps::pacing
