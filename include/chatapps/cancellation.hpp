/// @file cancellation.hpp
/// Ends calls from outside.
#pragma once

#include <memory>

#include "chatapps/export.hpp"

namespace chatapps {

/// What a call holds to learn that it is cancelled. Cheap to copy; thread-safe. A default token is never cancelled.
class CHATAPPS_EXPORT CancellationToken {
 public:
  class State;

  CancellationToken() noexcept = default;
  bool isCancelled() const noexcept;  ///< Whether its source was cancelled; never for a default token.

  /// For the library: the shared state, or null.
  const std::shared_ptr<State>& state() const noexcept { return state_; }

 private:
  friend class CancellationSource;
  explicit CancellationToken(std::shared_ptr<State> state) noexcept;
  std::shared_ptr<State> state_;
};

/// Cancels every call that was given one of its tokens. Copies share one state; thread-safe.
///
/// `cancel()` takes locks, so call it from a thread (one that waits in `sigwait`, for example), not from a signal handler.
class CHATAPPS_EXPORT CancellationSource {
 public:
  CancellationSource();
  CancellationSource(const CancellationSource&) noexcept = default;             ///< The same source. A move is a copy.
  CancellationSource& operator=(const CancellationSource&) noexcept = default;  ///< The same.
  CancellationToken token() const noexcept;                                     ///< For as many calls as you like.

  /// Each call still under way ends in `CancelledError` within 100 ms (where a name server is silent, with libcurl
  /// 7.87 or newer). Once is enough; again does nothing.
  void cancel() const;
  bool isCancelled() const noexcept;  ///< Whether `cancel` was called.

 private:
  std::shared_ptr<CancellationToken::State> state_;
};

}  // namespace chatapps
