// Client options for tests against servers that misbehave: no pacing, and retries that hardly wait.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "chatapps/chatapps.hpp"

namespace chatapps::support {

/// The key of all test clients. It must show up nowhere but in the Authorization header.
inline constexpr const char* kCanaryKey = "canary-7f3a91";
inline constexpr const char* kSubAccount = "test-subaccount";
inline constexpr const char* kUmid = "dec02e44-c76f-4a0a-b69f-6ac2a4386eb9";

inline ClientOptions quickOptions(std::string baseUrl, std::shared_ptr<Observer> observer = nullptr) {
  ClientOptions options;
  options.apiKey = kCanaryKey;
  options.baseUrl = std::move(baseUrl);
  options.pacing = Pacing::off();
  options.timeout = std::chrono::seconds(20);
  options.retry.baseDelay = std::chrono::milliseconds(2);
  options.retry.random = [] { return 0.5; };
  options.observer = std::move(observer);
  return options;
}

/// The same with a limit of so many requests a second in each subaccount.
inline ClientOptions pacedOptions(std::string baseUrl, double requestsPerSecond,
                                  std::shared_ptr<Observer> observer = nullptr) {
  ClientOptions options = quickOptions(std::move(baseUrl), std::move(observer));
  options.pacing = Pacing::process();
  options.pacing.requestsPerSecond = requestsPerSecond;
  options.shareIdenticalCalls = false;  // most tests ask for one message again and again
  return options;
}

inline MessageDetails get(const ClientOptions& options) {
  return ChatAppsClient(options).getMessageDetails(kSubAccount, kUmid);
}

}  // namespace chatapps::support
