// A call machine with given times, for the tests of its rows.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

#include "call/call.hpp"
#include "chatapps/testing/scripted_transport.hpp"
#include "support/caught.hpp"

namespace chatapps::call {

using namespace std::chrono_literals;

inline constexpr Time kStart{1h};
inline constexpr SystemTime kUtc{1'700'000'000s};
inline const std::string kUmid{testing::ScriptedTransport::kExampleUmid};

/// A call whose deadline is 30 s after `kStart`, and whose backoff is always the longest.
class Machine {
 public:
  explicit Machine(int maxAttempts = 4, Duration deadline = 30s) : call({"sub_account_id", kUmid}, retry_, budget) {
    if (deadline != Duration::max()) call.startDeadline(kStart + deadline);
    retry_.maxAttempts = maxAttempts;
    retry_.random = [] { return 1.0; };
  }

  /// Its turn comes and the request leaves.
  void send() {
    EXPECT_EQ(call.slotTaken().what, Next::Do::Send);
    call.left();
  }
  Next answer(int status, std::string body = "", Headers headers = {}, Duration at = 0s) {
    return call.answered({status, std::move(headers), std::move(body)}, "secret-key", kStart + at, kUtc);
  }
  Next succeed(Duration at = 0s) { return answer(200, testing::ScriptedTransport::exampleBody(), {}, at); }
  Next fail(TransportFailure::Retry again = TransportFailure::Retry::Always, Delivery delivery = Delivery::MaybeSent,
            Duration at = 0s) {
    TransportFailure failure;
    failure.reason = "h: broken";
    failure.delivery = delivery;
    failure.retry = again;
    return call.failed(failure, kStart + at);
  }
  void useUpBudget() {
    while (budget.take()) {
    }
  }

 private:
  RetryOptions retry_;

 public:
  RetryBudget budget;
  Call call;
};

/// A machine whose first request is on its way.
struct SentMachine : Machine {
  explicit SentMachine(int maxAttempts = 4, Duration deadline = 30s) : Machine(maxAttempts, deadline) {
    call.begin(kStart);
    send();
  }
};

/// The error that `next` ends with, which is exactly an `Error`.
template <class Error>
Error errorOf(const Next& next) {
  return support::caught<Error>([&] {
    EXPECT_EQ(next.what, Next::Do::Finish);
    if (next.outcome) (void)next.outcome->value();
  });
}

inline void expectQueued(const Next& next, Duration after, const std::string& reason) {
  EXPECT_EQ(next.what, Next::Do::Queue);
  EXPECT_EQ(next.at, kStart + after);
  EXPECT_EQ(next.retryReason, reason);
}

}  // namespace chatapps::call
