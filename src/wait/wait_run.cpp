#include "wait/wait_run.hpp"

#include <utility>

#include "http/thread_loop.hpp"

namespace chatapps {
namespace {

/// One wait and the calls that it is made of.
class Looks {
 public:
  Looks(std::shared_ptr<call::Engine> engine, const std::string& subAccountId, const std::string& umid,
        WaitOptions options)
      : engine_(std::move(engine)),
        request_(
            call::makeRequest(*engine_, subAccountId, umid, {std::nullopt, options.cancellation, options.headers})),
        wait_(engine_->facts(subAccountId, umid), std::move(options), engine_->retry.random, engine_->clock->now()) {
    // A look may stand in the lane for long, behind everything else, but must not hang once its turn has come.
    request_.priority = pacing::Priority::Low;
    request_.timeoutFromSlot = true;
    request_.notAfter = wait_.deadline();
  }

  const call::CallRequest& nextCall() const { return request_; }

  /// The outcome of the wait, once there is one.
  std::optional<Outcome<DeliveryReport>> looked(const Outcome<MessageDetails>& outcome) {
    Wait::Next next;
    try {
      next = wait_.looked(outcome, engine_->clock->now(), engine_->clock->utcNow());
    } catch (...) {  // the user's predicate
      return Outcome<DeliveryReport>(std::current_exception());
    }
    request_.startAt = next.lookAt;
    return std::move(next.outcome);
  }

 private:
  std::shared_ptr<call::Engine> engine_;
  call::CallRequest request_;
  Wait wait_;
};

using OnReport = std::function<void(Outcome<DeliveryReport>)>;

void look(const std::shared_ptr<Looks>& looks, const call::StartCall& start, const OnReport& onDone) {
  start(looks->nextCall(), [looks, start, onDone](const Outcome<MessageDetails>& seen) {
    auto outcome = looks->looked(seen);
    if (outcome) return onDone(std::move(*outcome));
    try {
      look(looks, start, onDone);
    } catch (...) {  // such as the end of the client: it ends the wait as the end of a look would
      const auto error = std::current_exception();
      onDone(looks->looked(Outcome<MessageDetails>(error)).value_or(Outcome<DeliveryReport>(error)));
    }
  });
}

}  // namespace

DeliveryReport runWait(const std::shared_ptr<call::Engine>& engine, const std::string& subAccountId,
                       const std::string& umid, WaitOptions options) {
  Looks looks(engine, subAccountId, umid, std::move(options));
  const http::ThreadLoop loop(engine->clock, engine->transport, engine->wires);
  std::optional<Outcome<DeliveryReport>> outcome;
  std::optional<Outcome<MessageDetails>> seen;
  std::shared_ptr<call::Flight> flight;
  const auto look = [&] {
    flight = std::make_shared<call::Flight>(*loop, engine, looks.nextCall());
    flight->start([&seen](Outcome<MessageDetails> ended) { seen = std::move(ended); });
  };
  look();
  loop->runUntil([&] {
    while (seen) {
      outcome = looks.looked(*std::exchange(seen, std::nullopt));
      if (outcome) return true;
      look();
    }
    return false;
  });
  return std::move(*outcome).value();
}

void startWait(const std::shared_ptr<call::Engine>& engine, const std::string& subAccountId, const std::string& umid,
               WaitOptions options, const call::StartCall& start, const OnReport& onDone) {
  look(std::make_shared<Looks>(engine, subAccountId, umid, std::move(options)), start, onDone);
}

}  // namespace chatapps
