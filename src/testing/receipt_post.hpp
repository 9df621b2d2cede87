// The delivery receipts of a sandbox, on their way.
#pragma once

#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "chatapps/testing/sandbox.hpp"
#include "testing/message_body.hpp"

namespace chatapps::testing {

/// Loses, repeats and delays as it was told, by chance that is the same for the same seed and the same messages in the
/// same order. Not thread-safe.
class ReceiptPost {
 public:
  explicit ReceiptPost(const SandboxOptions& options);

  /// Sends off all receipts of a message whose time has just begun.
  void send(const SandboxMessage& message, std::string_view subAccountId, Beginning beginning);

  /// Takes back those that are still under way.
  void recall(std::string_view umid);

  std::vector<SandboxReceipt> take(Clock::time_point until);
  std::optional<Clock::time_point> nextAt() const;

 private:
  struct Letter {
    std::string umid;
    std::string body;
  };

  bool happens(double share);
  Clock::duration within(Clock::duration longest);

  const SandboxOptions& options_;
  std::mt19937_64 random_;  // its sequence is fixed by the C++ standard
  std::multimap<Clock::time_point, Letter> underWay_;
};

}  // namespace chatapps::testing
