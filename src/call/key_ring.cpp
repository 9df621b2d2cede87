#include "call/key_ring.hpp"

#include <utility>

#include "call/request.hpp"
#include "chatapps/errors.hpp"

namespace chatapps::call {
namespace {

std::shared_ptr<const Credentials> makeCredentials(std::string key, const std::string& userAgentSuffix,
                                                   const Headers& added) {
  checkApiKey(key);
  auto headers = std::make_shared<const Headers>(requestHeaders(key, userAgentSuffix, added));
  return std::make_shared<const Credentials>(Credentials{std::move(key), std::move(headers)});
}

}  // namespace

KeyRing::KeyRing(std::string key, std::function<std::string()> provider, std::string userAgentSuffix, Headers added)
    : provider_(std::move(provider)), userAgentSuffix_(std::move(userAgentSuffix)), added_(std::move(added)) {
  if (!provider_) current_ = makeCredentials(std::move(key), userAgentSuffix_, added_);
}

// The lock is held while the provider is asked: of many calls that meet a 401 together, one asks.
std::shared_ptr<const Credentials> KeyRing::current() {
  const std::lock_guard lock(mutex_);
  if (!current_) current_ = ask();
  return current_;
}

bool KeyRing::renew(const Credentials& refused) {
  if (!provider_) return false;
  const std::lock_guard lock(mutex_);
  if (!current_ || current_->key == refused.key) current_ = ask();
  return current_->key != refused.key;
}

std::shared_ptr<const Credentials> KeyRing::ask() {
  std::string key;
  try {
    key = provider_();
  } catch (...) {
    // What it threw may quote the key, so its text goes no further.
    throw InvalidArgumentError("apiKeyProvider", "threw an exception instead of giving a key");
  }
  return makeCredentials(std::move(key), userAgentSuffix_, added_);
}

}  // namespace chatapps::call
