// One curl multi handle and the connections it keeps.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "chatapps/clock.hpp"
#include "http/exchange.hpp"
#include "http/kept_sockets.hpp"
#include "http/transfer.hpp"
#include "http/wire_options.hpp"

namespace chatapps::http {

/// Used by one thread at a time, but for `wakeUp`.
class Wire {
 public:
  /// Once for the process, by whoever needs it first. Thread-safe. Throws std::bad_alloc; CancelledError where
  /// OpenSSL has ended with the program.
  static void startLibcurl();

  explicit Wire(WireOptions options);
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire();

  void start(Transfer& transfer);
  void abort(Transfer& transfer);
  void dropConnections();
  std::size_t inFlight() const noexcept { return active_ + waiting_.size(); }
  /// Whether it is good for no further transfer once none is in flight: its connections were dropped, or nobody can wake it.
  bool isSpent() const noexcept { return dropped_ || deaf_; }

  /// Moves transfers on; waits for sockets or `wakeUp` at most this long first. Ends transfers through their `onDone`.
  void poll(Clock::duration atMost);
  /// Thread-safe: ends the wait of `poll`.
  void wakeUp() noexcept;

 private:
  struct MultiDeleter {
    void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
  };
  using Multi = std::unique_ptr<CURLM, MultiDeleter>;

  static Multi makeMulti();
  Exchange::Reuse reuse() const noexcept;
  void launch(Transfer& transfer);
  void launchWaiting(std::size_t most);
  bool isIdle();
  bool relaunch(Exchange& exchange) noexcept;
  void remove(Exchange& exchange) noexcept;
  void retire(Exchange& exchange);
  void perform() noexcept;
  void tellSent();
  void finishDone();

  const WireOptions options_;
  KeptSockets sockets_;
  const std::size_t mostActive_, busy_;  ///< how many libcurl is handed: at most, and as long as it is busy
  Multi multi_;                          ///< the same as long as the wire lives: `wakeUp` looks at it from any thread
  std::vector<std::unique_ptr<Exchange>> exchanges_;
  std::vector<Exchange*> spare_;
  std::vector<Transfer*> sent_;  ///< their requests have left, and nobody was told yet
  std::deque<Transfer*> waiting_;
  std::size_t active_ = 0;
  std::size_t launched_ = 0;  ///< transfers that libcurl has not looked at yet
  const bool deaf_;           ///< made while no descriptor was free: `wakeUp` does nothing
  bool dropped_ = false;      ///< connections of before `droppedAt_` carry no further request
  std::chrono::steady_clock::time_point droppedAt_{};
};

}  // namespace chatapps::http
