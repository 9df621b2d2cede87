#include "call/call.hpp"

#include <algorithm>
#include <utility>

#include "chatapps/printable.hpp"

namespace chatapps::call {
namespace {

std::string naming(const std::string& what, const CallFacts& call) {
  return what + " (umid " + call.umid + " of subaccount " + call.subAccountId + ")";
}

// Whatever a transport of the user's own says: certificates and answers that are too large stay as they are.
bool mayPass(TransportFailure::Kind kind) {
  using Kind = TransportFailure::Kind;
  return kind != Kind::Tls && kind != Kind::BodyTooLarge && kind != Kind::BadEncoding;
}

std::exception_ptr typedError(const TransportFailure& failure, const CallFacts& call) {
  const std::string reason = naming(printable(failure.reason), call);
  switch (failure.kind) {
    case TransportFailure::Kind::Tls:
      return std::make_exception_ptr(TlsError("TLS failure: " + reason, call, failure.osError));
    case TransportFailure::Kind::Timeout: return std::make_exception_ptr(TimeoutError("timed out: " + reason, call));
    case TransportFailure::Kind::BodyTooLarge:
    case TransportFailure::Kind::BadEncoding:
      return std::make_exception_ptr(DecodeError(reason, "", call, failure.httpStatus));
    case TransportFailure::Kind::Network:
    case TransportFailure::Kind::LibraryFault: break;
  }
  return std::make_exception_ptr(TransportError("no usable answer: " + reason, call, failure.osError));
}

}  // namespace

Call::Call(CallFacts facts, const RetryOptions& retry, RetryBudget& budget)
    : retry_(retry), budget_(budget), facts_(std::move(facts)) {}

Next Call::begin(Time at) { return queue(at, false, ""); }

Next Call::placeRefused(bool queueIsFull) {
  if (lastError_) return finishWith(lastError_);
  const char* const why =
      queueIsFull ? "timed out at once: as many calls wait for a slot as pacing.maxWaiting allows"
                  : "timed out ahead of time: the next free slot of the rate limit lies beyond the deadline";
  return finishWith(std::make_exception_ptr(TimeoutError(naming(why, facts_), facts(true), true)));
}

Next Call::slotTaken() {
  joined_ = false;
  if (std::exchange(owesToken_, false) && !budget_.take()) return finishWith(lastError_);
  ++facts_.attempts;
  facts_.delivery = Delivery::NotSent;
  state_ = State::Sending;
  Next next;
  next.what = Next::Do::Send;
  return next;
}

void Call::joinRequest() {
  ++facts_.attempts;
  facts_.delivery = Delivery::MaybeSent;
  state_ = State::Sending;
  joined_ = true;
  owesToken_ = false;
}

Next Call::requestAbandoned(Time now) { return queue(now, true, ""); }

void Call::left() { facts_.delivery = Delivery::MaybeSent; }

Next Call::answered(HttpResponse response, std::string_view secret, Time now, SystemTime utcNow) {
  facts_.delivery = Delivery::Answered;
  Verdict verdict = judge(std::move(response), facts_, secret, utcNow);
  if (auto* details = std::get_if<MessageDetails>(&verdict)) {
    if (!joined_) budget_.succeeded();
    return finish(std::move(*details));
  }
  if (const auto* refusal = std::get_if<Refusal>(&verdict)) return refused(*refusal, now);
  if (std::holds_alternative<Desync>(verdict)) return distrust(now);
  const auto& unreadable = std::get<Unreadable>(verdict);
  if (!unreadable.cut) return finishWith(unreadable.error);
  return retryLater(unreadable.error, "answer cut short", Duration::zero(), now);
}

Next Call::refused(const Refusal& refusal, Time now) {
  const std::string reason = "HTTP " + std::to_string(refusal.httpStatus);
  const Duration asked = refusal.retryAfter.value_or(std::chrono::milliseconds(0));
  if (refusal.httpStatus == 429) return heldBack(refusal, std::max<Duration>(asked, std::chrono::seconds(1)), now);
  if (refusal.httpStatus == 401 && !keyRenewed_) {
    keyRenewed_ = true;
    lastError_ = refusal.error;
    state_ = State::AskingKey;
    Next next;
    next.what = Next::Do::AskKey;
    return next;
  }
  if (!isRetryableStatus(refusal.httpStatus)) return finishWith(refusal.error);
  return retryLater(refusal.error, reason, asked, now);
}

// Tokens are for requests: after one that was another call's, it pays if it sends the next one itself.
bool Call::takeToken() {
  owesToken_ = joined_;
  return joined_ || budget_.take();
}

// The lane itself holds back; this call only stands at its front again.
Next Call::heldBack(const Refusal& refusal, Duration pause, Time now) {
  Next next;
  if (!mayRetry() || pause >= deadline_ - now || !takeToken()) {
    next = finishWith(refusal.error);
  } else {
    lastError_ = refusal.error;
    next = queue(now, true, "HTTP 429");
  }
  next.lanePause = pause;
  return next;
}

Next Call::keyAsked(bool changed, Time now) {
  if (!changed) return finishWith(lastError_);
  return queue(now, true, "the API key was renewed after HTTP 401");
}

Next Call::distrust(Time now) {
  TransportFailure failure;
  failure.reason = "the answer was about another message; the connection is dropped";
  failure.delivery = Delivery::Answered;
  failure.retry = TransportFailure::Retry::Once;
  Next next = failed(failure, now);
  next.dropConnection = true;
  return next;
}

Next Call::failed(const TransportFailure& failure, Time now) {
  facts_.delivery = failure.delivery;
  const bool retryable = failure.retry != TransportFailure::Retry::Never && mayPass(failure.kind);
  std::exception_ptr error = typedError(failure, facts(retryable));
  const bool spent = failure.retry == TransportFailure::Retry::Once && std::exchange(retriedOnce_, true);
  if (!retryable || spent) return finishWith(std::move(error));
  return retryLater(std::move(error), printable(failure.reason), Duration::zero(), now);
}

Next Call::retryLater(std::exception_ptr error, std::string reason, Duration atLeast, Time now) {
  if (!mayRetry()) return finishWith(std::move(error));
  const Duration delay = std::max(backoff(retry_, facts_.attempts), atLeast);
  if (delay >= deadline_ - now || !takeToken()) return finishWith(std::move(error));
  lastError_ = std::move(error);
  return queue(now + delay, false, std::move(reason));
}

Next Call::queue(Time at, bool atFront, std::string reason) {
  state_ = State::Queued;
  Next next;
  next.what = Next::Do::Queue;
  next.at = at;
  next.atFront = atFront;
  next.retryReason = std::move(reason);
  return next;
}

Next Call::expired() {
  if (state_ == State::Queued && lastError_) return finishWith(lastError_);
  const char* where = state_ == State::Queued                ? "timed out waiting for a slot of the rate limit"
                      : facts_.delivery == Delivery::NotSent ? "timed out before the request could leave"
                                                             : "timed out waiting for the answer";
  return finishWith(std::make_exception_ptr(TimeoutError(naming(where, facts_), facts(true))));
}

Next Call::cancelled() {
  return finishWith(std::make_exception_ptr(CancelledError(naming("cancelled", facts_), facts(false))));
}

Next Call::finish(Outcome<MessageDetails> outcome) {
  state_ = State::Finished;
  Next next;
  next.what = Next::Do::Finish;
  next.outcome = std::move(outcome);
  return next;
}

CallFacts Call::facts(bool retryable) const {
  CallFacts result = facts_;
  result.retryable = retryable;
  return result;
}

}  // namespace chatapps::call
