// What all calls of one client share.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "call/base_url.hpp"
#include "call/key_ring.hpp"
#include "call/retry_policy.hpp"
#include "chatapps/errors.hpp"
#include "chatapps/observer.hpp"
#include "chatapps/options.hpp"
#include "chatapps/pacer.hpp"
#include "http/wire_pool.hpp"
#include "pacing/lane.hpp"

namespace chatapps::call {

/// Thread-safe. Lives until the last call is over, beyond the client.
class Engine {
 public:
  /// Throws InvalidArgumentError naming the option that can not work.
  explicit Engine(const ClientOptions& options);

  bool isPaced() const noexcept { return isPaced_; }
  std::shared_ptr<pacing::Lane> lane(std::string_view subAccountId) const;
  /// Of a call that has not begun.
  CallFacts facts(std::string subAccountId, std::string umid) const;

  /// Tells the observer, if there is one, of what `makeEvent` gives. What a handler throws stops here.
  template <class Event, class MakeEvent>
  void tell(void (Observer::*handler)(const Event&), MakeEvent makeEvent) const noexcept {
    if (!observer) return;
    try {
      ((*observer).*handler)(makeEvent());
    } catch (...) {
      callbackFailed("observer");
    }
  }

  /// To be called while an exception of the user's is handled.
  void callbackFailed(const char* where) const noexcept;

  const BaseUrl base;
  const std::shared_ptr<Clock> clock;
  const std::shared_ptr<Transport> transport;  ///< null: libcurl
  const std::shared_ptr<http::WirePool> wires;
  const std::shared_ptr<Observer> observer;  ///< may be null
  const Executor executor;                   ///< may be empty
  const RetryOptions retry;
  const std::chrono::milliseconds timeout;
  const std::size_t maxWaiting;
  const std::size_t maxBodyBytes;
  const Clock::duration interval;      ///< between two requests of a lane, with the configured margin
  const std::shared_ptr<Pacer> pacer;  ///< null: this process alone
  const bool shareIdenticalCalls;
  RetryBudget budget;
  KeyRing keys;

 private:
  const std::shared_ptr<const std::string> baseUrl_;
  const bool isPaced_;
  const std::size_t transportKind_;  ///< clients over a test's transport share no lane with those over the network
};

}  // namespace chatapps::call
