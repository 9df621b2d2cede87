/// @file coroutine.hpp
/// `co_await` a call, for C++20. Header-only; the library itself stays C++17.
#pragma once

#if !defined(__cpp_impl_coroutine)
#error "chatapps/coroutine.hpp needs a compiler in C++20 mode"
#endif

#include <coroutine>
#include <optional>
#include <string>
#include <utility>

#include "chatapps/client.hpp"

namespace chatapps {

/// What `awaitMessageDetails` gives; await it once, at once.
class MessageDetailsAwaiter {
 public:
  MessageDetailsAwaiter(const ChatAppsClient& client, std::string subAccountId, std::string umid, CallOptions call)
      : client_(client), subAccountId_(std::move(subAccountId)), umid_(std::move(umid)), call_(std::move(call)) {}

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    client_.getMessageDetailsAsync(std::move(subAccountId_), std::move(umid_), std::move(call_),
                                   [this, waiting](Outcome<MessageDetails> outcome) {
                                     outcome_ = std::move(outcome);
                                     waiting.resume();
                                   });
  }
  MessageDetails await_resume() { return std::move(*outcome_).value(); }

 private:
  ChatAppsClient client_;
  std::string subAccountId_, umid_;
  CallOptions call_;
  std::optional<Outcome<MessageDetails>> outcome_;
};

/// `MessageDetails details = co_await awaitMessageDetails(client, subAccountId, umid);`
/// Goes on where `onDone` runs: on the client's own thread, or through `executor`. Throws what `getMessageDetails` throws.
/// While the coroutine waits, its frame keeps the client alive.
inline MessageDetailsAwaiter awaitMessageDetails(const ChatAppsClient& client, std::string subAccountId, std::string umid,
                                                 CallOptions call = {}) {
  return {client, std::move(subAccountId), std::move(umid), std::move(call)};
}

}  // namespace chatapps
