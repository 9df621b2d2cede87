// The API key that requests carry now.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "chatapps/transport.hpp"

namespace chatapps::call {

/// The headers of a request and the key that stands in them.
struct Credentials {
  std::string key;
  std::shared_ptr<const Headers> headers;
};

/// Thread-safe.
class KeyRing {
 public:
  /// `provider` may be empty: then `key` never changes.
  KeyRing(std::string key, std::function<std::string()> provider, std::string userAgentSuffix, Headers added);

  /// The key in force with ready-made headers. Asks the provider the first time. Throws InvalidArgumentError where the key
  /// can not form a safe request or the provider threw.
  std::shared_ptr<const Credentials> current();

  /// After a 401 for `refused`: true when there is another key now.
  bool renew(const Credentials& refused);

 private:
  std::shared_ptr<const Credentials> ask();

  const std::function<std::string()> provider_;
  const std::string userAgentSuffix_;
  const Headers added_;
  std::mutex mutex_;
  std::shared_ptr<const Credentials> current_;
};

}  // namespace chatapps::call
