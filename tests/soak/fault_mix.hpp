// The server of the soak: each request meets a fault, or none, by chance.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "support/fault_server.hpp"

namespace chatapps::soak {

/// What becomes of a request. Chance gives each its share, see `kShares`.
enum class Fault : std::uint8_t {
  None,
  Slow,
  Sliced,
  Interim,
  ClosesAfterwards,
  NotFound,
  BadRequest,
  Unauthorized,
  ServerError,
  Unavailable,
  RateLimit,
  Redirect,
  NoContent,
  LoginPage,
  Reset,
  Closed,
  Stalled,
  CutHead,
  CutBody,
  ResetInBody,
  Garbage,
  ConflictingLengths,
  HeaderFlood,
  NulInHeader,
  LyingEncoding,
  TooLarge,
  EndlessChunks,
  Nested,
  BadUtf8,
  OtherMessage,
  TwoAnswers,
};
inline constexpr int kFaults = static_cast<int>(Fault::TwoAnswers) + 1;

/// Whether a client that reads the answer to its end has the message's details.
inline bool isGood(Fault fault) { return fault <= Fault::ClosesAfterwards || fault == Fault::TwoAnswers; }

/// A request that the server read, and what it met.
struct Seen {
  std::uint32_t call = 0;  ///< the number in its umid
  Fault fault = Fault::None;
};

/// Thread-safe.
class FaultMix {
 public:
  explicit FaultMix(std::uint64_t seed) : seed_(seed) {}

  /// For `support::FaultServer`. The same seed gives the n-th request of a call the same fault.
  void serve(support::Connection& connection);
  std::vector<Seen> seen() const;

 private:
  Fault choose(std::uint32_t call);

  const std::uint64_t seed_;
  mutable std::mutex mutex_;
  std::unordered_map<std::uint32_t, std::uint32_t> requests_;  // by call
  std::vector<Seen> seen_;
};

}  // namespace chatapps::soak
