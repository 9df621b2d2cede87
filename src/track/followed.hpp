// A message that is followed, and the subaccount that its looks belong to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "chatapps/tracker.hpp"
#include "delivery/goal.hpp"
#include "track/due_heap.hpp"

namespace chatapps::track {

struct Followed;

/// What is found by name.
struct Named : Due {
  Named() = default;
  Named(Named&&) = default;
  virtual ~Named() = default;
};

/// Due when the first of its messages is, unless one of them is being looked at.
struct Subaccount : Named {
  std::size_t index = 0;  ///< from 0, of all subaccounts
  DueHeap waiting;        ///< messages that are to be looked at
  Followed* looking = nullptr;
  std::size_t following = 0;                   ///< messages that have not ended
  std::optional<Clock::time_point> receiptAt;  ///< when the last receipt came in
};

/// Due when the time of its message runs out.
struct Deadline : Due {
  Followed* of = nullptr;
};

/// Due when it is to be looked at.
struct Followed : Named {
  // What the checkpoint holds.
  std::string umid;
  std::string subAccountId;
  FallbackPlan plan;
  LookPriority priority = LookPriority::Normal;
  SystemTime since{};        ///< by our own clock
  std::uint64_t number = 0;  ///< of its last change; 0 where there was none
  Ending ending = Ending::None;
  std::string problem;
  MessageDetails known;   ///< empty once its end was told
  SystemTime judgedAt{};  ///< by the server's clock; the epoch where nothing may count as overdue
  bool settled = false;   ///< a failed last step was watched for long enough

  bool ended() const noexcept { return ending != Ending::None; }

  // What follows from it.
  Subaccount* of = nullptr;
  Clock::time_point began{};
  Deadline deadline;
  Clock::time_point heardAt{};  ///< the last sign of it: a look, a receipt, or that it is followed
  delivery::FailedStep failedStep;
  std::uint64_t told = 0;  ///< a fingerprint of the last change
  bool owesLook = false;   ///< its time ran out while nobody looked: one look comes before that is told
  bool mustLook = false;   ///< a receipt raised a question that only a look can answer
  bool askAgain = false;   ///< it did so while a look was under way
};

/// What the checkpoint's facts come to.
DeliveryReport reportOf(const Followed& message);
TrackedChange changeOf(const Followed& message);

/// Of all that makes a change when it changes. Which step it was may have been a guess, so that does not count.
std::uint64_t fingerprintOf(const DeliveryReport& report, Ending ending) noexcept;

}  // namespace chatapps::track
