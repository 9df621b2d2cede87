// A client in virtual time, and a server that a test writes as a function.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "chatapps/chatapps.hpp"
#include "chatapps/testing/fake_clock.hpp"
#include "chatapps/testing/scripted_transport.hpp"
#include "sleeper.hpp"
#include "support/caught.hpp"
#include "support/event_log.hpp"

namespace chatapps {

using namespace std::chrono_literals;
using support::caught;

inline constexpr const char* kSubAccount = "sub_account_id";

/// Every number is a message.
inline std::string umid(int number) {
  char text[37];
  std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012d", number);
  return text;
}

inline Reply answer(int status, std::string body = "", Headers headers = {},
                    Clock::duration after = Clock::duration::zero()) {
  return {HttpResponse{status, std::move(headers), std::move(body)}, after};
}

inline Reply silence() { return {TransportFailure{}, Clock::duration::max()}; }

/// Thread-safe. Finds every message, unless it is told what to answer.
class Server : public Transport {
 public:
  struct Seen {
    std::size_t number = 0;  ///< from 1
    Clock::time_point at{};
    std::string umid;
    HttpRequest request;

    std::string header(std::string_view name) const {
      std::string values;
      for (const auto& [itsName, value] : *request.headers) {
        if (itsName == name) values += values.empty() ? value : ", " + value;
      }
      return values;
    }
  };
  using Answer = std::function<Reply(const Seen&)>;

  static Reply found(const Seen& seen) { return answer(200, testing::ScriptedTransport::exampleBody(seen.umid)); }

  /// Before the first request.
  void answers(Answer function) { answer_ = std::move(function); }

  Reply send(const HttpRequest& request, const Clock& clock) override {
    Seen seen;
    seen.at = clock.now();
    seen.umid = request.url.substr(request.url.size() - 36);
    seen.request = request;
    {
      const std::lock_guard lock(mutex_);
      seen.number = seen_.size() + 1;
      seen_.push_back(seen);
    }
    return answer_ ? answer_(seen) : found(seen);
  }

  std::vector<Seen> seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }
  std::size_t count() const { return seen().size(); }

 private:
  Answer answer_;
  mutable std::mutex mutex_;
  std::vector<Seen> seen_;
};

/// While it lives, a FakeClock does not jump: what several threads do happens at one moment.
class Standstill {
 public:
  explicit Standstill(std::shared_ptr<testing::FakeClock> clock) : clock_(std::move(clock)) { clock_->enter(sleeper_); }
  Standstill(const Standstill&) = delete;
  Standstill& operator=(const Standstill&) = delete;
  ~Standstill() { clock_->leave(sleeper_); }

 private:
  std::shared_ptr<testing::FakeClock> clock_;
  Sleeper sleeper_;
};

class ClientFixture : public ::testing::Test {
 protected:
  ClientOptions options() const {
    ClientOptions options;
    options.apiKey = support::kCanaryKey;
    options.clock = clock;
    options.transport = server;
    options.observer = log;
    options.retry.random = [] { return 0.5; };
    return options;
  }

  /// Since the test began.
  Clock::duration elapsed() const { return clock->now() - start; }
  /// When the requests came, since the test began.
  std::vector<Clock::duration> arrivals() const {
    std::vector<Clock::duration> result;
    for (const Server::Seen& seen : server->seen()) result.push_back(seen.at - start);
    return result;
  }
  /// The messages that were asked for, in order.
  std::vector<std::string> askedFor() const {
    std::vector<std::string> result;
    for (const Server::Seen& seen : server->seen()) result.push_back(seen.umid);
    return result;
  }

  const std::shared_ptr<testing::FakeClock> clock = std::make_shared<testing::FakeClock>();
  const std::shared_ptr<Server> server = std::make_shared<Server>();
  const std::shared_ptr<support::EventLog> log = std::make_shared<support::EventLog>();
  const Clock::time_point start = clock->now();
};

using Durations = std::vector<Clock::duration>;

}  // namespace chatapps
