#include "call/flight.hpp"

#include <algorithm>
#include <functional>
#include <new>
#include <utility>

#include "call/check_options.hpp"
#include "call/request.hpp"
#include "chatapps/printable.hpp"
#include "http/body_limit.hpp"
#include "later.hpp"

namespace chatapps::call {

// Work for a flight that comes from another thread; forgotten when the flight is over.
template <class Work>
void Flight::post(http::Inbox& inbox, const std::weak_ptr<Flight>& to, Work work) {
  inbox.postSurely([to, work = std::move(work)] {
    if (const auto flight = to.lock(); flight && flight->onDone_) flight->guarded([&] { std::invoke(work, *flight); });
  });
}

/// The end of a request that several calls share; empty when the call that sent it gave up.
struct Flight::SharedAnswer {
  http::TransferResult result;
  std::shared_ptr<const Credentials> credentials;
};

/// Its place in a lane. The lane and other calls reach the flight through it, from any thread.
struct Flight::OwnTicket : pacing::Ticket {
  OwnTicket(std::shared_ptr<http::Inbox> inbox, std::weak_ptr<Flight> flight)
      : inbox_(std::move(inbox)), flight_(std::move(flight)) {
    onTurn = [this] { post(&Flight::askTurn); };
  }
  /// Its message is being asked for by another call.
  void ride() const { post(&Flight::ride); }
  /// Null: that call gave up.
  void rideEnded(const std::shared_ptr<const SharedAnswer>& answer) const {
    post([answer](Flight& asking) {
      if (asking.phase_ == Phase::Riding) asking.rideEnded(answer);
    });
  }

 private:
  template <class Work>
  void post(Work work) const {
    Flight::post(*inbox_, flight_, std::move(work));
  }

