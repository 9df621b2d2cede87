/// @file coroutine.hpp
/// `co_await` a call, for C++20. Header-only; the library itself stays C++17.
#pragma once

#if !defined(__cpp_impl_coroutine)
#error "chatapps/coroutine.hpp needs a compiler in C++20 mode"
#endif

#include <coroutine>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "chatapps/client.hpp"

namespace chatapps {

/// What the functions below give; await it once. It keeps the client alive while the coroutine waits.
template <class T>
class CallAwaiter {
 public:
  using OnDone = std::function<void(Outcome<T>)>;  ///< what the call is given to end with
  /// `start` begins the call once the coroutine is suspended.
  explicit CallAwaiter(std::function<void(OnDone)> start) : start_(std::move(start)) {}

  bool await_ready() const noexcept { return false; }  ///< Never: the call is asynchronous.
  /// Begins the call; its end resumes the coroutine.
  void await_suspend(std::coroutine_handle<> waiting) {
    // The coroutine may go on, and this object be gone, before the call returns. `start` holds the client.
    const auto start = std::make_shared<const std::function<void(OnDone)>>(std::move(start_));
    (*start)([this, waiting, start](Outcome<T> outcome) {
      outcome_ = std::move(outcome);
      waiting.resume();
    });
  }
  T await_resume() { return std::move(*outcome_).value(); }  ///< The value, or the error thrown.

 private:
  std::function<void(OnDone)> start_;
  std::optional<Outcome<T>> outcome_;
};

/// `MessageDetails details = co_await awaitMessageDetails(client, subAccountId, umid);`
/// Goes on where `onDone` runs: on the client's own thread, or through `executor`. Throws what `getMessageDetails` throws.
inline CallAwaiter<MessageDetails> awaitMessageDetails(const ChatAppsClient& client, std::string subAccountId,
                                                       std::string umid, CallOptions call = {}) {
  return CallAwaiter<MessageDetails>([client, subAccountId = std::move(subAccountId), umid = std::move(umid),
                                      call = std::move(call)](CallAwaiter<MessageDetails>::OnDone onDone) {
    client.getMessageDetailsAsync(subAccountId, umid, call, std::move(onDone));
  });
}

/// `DeliveryReport report = co_await awaitDelivery(client, subAccountId, umid);` Throws what `waitFor` throws.
inline CallAwaiter<DeliveryReport> awaitDelivery(const ChatAppsClient& client, std::string subAccountId,
                                                 std::string umid, WaitOptions wait = {}) {
  return CallAwaiter<DeliveryReport>([client, subAccountId = std::move(subAccountId), umid = std::move(umid),
                                      wait = std::move(wait)](CallAwaiter<DeliveryReport>::OnDone onDone) {
    client.waitForAsync(subAccountId, umid, wait, std::move(onDone));
  });
}

}  // namespace chatapps
