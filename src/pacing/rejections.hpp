// What answers of 429 teach a lane: how long to pause, and whether its interval is too short.
#pragma once

#include "pacing/ticket.hpp"

namespace chatapps::pacing {

/// Not synchronised.
///
/// The pause doubles with each 429 that follows another one. The interval is another matter: it is too short where
/// sending at the usual pace meets 429s again and again, so it grows by a quarter, then by eighths, up to double; it
/// shrinks again by eighths, after ever longer probation where that turned out to be too early.
class Rejections {
 public:
  /// The answer is a 429; the server asks for `pause`. Gives how long the lane is held. `duringHold`: the request left
  /// before an earlier 429 came back, so this one says nothing new.
  Duration rejected(Duration pause, bool duringHold) noexcept;
  void succeeded() noexcept;

  Duration stretched(Duration interval) const noexcept { return interval + interval / kSteps * stretch_; }
  /// Whether there is nothing to remember.
  bool forgotten() const noexcept { return consecutive_ == 0 && stretch_ == 0 && suspicion_ == 0; }

 private:
  static constexpr int kSteps = 8;

  void grow(int steps) noexcept;

  int consecutive_ = 0;    // 429s since the last other answer
  int suspicion_ = 0;      // grows with each 429 at the usual pace, fades with each other answer
  int stretch_ = 0;        // eighths of an interval that are added
  int calm_ = 0;           // other answers since the interval changed
  int probation_ = 32;     // so many calm answers before the interval shrinks
  bool cameBack_ = false;  // the last change of the interval made it shorter
};

}  // namespace chatapps::pacing