  std::shared_ptr<http::Inbox> inbox_;
  std::weak_ptr<Flight> flight_;
};

const Flight::OwnTicket& Flight::ownTicket(const pacing::Ticket& ticket) {
  return static_cast<const OwnTicket&>(ticket);  // nobody else puts tickets into lanes
}

CallRequest makeRequest(const Engine& engine, std::string subAccountId, std::string umid, CallOptions call) {
  checkSubAccountId(subAccountId);
  checkUmid(umid);
  if (call.timeout) checkTimeout("timeout", *call.timeout);
  checkHeaders(call.headers);
  CallRequest request;
  request.subAccountId = std::move(subAccountId);
  request.umid = std::move(umid);
  request.timeout = call.timeout.value_or(engine.timeout);
  request.headers = std::move(call.headers);
  request.cancellation = std::move(call.cancellation);
  return request;
}

Flight::Flight(http::Loop& loop, std::shared_ptr<Engine> engine, CallRequest asked)
    : loop_(loop),
      engine_(std::move(engine)),
      asked_(std::move(asked)),
      call_(engine_->facts(std::move(asked_.subAccountId), std::move(asked_.umid)), engine_->retry, engine_->budget) {}

Flight::~Flight() {
  letGo();
  loop_.cancel(deadlineTimer_);
}

// Everything that is entered from outside goes through here: an exception (memory that ran out) ends the call, not the loop.
template <class Work>
void Flight::guarded(Work work) noexcept {
  try {
    work();
  } catch (...) {
    finish(Outcome<MessageDetails>(std::current_exception()));
  }
}

void Flight::start(OnDone onDone) {
  const auto self = shared_from_this();
  onDone_ = std::move(onDone);
  guarded([&] {
    began_ = loop_.now();
    if (asked_.cancellation.isCancelled()) return follow(call_.cancelled());
    if (asked_.cancellation.state()) {
      watch_ = CancellationWatch(asked_.cancellation, [inbox = loop_.inbox(), weak = weak_from_this()] {
        post(*inbox, weak, &Flight::cancel);
      });
    }
    startTimeout();
    if (engine_->isPaced()) lane_ = engine_->lane(subAccountId());
    request.url = messageUrl(engine_->base.text, subAccountId(), umid());
    follow(call_.begin(std::max(began_, asked_.startAt)));
  });
}

void Flight::cancel() {
  if (onDone_) guarded([&] { follow(call_.cancelled()); });
}

void Flight::sendNoMore(std::exception_ptr error) {
  insteadOfSending_ = std::move(error);
  if (isWaiting()) finish(Outcome<MessageDetails>(insteadOfSending_));
}

void Flight::follow(Next next) {
  switch (next.what) {
    case Next::Do::Queue: {
      if (insteadOfSending_) return finish(Outcome<MessageDetails>(insteadOfSending_));
      if (!next.retryReason.empty()) {
        engine_->tell(&Observer::onRetryPlanned, [&] {
          const Duration delay = std::max(next.at - loop_.now(), next.lanePause.value_or(Duration::zero()));
          return RetryPlanned{subAccountId(), umid(), call_.attempts(), std::max(delay, Duration::zero()),
                              next.retryReason};
        });
      }
      // A call whose time runs since its first turn would spend it behind all that still wait for theirs.
      const auto end = next.atFront || hadItsTurn_ ? pacing::Lane::End::Front : pacing::Lane::End::Back;
      if (!lane_ && next.lanePause) next.at = later(next.at, *next.lanePause);
      if (next.at <= loop_.now()) return takePlace(end);
      waitTimer_ = loop_.at(next.at, [this, end] {
        waitTimer_.reset();
        guarded([&] { takePlace(end); });
      });
      return;
    }
    case Next::Do::Send: return send();
    case Next::Do::AskKey: {
      bool changed = false;
      try {
        changed = engine_->keys.renew(*credentials_);
      } catch (const InvalidArgumentError&) {
        engine_->callbackFailed("apiKeyProvider");  // the 401 says more than this to who waits
      }
      return follow(call_.keyAsked(changed, loop_.now()));
    }
    case Next::Do::Finish: return finish(std::move(*next.outcome));
  }
}

void Flight::takePlace(pacing::Lane::End end) {
  askedAt_ = loop_.now();
  if (!lane_) return slotTaken();
  ticket_ = std::make_shared<OwnTicket>(loop_.inbox(), weak_from_this());
  ticket_->deadline = call_.deadline();
  ticket_->interval = engine_->interval;
  ticket_->priority = asked_.priority;
  if (maySharePlace()) ticket_->client = engine_.get();
  ticket_->umid = umid();
  ticket_->pacer = engine_->pacer.get();
  phase_ = Phase::InLane;
  if (lane_->enter(ticket_, end, engine_->maxWaiting, askedAt_)) return askTurn();
  const bool queueIsFull = !ticket_->standing.wontFit;
  letGo();
  follow(call_.placeRefused(queueIsFull));
}

// Lists and waits stand behind calls, and their thread may be busy with what its user does: no call waits for them.
bool Flight::maySharePlace() const noexcept {
  return engine_->shareIdenticalCalls && asked_.headers.empty() && asked_.priority == pacing::Priority::Normal;
}

void Flight::askTurn() {
  if (phase_ != Phase::InLane) return;
  loop_.cancel(waitTimer_);
  const pacing::Turn turn = lane_->ask(*ticket_, loop_.now());
  switch (turn.kind) {
    case pacing::Turn::Kind::Wait: return;
    case pacing::Turn::Kind::Later:
      waitTimer_ = loop_.at(turn.at, [this] {
        waitTimer_.reset();
        guarded([&] { askTurn(); });
      });
      return;
    case pacing::Turn::Kind::Reserve: return reserve(turn.number);
    case pacing::Turn::Kind::Go: phase_ = Phase::HasSlot; return engine_->pacer ? confirm(turn.at) : slotTaken();
    case pacing::Turn::Kind::WontFit: letGo(); return follow(call_.placeRefused(false));
  }
}

void Flight::reserve(std::uint64_t number) {
  try {
    engine_->pacer->reserve(laneName(), lane_->spacing(engine_->interval),
                            [lane = lane_, clock = engine_->clock, number](Duration wait) {
                              lane->reserved(number, later(clock->now(), std::max(wait, Duration::zero())));
                            });
  } catch (...) {
    lane_->reserved(number, std::nullopt);  // for those behind this call
    finish(Outcome<MessageDetails>(std::current_exception()));
  }
}

// Others may have been late as well: the pacer has the last word when the slot falls due.
void Flight::confirm(Time due) {
  const Time now = loop_.now();
  const auto wait = engine_->pacer->confirm(laneName(), lane_->stretched(engine_->interval), now - due);
  if (wait && *wait <= Duration::zero()) return slotTaken();
  phase_ = Phase::InLane;
  lane_->postponed(wait ? std::make_optional(later(now, *wait)) : std::nullopt);
}

void Flight::passOn() noexcept {
  if (!engine_->pacer || !lane_) return;
  try {
    const auto [untilNext, answerAwaited] = lane_->outlook(engine_->interval, loop_.now());
    engine_->pacer->passOn(laneName(), untilNext, answerAwaited);
  } catch (...) {  // NOLINT(bugprone-empty-catch): memory ran out; the others know as much as before
  }
}

void Flight::giveBack() noexcept {
  if (!engine_->pacer) return;
  try {
    engine_->pacer->giveBack(laneName());
  } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): a slot is lost
  }
}

