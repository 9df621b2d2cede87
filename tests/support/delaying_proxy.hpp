// A TCP proxy that makes the way to a server long: each message takes a delay with jitter, in order, each way.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "listener.hpp"

namespace chatapps::support {

/// How long one message takes one way: log-normal around `delay`, and now and then a spike on top.
struct Link {
  std::chrono::microseconds delay{0};   ///< the mean
  std::chrono::microseconds jitter{0};  ///< the standard deviation
  double spikeShare = 0;                ///< of all messages, 0 to 1
  std::chrono::microseconds spike{0};
};

/// Listens on a free port of 127.0.0.1 and passes everything on to a port of 127.0.0.1, both ways over `link`. A
/// message never overtakes the one before it. One thread of its own; the same seed draws the same delays.
///
/// A message is what comes without a pause: on loopback one request, or one small answer. It counts what passes by.
class DelayingProxy {
 public:
  using Time = std::chrono::steady_clock::time_point;

  DelayingProxy(int serverPort, const Link& link, std::uint64_t seed = 1);
  DelayingProxy(const DelayingProxy&) = delete;
  DelayingProxy& operator=(const DelayingProxy&) = delete;
  ~DelayingProxy();

  int port() const { return listener_.port(); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }

  /// Ends all connections to clients with RST, and returns once that is done.
  void resetClients();

  std::vector<Time> requestsDelivered() const;  ///< when each request was handed to the server
  std::vector<int> statuses() const;            ///< of the answers, in the order in which the server gave them
  std::size_t connections() const;

 private:
  struct Message {
    Time due;
    std::string bytes;  // empty: the sender has closed its side
  };
  struct Way {
    int from = -1, to = -1;
    bool towardsServer = false;
    bool open = true;   // more may come
    bool done = false;  // and all of it was delivered
    Time lastReceived{};
    Time lastDue{};
    std::deque<Message> inFlight;
  };
  struct Pair {
    int client = -1, server = -1;
    Way up, down;
  };

  void wake();
  void run();
  bool obey();
  void accept();
  void receive(Way& way);
  void deliverDue(Way& way, Time now);
  Time arrival(const Way& way, Time now);
  void forgetClosed();
  void note(const Way& way, const std::string& bytes, Time now);

  const int serverPort_;
  const Link link_;
  std::mt19937_64 random_;
  std::lognormal_distribution<double> jitter_;  // in microseconds
  const Listener listener_;
  const int wake_;  // an eventfd: look at `stopping_` and `resetting_`
  std::vector<std::unique_ptr<Pair>> pairs_;

  mutable std::mutex mutex_;
  std::condition_variable resetDone_;
  bool stopping_ = false;
  bool resetting_ = false;
  std::vector<Time> requestsDelivered_;
  std::vector<int> statuses_;
  std::size_t connections_ = 0;
  std::thread thread_;
};

}  // namespace chatapps::support
