#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "chatapps/errors.hpp"
#include "chatapps/redis_pacer.hpp"
#include "process_id.hpp"
#include "redis/worker.hpp"
#include "url_text.hpp"

namespace chatapps {
namespace {

using redis::Worker;
using namespace std::chrono_literals;

bool isPrefix(const std::string& text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), isUnreserved);
}

redis::Address addressOf(const RedisPacerOptions& options) {
  redis::Address address = redis::parseUrl(options.url);
  if (!options.user.empty()) address.user = options.user;
  if (!options.password.empty()) address.password = options.password;
  if (!options.user.empty() && address.password.empty()) throw InvalidArgumentError("user", "needs a password");
  return address;
}

void check(const RedisPacerOptions& options) {
  if (options.processes < 1 || options.processes > 1'000'000) {
    throw InvalidArgumentError("processes", "must say how many share the limit, from 1 to 1,000,000");
  }
  if (options.replyTimeout < 1ms || options.replyTimeout > 10s) {
    throw InvalidArgumentError("replyTimeout", "must be from 1 ms to 10 s");
  }
  if (!isPrefix(options.keyPrefix)) {
    throw InvalidArgumentError("keyPrefix", "must be 1 to 64 of A-Z, a-z, 0-9, '.', '_', '-'");
  }
}

/// Drawn from later, it neither throws nor needs a descriptor.
std::function<double()> evenSource() {
  std::random_device source;
  return [random = std::minstd_rand(source())]() mutable {
    return std::uniform_real_distribution<double>(0.0, 1.0)(random);
  };
}

/// Ids for slots that no other process draws.
std::function<std::string()> grantSource() {
  std::random_device source;
  std::seed_seq seed{source(), source(), source(), source()};
  return [random = std::mt19937_64(seed)]() mutable {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(random()));
    return std::string(text);
  };
}

class RedisPacer final : public Pacer {
 public:
  explicit RedisPacer(RedisPacerOptions options)
      : options_(std::move(options)),
        address_(addressOf(options_)),
        tls_(address_.tls ? std::make_shared<redis::Tls>(options_.caFile, options_.certFile, options_.keyFile)
                          : nullptr) {}
  ~RedisPacer() override {
    Mine* const mine = current_.load();
    // A worker from before a fork is left as it is: its thread is the parent's, and its locks may be held.
    if (mine == nullptr || mine->process != processId()) return;
    mine->worker->end();
    delete mine;
  }

  void reserve(const LaneName& lane, Clock::duration interval, std::function<void(Clock::duration)> done) override {
    try {
      return worker().reserve(key(lane), interval, std::move(done));
    } catch (...) {  // NOLINT(bugprone-empty-catch): it did not come so far, and `done` is as it was
    }
    done(mayGoAlone() ? Clock::duration::zero() : Clock::duration::max());
  }
  std::optional<Clock::duration> confirm(const LaneName& lane, Clock::duration, Clock::duration) override {
    try {
      return worker().confirm(key(lane));
    } catch (...) {
      return mayGoAlone() ? std::make_optional(Clock::duration::zero()) : std::nullopt;
    }
  }
  void passOn(const LaneName& lane, Clock::duration untilNext, bool answerAwaited) noexcept override {
    try {
      worker().passOn(key(lane), untilNext, answerAwaited);
    } catch (...) {  // NOLINT(bugprone-empty-catch): the others know as much as before
    }
  }
  void giveBack(const LaneName& lane) noexcept override {
    try {
      worker().giveBack(key(lane));
    } catch (...) {  // NOLINT(bugprone-empty-catch): a slot is lost
    }
  }
  void hold(const LaneName& lane, Clock::duration pause) override {
    try {
      worker().hold(key(lane), pause);
    } catch (...) {  // NOLINT(bugprone-empty-catch): this process's own lane holds in any case
    }
  }

 private:
  struct Mine {
    long process;
    std::shared_ptr<Worker> worker;
  };

  std::string key(const LaneName& lane) const { return redis::keyOf(options_.keyPrefix, lane); }

  bool mayGoAlone() const { return options_.whenAway != WhenRedisIsAway::FailClosed; }

  // A child of fork() has not its parent's thread, and must not speak on its connection: it begins anew.
  // Throws where no descriptors or no memory are left: such a process is as good as alone.
  Worker& worker() {
    Mine* mine = current_.load(std::memory_order_acquire);
    while (mine == nullptr || mine->process != processId()) {
      auto made = std::make_unique<Mine>(Mine{processId(), makeWorker()});
      if (!current_.compare_exchange_strong(mine, made.get(), std::memory_order_acq_rel)) continue;
      mine = made.release();
      mine->worker->start();
    }
    return *mine->worker;
  }

  std::shared_ptr<Worker> makeWorker() const {
    redis::Reservations::Settings settings;
    settings.processes = options_.processes;
    settings.whenAway = options_.whenAway;
    settings.replyTimeout = options_.replyTimeout;
    settings.random = evenSource();
    settings.newGrant = grantSource();
    settings.onEvent = options_.onEvent;
    return std::make_shared<Worker>(address_, tls_, std::move(settings));
  }

  const RedisPacerOptions options_;
  const redis::Address address_;
  const std::shared_ptr<const redis::Tls> tls_;
  std::atomic<Mine*> current_{nullptr};
};

}  // namespace

std::shared_ptr<Pacer> makeRedisPacer(RedisPacerOptions options) {
  check(options);
  return std::make_shared<RedisPacer>(std::move(options));
}

}  // namespace chatapps