void Flight::slotTaken() {
  if (asked_.timeoutFromSlot && !std::exchange(hadItsTurn_, true)) startTimeout();
  try {
    credentials_ = engine_->keys.current();
  } catch (const InvalidArgumentError&) {
    engine_->callbackFailed("apiKeyProvider");
    return finish(Outcome<MessageDetails>(std::current_exception()));
  }
  follow(call_.slotTaken());
}

void Flight::send() {
  sendingAt_ = loop_.now();
  engine_->tell(&Observer::onSlotTaken, [&] {
    return SlotTaken{subAccountId(), umid(), call_.attempts(), sendingAt_ - askedAt_};
  });
  engine_->tell(&Observer::onAttemptStarted, [&] { return AttemptStarted{subAccountId(), umid(), call_.attempts()}; });
  request.headers = credentials_->headers;
  if (!asked_.headers.empty())
    request.headers = std::make_shared<const Headers>(overridden(*request.headers, asked_.headers));
  phase_ = Phase::Leaving;
  if (lane_) loop_.beginLeaving();
  loop_.send(*this);
}

void Flight::onSent() noexcept {
  call_.left();
  phase_ = Phase::UnderWay;
  ticket_.reset();
  if (!lane_) return;
  loop_.endLeaving();
  sharers_ = lane_->sent(sentAt);
  for (const auto& sharer : sharers_) ownTicket(*sharer).ride();
  passOn();
}

void Flight::onDone(http::TransferResult result) noexcept {
  const auto self = shared_from_this();
  const bool hasLeft = phase_ == Phase::UnderWay;
  phase_ = hasLeft ? Phase::None : Phase::HasSlot;
  if (!hasLeft && lane_) loop_.endLeaving();
  guarded([&] {
    if (engine_->transport) http::limitBody(result, engine_->maxBodyBytes);
    if (auto* failure = std::get_if<TransportFailure>(&result)) hide(failure->reason, credentials_->key);
    const auto* response = std::get_if<HttpResponse>(&result);
    if (response && lane_) {
      lane_->answered(sentAt, loop_.now());
      passOn();
    }
    tellAttemptFinished(response ? response->status : 0,
                        response ? std::string_view() : std::get<TransportFailure>(result).reason);
    std::shared_ptr<const SharedAnswer> shared;
    if (!sharers_.empty()) shared = std::make_shared<const SharedAnswer>(SharedAnswer{result, credentials_});
    Next next = judge(std::move(result));
    if (response) tellLane(next);
    if (shared) releaseSharers(shared);  // the lane is held by now, if it is: they may be on another thread
    if (!hasLeft) letGo();
    follow(std::move(next));
  });
}

