// One request on its way, as the loop and the wire see it.
#pragma once

#include <variant>

#include "chatapps/clock.hpp"
#include "chatapps/transport.hpp"

namespace chatapps::http {

using TransferResult = std::variant<HttpResponse, TransportFailure>;

/// Made and owned by whoever sends; stays at its address until `onDone` or `Loop::abort`. Its functions are called on the
/// loop's thread.
class Transfer {
 public:
  Transfer() = default;
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  HttpRequest request;
  Clock::time_point sentAt{};  ///< when the request left; known from `onSent` on

  /// The request has left: its slot is spent. At most once, before `onDone`.
  virtual void onSent() noexcept = 0;
  /// Over; the transfer may be destroyed or sent anew from within.
  virtual void onDone(TransferResult result) noexcept = 0;

 protected:
  ~Transfer() = default;

 private:
  friend class Loop;
  friend class Wire;
  void* place_ = nullptr;  ///< where the wire or, of a simulated one, the loop keeps it
};

}  // namespace chatapps::http
