// When to look at a message again, and when that is over: the part of waiting that is not a call.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "chatapps/clock.hpp"
#include "chatapps/delivery_report.hpp"
#include "chatapps/message_detail.hpp"
#include "chatapps/outcome.hpp"
#include "chatapps/wait.hpp"
#include "delivery/goal.hpp"
#include "delivery/server_time.hpp"

namespace chatapps {

/// Gives an error what a wait saw last.
void attachReport(ChatAppsError& error, const std::shared_ptr<const DeliveryReport>& report);

/// Without I/O, clock or threads. Not thread-safe.
class Wait {
 public:
  using Time = Clock::time_point;

  /// Throws InvalidArgumentError for options that can not work. `random` is uniform in [0, 1).
  Wait(CallFacts call, WaitOptions options, std::function<double()> random, Time began);

  struct Next {
    Time lookAt{};  ///< where there is no outcome
    std::optional<Outcome<DeliveryReport>> outcome;
  };

  /// What the look at the message brought.
  Next looked(const Outcome<MessageDetails>& outcome, Time now, SystemTime utcNow);

  Time deadline() const noexcept { return deadline_; }
  const WaitOptions& options() const noexcept { return options_; }

 private:
  Next saw(const MessageDetails& details, Time now, SystemTime utcNow);
  Next missed(const std::exception_ptr& error, Time now);
  Next lookLater(Time now, std::optional<Clock::duration> atMost = std::nullopt);
  delivery::GoalAnswer judge(const DeliveryReport& report) const;
  Next fail(std::exception_ptr error) const;
  Next timedOut() const;
  Next unreachable() const;

  const WaitOptions options_;
  const std::function<double()> random_;
  CallFacts call_;       // attempts and delivery as of the last look
  std::string trouble_;  // why the last look brought nothing
  const Time began_;
  const Time deadline_;
  Clock::duration interval_;
  delivery::FailedStep failedStep_;
  delivery::ServerTime serverTime_;
  std::shared_ptr<const DeliveryReport> last_;
};

}  // namespace chatapps