void Flight::tellAttemptFinished(int status, std::string_view failure) {
  engine_->tell(&Observer::onAttemptFinished, [&] {
    return AttemptFinished{subAccountId(),    umid(), call_.attempts(), status, loop_.now() - sendingAt_,
                           printable(failure)};
  });
}

Next Flight::judge(http::TransferResult result) {
  const Time now = loop_.now();
  if (const auto* failure = std::get_if<TransportFailure>(&result)) return call_.failed(*failure, now);
  return call_.answered(std::move(std::get<HttpResponse>(result)), credentials_->key, now, engine_->clock->utcNow());
}

// Only the call whose request it was tells the lane what its answer means for all.
void Flight::tellLane(Next& next) {
  if (next.dropConnection) loop_.dropConnections();
  if (!lane_) return;
  if (!next.lanePause) return lane_->succeeded();
  next.lanePause = lane_->rejected(*next.lanePause, loop_.now());
  if (engine_->pacer) engine_->pacer->hold(laneName(), *next.lanePause);
  engine_->tell(&Observer::onLaneHeld, [&] { return LaneHeld{subAccountId(), *next.lanePause}; });
}

void Flight::ride() {
  if (phase_ != Phase::InLane) return;
  phase_ = Phase::Riding;
  ticket_.reset();
  loop_.cancel(waitTimer_);
  call_.joinRequest();
}

void Flight::rideEnded(const std::shared_ptr<const SharedAnswer>& answer) {
  phase_ = Phase::None;
  if (!answer) return follow(call_.requestAbandoned(loop_.now()));
  credentials_ = answer->credentials;
  follow(judge(answer->result));
}

void Flight::releaseSharers(const std::shared_ptr<const SharedAnswer>& answer) {
  for (const auto& sharer : std::exchange(sharers_, {})) ownTicket(*sharer).rideEnded(answer);
}

// Before its turn has come, only `notAfter` may hold.
void Flight::startTimeout() {
  const bool notYet = asked_.timeoutFromSlot && !hadItsTurn_;
  const Time deadline = notYet ? asked_.notAfter : std::min(asked_.notAfter, later(loop_.now(), asked_.timeout));
  call_.startDeadline(deadline);
  loop_.cancel(deadlineTimer_);
  deadlineTimer_ = loop_.at(deadline, [this] {
    deadlineTimer_.reset();
    guarded([&] { follow(call_.expired()); });
  });
}

// Gives back whatever is held: the place, the slot, the request under way, the calls that ride on it.
void Flight::letGo() noexcept {
  loop_.cancel(waitTimer_);
  const Phase was = std::exchange(phase_, Phase::None);
  if (was == Phase::Leaving || was == Phase::UnderWay) {
    if (was == Phase::Leaving && lane_) loop_.endLeaving();
    loop_.abort(*this);
    tellAttemptFinished(0, "given up before its answer came");
  }
  bool hadSlot = lane_ && (was == Phase::HasSlot || was == Phase::Leaving);
  if (was == Phase::InLane) hadSlot = lane_->leave(*ticket_);
  if (hadSlot) {
    giveBack();
    lane_->unsent();
  }
  ticket_.reset();
  releaseSharers(nullptr);
}

void Flight::finish(Outcome<MessageDetails> outcome) {
  if (!onDone_) return;
  const auto self = shared_from_this();
  letGo();
  loop_.cancel(deadlineTimer_);
  OnDone onDone = std::exchange(onDone_, nullptr);
  watch_ = CancellationWatch();
  engine_->tell(&Observer::onCallFinished, [&] {
    return CallFinished{subAccountId(), umid(), call_.attempts(), outcome.error(), loop_.now() - began_};
  });
  onDone(std::move(outcome));
}

}  // namespace chatapps::call
