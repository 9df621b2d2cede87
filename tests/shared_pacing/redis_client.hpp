// A client that paces through Redis, and what it told of it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "chatapps/redis_pacer.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/quick_client.hpp"

namespace chatapps::support {

/// The events of a pacer, in order. None of them may hold the password that all tests use.
class RedisEvents {
 public:
  static constexpr const char* kPassword = "canary-5e77a1";

  void add(const RedisPacerEvent& event) {
    EXPECT_EQ(event.reason.find(kPassword), std::string::npos) << event.reason;
    const std::lock_guard<std::mutex> lock(mutex_);
    all_.push_back(event);
    changed_.notify_all();
  }
  std::vector<RedisPacerEvent> all() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return all_;
  }
  /// Waits until so many came; false after twenty seconds.
  bool waitFor(std::size_t count) const {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return all_.size() >= count; });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<RedisPacerEvent> all_;
};

/// A pacer, an API that answers anything, and a client over both.
struct RedisClient {
  explicit RedisClient(RedisPacerOptions given, double rate = 1000) : options(withEvents(std::move(given))) {
    pacer = makeRedisPacer(options);
    ClientOptions all = pacedOptions(api.url(), rate);
    all.pacing = Pacing::shared(pacer);
    all.pacing.requestsPerSecond = rate;
    client = std::make_unique<ChatAppsClient>(all);
  }
  explicit RedisClient(const std::string& url, double rate = 1000) : RedisClient(to(url), rate) {}

  static RedisPacerOptions to(const std::string& url, int processes = 1) {
    RedisPacerOptions options;
    options.url = url;
    options.processes = processes;
    return options;
  }
  RedisPacerOptions withEvents(RedisPacerOptions given) const {
    given.onEvent = [events = events](const RedisPacerEvent& event) { events->add(event); };
    return given;
  }

  /// How long one call takes; it must succeed.
  std::chrono::duration<double, std::milli> call(const std::string& subAccountId = kSubAccount) const {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(client->getMessageDetails(subAccountId, kUmid).size(), 1u);
    return std::chrono::steady_clock::now() - start;
  }

  const std::shared_ptr<RedisEvents> events = std::make_shared<RedisEvents>();
  FaultServer api{answerEach(detailsAnswer)};
  RedisPacerOptions options;
  std::shared_ptr<Pacer> pacer;
  std::unique_ptr<ChatAppsClient> client;
};

/// What a pacer answers to one reservation, whose slot is used where it is free at once.
inline std::chrono::duration<double> reserveOnce(Pacer& pacer, const LaneName& lane,
                                                 Clock::duration interval = std::chrono::seconds(10),
                                                 bool used = true) {
  const auto answer = std::make_shared<std::promise<Clock::duration>>();
  pacer.reserve(lane, interval, [answer](Clock::duration wait) { answer->set_value(wait); });
  auto future = answer->get_future();
  if (future.wait_for(std::chrono::seconds(10)) != std::future_status::ready) {
    ADD_FAILURE() << "no answer";
    return std::chrono::duration<double>(-1);
  }
  const Clock::duration wait = future.get();
  if (used && wait == Clock::duration::zero()) pacer.confirm(lane, interval, wait);
  return wait;
}

}  // namespace chatapps::support
