#include "delaying_proxy.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace chatapps::support {

using std::chrono::microseconds;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

namespace {

// A server that writes head and body in two goes still gives one answer, which travels as one.
constexpr std::chrono::milliseconds kWithinMessage{2};

std::lognormal_distribution<double> distributionOf(const Link& link) {
  const double mean = std::max(1.0, static_cast<double>(link.delay.count()));
  const double relative = static_cast<double>(link.jitter.count()) / mean;
  const double variance = std::log(1 + relative * relative);
  return std::lognormal_distribution<double>(std::log(mean) - variance / 2, std::sqrt(variance));
}

}  // namespace

DelayingProxy::DelayingProxy(int serverPort, const Link& link, std::uint64_t seed)
    : serverPort_(serverPort),
      link_(link),
      random_(seed),
      jitter_(distributionOf(link)),
      wake_(::eventfd(0, EFD_CLOEXEC)) {
  thread_ = std::thread([this] { run(); });
}

DelayingProxy::~DelayingProxy() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake();
  thread_.join();
  for (const auto& pair : pairs_) {
    ::close(pair->client);
    ::close(pair->server);
  }
  ::close(wake_);
}

void DelayingProxy::resetClients() {
  std::unique_lock<std::mutex> lock(mutex_);
  resetting_ = true;
  wake();
  resetDone_.wait(lock, [this] { return !resetting_; });
}

void DelayingProxy::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_, &one, sizeof one);
}

/// Does what other threads asked for; false when it is time to stop.
bool DelayingProxy::obey() {
  std::uint64_t count;
  [[maybe_unused]] const ssize_t got = ::read(wake_, &count, sizeof count);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (resetting_) {
    for (const auto& pair : pairs_) {
      const linger now{1, 0};
      ::setsockopt(pair->client, SOL_SOCKET, SO_LINGER, &now, sizeof now);
      ::close(pair->client);
      ::close(pair->server);
    }
    pairs_.clear();
    resetting_ = false;
    resetDone_.notify_all();
  }
  return !stopping_;
}

void DelayingProxy::run() {
  std::vector<pollfd> waits;
  std::vector<Way*> ways;
  for (;;) {
    waits.assign({{listener_.descriptor(), POLLIN, 0}, {wake_, POLLIN, 0}});
    ways.clear();
    Time next = Time::max();
    for (const auto& pair : pairs_) {
      for (Way* way : {&pair->up, &pair->down}) {
        if (!way->inFlight.empty()) next = std::min(next, way->inFlight.front().due);
        if (!way->open) continue;
        waits.push_back({way->from, POLLIN, 0});
        ways.push_back(way);
      }
    }
    // ppoll, since a millisecond is a long time here.
    const nanoseconds left =
        next == Time::max() ? nanoseconds(0) : std::max(nanoseconds(0), nanoseconds(next - steady_clock::now()));
    const timespec timeout{static_cast<time_t>(left.count() / 1'000'000'000), left.count() % 1'000'000'000};
    if (::ppoll(waits.data(), waits.size(), next == Time::max() ? nullptr : &timeout, nullptr) < 0) continue;

    if (waits[1].revents != 0) {
      if (!obey()) return;
      continue;  // the ways may be gone
    }
    for (std::size_t i = 0; i < ways.size(); ++i) {
      if (waits[i + 2].revents != 0) receive(*ways[i]);
    }
    if (waits[0].revents != 0) accept();
    const Time now = steady_clock::now();
    for (const auto& pair : pairs_) {
      deliverDue(pair->up, now);
      deliverDue(pair->down, now);
    }
    forgetClosed();
  }
}

void DelayingProxy::accept() {
  const int client = ::accept4(listener_.descriptor(), nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int server = connectTo(serverPort_);
  if (server < 0) {
    ::close(client);
    return;
  }
  sendAtOnce(client);
  sendAtOnce(server);
  auto pair = std::make_unique<Pair>();
  pair->client = pair->up.from = pair->down.to = client;
  pair->server = pair->up.to = pair->down.from = server;
  pair->up.towardsServer = true;
  pairs_.push_back(std::move(pair));
  const std::lock_guard<std::mutex> lock(mutex_);
  ++connections_;
}

void DelayingProxy::receive(Way& way) {
  char buffer[65536];
  const ssize_t got = ::recv(way.from, buffer, sizeof buffer, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  way.open = got > 0;
  const Time now = steady_clock::now();
  if (now - std::exchange(way.lastReceived, now) > kWithinMessage) way.lastDue = arrival(way, now);
  // The end of the stream travels as an empty message.
  way.inFlight.push_back({way.lastDue, std::string(buffer, got > 0 ? static_cast<std::size_t>(got) : 0)});
}

DelayingProxy::Time DelayingProxy::arrival(const Way& way, Time now) {
  const microseconds delay(link_.jitter.count() == 0 ? link_.delay.count() : std::llround(jitter_(random_)));
  const bool spike = std::bernoulli_distribution(link_.spikeShare)(random_);
  return std::max(way.lastDue, now + delay + (spike ? link_.spike : microseconds(0)));
}

void DelayingProxy::deliverDue(Way& way, Time now) {
  while (!way.inFlight.empty() && way.inFlight.front().due <= now) {
    const std::string bytes = std::move(way.inFlight.front().bytes);
    way.inFlight.pop_front();
    if (bytes.empty()) {
      ::shutdown(way.to, SHUT_WR);
      way.done = true;
      continue;
    }
    note(way, bytes, now);
    [[maybe_unused]] const ssize_t sent = ::send(way.to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
}

void DelayingProxy::note(const Way& way, const std::string& bytes, Time now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (way.towardsServer && bytes.compare(0, 4, "GET ") == 0) requestsDelivered_.push_back(now);
  if (!way.towardsServer && bytes.compare(0, 9, "HTTP/1.1 ") == 0) statuses_.push_back(std::atoi(bytes.c_str() + 9));
}

void DelayingProxy::forgetClosed() {
  const auto isClosed = [](const std::unique_ptr<Pair>& pair) {
    if (!pair->up.done || !pair->down.done) return false;
    ::close(pair->client);
    ::close(pair->server);
    return true;
  };
  pairs_.erase(std::remove_if(pairs_.begin(), pairs_.end(), isClosed), pairs_.end());
}

std::vector<DelayingProxy::Time> DelayingProxy::requestsDelivered() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return requestsDelivered_;
}

std::vector<int> DelayingProxy::statuses() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return statuses_;
}

std::size_t DelayingProxy::connections() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return connections_;
}

}  // namespace chatapps::support
