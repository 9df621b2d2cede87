/// @file delivery_report.hpp
/// What became of a message, told from the records of all its channel attempts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chatapps/codes.hpp"
#include "chatapps/export.hpp"
#include "chatapps/fallback_plan.hpp"
#include "chatapps/message_detail.hpp"
#include "chatapps/timestamp.hpp"
#include "chatapps/vocabulary.hpp"

namespace chatapps {

/// What to wait for.
enum class Goal {
  Final,      ///< whether it reached the person is settled, either way
  Delivered,  ///< it reached the person
  Read,       ///< the person read it
};

/// How far a status says that a message came, whatever its words.
enum class Stage {
  Failed,   ///< `undelivered`, `failed`, `rejected`, `error`
  Unknown,  ///< `unknown`, no state at all, or a word that is not documented
  Queued,
  Sent,  ///< `sent`, and `ok`, which says nothing of the person
  Delivered,
  Read,  ///< read, and so delivered
};

/// How sure a report is of whether the message reached the person.
enum class Certainty {
  Provisional,  ///< it may still change
  Final,        ///< it will not change; what was delivered may still be read
  Unknowable,   ///< sent, over a channel that never tells more
};

/// Whether a further channel will be tried.
enum class FurtherStep {
  None,      ///< nothing speaks for it
  Possible,  ///< by the plan, if this step does not succeed in time; without a plan, always possible
  Expected,  ///< by the plan, it is due
};

/// What a step came to.
enum class StepOutcome {
  Waiting,        ///< not known yet
  Overtaken,      ///< not known when the next step began; it may still succeed
  Failed,         ///< did not reach the person
  Unconfirmable,  ///< sent, and its channel never tells more
  Won,            ///< reached the person; of several, the one that was read or was first
  AlsoDelivered,  ///< reached the person as another one did
};

/// One step of a report. A plain value.
struct StepReport {
  int step = 0;                                ///< the number on the wire
  Channel channel;                             ///< that was tried
  Stage stage = Stage::Unknown;                ///< how far it came
  StepOutcome outcome = StepOutcome::Waiting;  ///< what became of it
  Status status;                               ///< as it came
  std::string reason;                          ///< why it did not win, fit to be shown; empty for the one that won

  /// `status.errorCode` in the list of its channel, where there is one.
  CHATAPPS_EXPORT std::optional<DeliveryCode> code() const;
};

/// What became of a message. A plain value: copyable, not synchronised. The rules are in docs/delivery.md.
struct DeliveryReport {
  State state;                   ///< of the step that came furthest, as it came; a failure only once every step failed
  Stage stage = Stage::Unknown;  ///< what that state means
  int step = 0;                  ///< which step that is: once `delivered()`, the one that won
  Channel channel;               ///< of that step
  Certainty certainty = Certainty::Provisional;  ///< whether later looks may tell otherwise
  bool duplicate = false;                        ///< more than one step reached the person
  std::optional<Timestamp> changedAt;            ///< the latest time in the records: when it was last seen to change
  std::vector<StepReport> steps;                 ///< in order of step

  FurtherStep furtherStep = FurtherStep::Possible;  ///< whether another channel may follow
  /// When it is due by the plan at the latest; the last moment there is where that is not known.
  SystemTime furtherStepBy = (SystemTime::max)();
  Certainty ifNoStepFollows = Certainty::Provisional;  ///< what `certainty` becomes once no further step is to come
  bool canBeDelivered = true;                          ///< it was, or a channel that may still come to it can tell
  bool canBeRead = true;                               ///< it was, or a channel that may still come to it can tell
  bool planFits = true;  ///< false: the records are of other channels or steps than the plan, which was left aside

  /// It will not change; what was delivered may still be read.
  bool isFinal() const noexcept { return certainty == Certainty::Final; }
  /// On some channel; true for a read message too.
  bool delivered() const noexcept { return stage >= Stage::Delivered; }
  bool read() const noexcept { return stage == Stage::Read; }  ///< On some channel.
};

/// What became of a message. Without the plan that it was sent with, a failed last step leaves the report provisional,
/// since a further channel may follow. A step that is long overdue by the plan, as of `now`, is no longer waited for;
/// without `now` nothing is overdue. Touches no network and no clock.
CHATAPPS_EXPORT DeliveryReport summarize(const MessageDetails& details, const FallbackPlan& plan = {},
                                         SystemTime now = (SystemTime::min)());

}  // namespace chatapps
