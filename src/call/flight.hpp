// One call under way: does what its machine says, on the thread of its loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "call/call.hpp"
#include "call/engine.hpp"
#include "cancellation_state.hpp"
#include "chatapps/outcome.hpp"
#include "http/loop.hpp"
#include "http/transfer.hpp"
#include "pacing/lane.hpp"

namespace chatapps::call {

/// What is asked, with arguments that have been checked.
struct CallRequest {
  std::string subAccountId, umid;
  std::chrono::milliseconds timeout{};
  bool timeoutFromSlot = false;  ///< the timeout counts from the moment its turn comes
  Time startAt = Time::min();    ///< it asks for its first slot then, or at once
  Time notAfter = Time::max();   ///< a deadline that holds as well
  pacing::Priority priority = pacing::Priority::Normal;
  Headers headers;
  CancellationToken cancellation;
};

/// Checks the arguments and fills in the client's defaults. Throws InvalidArgumentError.
CallRequest makeRequest(const Engine& engine, std::string subAccountId, std::string umid, CallOptions call);

/// All functions are called on the loop's thread. Owned by whoever waits for it; destroying it gives the call up.
class Flight final : public std::enable_shared_from_this<Flight>, private http::Transfer {
 public:
  using OnDone = std::function<void(Outcome<MessageDetails>)>;

  Flight(http::Loop& loop, std::shared_ptr<Engine> engine, CallRequest asked);
  ~Flight();

  /// `onDone` is called exactly once, maybe before this returns; it may destroy the flight.
  void start(OnDone onDone);
  void cancel();
  /// It ends with this error where it would send a request: at once, or where the one that is under way would be retried.
  void sendNoMore(std::exception_ptr error);
  /// Whether no request of it is under way.
  bool isWaiting() const noexcept { return phase_ != Phase::Leaving && phase_ != Phase::UnderWay; }

  const std::string& subAccountId() const noexcept { return call_.subAccountId(); }
  const std::string& umid() const noexcept { return call_.umid(); }

 private:
  struct SharedAnswer;
  struct OwnTicket;
  static const OwnTicket& ownTicket(const pacing::Ticket& ticket);

  void follow(Next next);
  void takePlace(pacing::Lane::End end);
  bool maySharePlace() const noexcept;
  void askTurn();
  void reserve(std::uint64_t number);
  void confirm(Time due);
  void passOn() noexcept;
  void giveBack() noexcept;
  LaneName laneName() const { return {engine_->base.origin, subAccountId()}; }
  void slotTaken();
  void send();
  void onSent() noexcept override;
  void onDone(http::TransferResult result) noexcept override;
  void tellAttemptFinished(int status, std::string_view failure);
  Next judge(http::TransferResult result);
  void tellLane(Next& next);
  void ride();
  void rideEnded(const std::shared_ptr<const SharedAnswer>& answer);
  void releaseSharers(const std::shared_ptr<const SharedAnswer>& answer);
  void startTimeout();
  void letGo() noexcept;
  void finish(Outcome<MessageDetails> outcome);
  template <class Work>
  void guarded(Work work) noexcept;
  template <class Work>
  static void post(http::Inbox& inbox, const std::weak_ptr<Flight>& to, Work work);

  http::Loop& loop_;
  const std::shared_ptr<Engine> engine_;
  CallRequest asked_;
  Call call_;
  OnDone onDone_;
  std::exception_ptr insteadOfSending_;
  CancellationWatch watch_;

  std::shared_ptr<pacing::Lane> lane_;
  std::shared_ptr<OwnTicket> ticket_;  ///< its place in the lane
  pacing::Tickets sharers_;            ///< of calls that ride on the request of this one
  std::shared_ptr<const Credentials> credentials_;
  enum class Phase {
    None,      ///< before the first attempt, between two, after the last
    InLane,    ///< `ticket_` waits there
    HasSlot,   ///< the lane let it go, and its request is not on its way out
    Leaving,   ///< its request is on its way out
    UnderWay,  ///< it has left
    Riding,    ///< the request under way is another call's
  } phase_ = Phase::None;
  bool hadItsTurn_ = false;  ///< with `timeoutFromSlot`: the timeout runs

  http::Loop::Timer deadlineTimer_, waitTimer_;
  Time began_{}, askedAt_{}, sendingAt_{};
};

/// Starts a call somewhere.
using StartCall = std::function<void(CallRequest, Flight::OnDone)>;

}  // namespace chatapps::call
