// What the client says of each call, to be held against what the server saw.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "chatapps/chatapps.hpp"
#include "fault_mix.hpp"

namespace chatapps::soak {

/// All memory is taken at the beginning, so that the process grows for the library's sake alone. Each call is written
/// to by one thread at a time.
class Ledger : public Observer {
 public:
  explicit Ledger(std::size_t calls) : calls_(calls) {}

  void onAttemptFinished(const AttemptFinished& attempt) override;
  void ended(std::size_t call, const Outcome<MessageDetails>& outcome);
  void notMade(std::size_t call);  ///< there was no time for it

  std::size_t endedCalls() const noexcept { return ended_; }
  /// How many calls contradict the server's log; the first of them are told on stderr.
  std::size_t contradictions(const std::vector<Seen>& seen) const;
  /// How the calls ended, by type of error.
  std::map<std::string, std::size_t> endings() const;

 private:
  struct Call {
    std::uint8_t ends = 0;
    bool succeeded = false;
    bool lastAnswered = false;  ///< the last attempt brought an answer
    std::uint8_t answered = 0, unanswered = 0;
    std::uint8_t attempts = 0;
    Delivery delivery = Delivery::NotSent;
  };
  static const char* contradiction(const Call& call, const std::vector<Fault>& faults);

  std::vector<Call> calls_;
  std::atomic<std::size_t> ended_{0};
  mutable std::mutex mutex_;
  std::map<std::string, std::size_t> endings_;
};

/// The number in a umid that `support::umidNumber` made.
inline std::size_t numberIn(const std::string& umid) { return std::stoul(umid.substr(umid.size() - 12)); }

}  // namespace chatapps::soak
