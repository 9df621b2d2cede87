/// @file coroutine.hpp
/// `co_await` a call, for C++20. Header-only; the library itself stays C++17.
#pragma once

#if !defined(__cpp_impl_coroutine)
#error "chatapps/coroutine.hpp needs a compiler in C++20 mode"
#endif

#include <atomic>
#include <coroutine>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "chatapps/client.hpp"

namespace chatapps {

/// What the functions below give; await it once. It keeps the client alive while the coroutine waits. A coroutine that
/// waits may be destroyed, on the thread that would resume it or while nothing can: its call goes on, and ends unseen.
template <class T>
class CallAwaiter {
 public:
  using OnDone = std::function<void(Outcome<T>)>;  ///< what the call is given to end with
  /// `start` begins the call once the coroutine is suspended.
  explicit CallAwaiter(std::function<void(OnDone)> start) : start_(std::move(start)) {}
  CallAwaiter(CallAwaiter&&) noexcept = default;  ///< Before it is awaited.
  CallAwaiter& operator=(CallAwaiter&&) = delete;
  ~CallAwaiter() {
    if (waiting_) waiting_->over = true;
  }

  bool await_ready() const noexcept { return false; }  ///< Never: the call is asynchronous.
  /// Begins the call; its end resumes the coroutine.
  void await_suspend(std::coroutine_handle<> coroutine) {
    // The coroutine may go on, and this object be gone, before the call returns. `start` holds the client.
    const auto waiting = waiting_ = std::make_shared<Waiting>();
    const auto start = std::make_shared<const std::function<void(OnDone)>>(std::move(start_));
    (*start)([waiting, coroutine, start](Outcome<T> outcome) {
      if (waiting->over.exchange(true)) return;
      waiting->outcome = std::move(outcome);
      coroutine.resume();
    });
  }
  T await_resume() { return std::move(*waiting_->outcome).value(); }  ///< The value, or the error thrown.

 private:
  struct Waiting {
    std::atomic<bool> over{false};  // its coroutine goes on, or is no more
    std::optional<Outcome<T>> outcome;
  };

  std::function<void(OnDone)> start_;
  std::shared_ptr<Waiting> waiting_;
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
