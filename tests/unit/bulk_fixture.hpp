// A bulk run in virtual time.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "unit/client_fixture.hpp"

namespace chatapps {

class BulkFixture : public ClientFixture {
 protected:
  /// Yields `count` messages of one subaccount.
  static MessageSource messages(int count, std::string account = kSubAccount) {
    return [count, account = std::move(account), next = 0]() mutable {
      return next < count ? std::optional<MessageRef>({account, umid(next++)}) : std::nullopt;
    };
  }
  BulkSink keep() {
    return [this](const BulkResult& result) { results.push_back(result); };
  }

  std::vector<BulkResult> results;
};

/// How many of them ended in an `Error` or a child of it.
template <class Error>
int countOf(const std::vector<BulkResult>& results) {
  int count = 0;
  for (const BulkResult& result : results) {
    try {
      (void)result.outcome.value();
    } catch (const Error&) {
      ++count;
    } catch (...) {
    }
  }
  return count;
}

}  // namespace chatapps
