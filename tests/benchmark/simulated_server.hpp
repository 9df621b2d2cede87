// Models of how a server may count one request per interval, and of the network before it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <random>

#include "pacing/ticket.hpp"

namespace chatapps::simulation {

using pacing::Duration;
using pacing::Time;
using Random = std::mt19937_64;

/// Whether a request that arrives now is accepted. With `restarts`, a rejected one counts as well.
class Window {
 public:
  Window(Duration interval, bool restarts) : interval_(interval), restarts_(restarts) {}
  virtual ~Window() = default;
  virtual bool accepts(Time now) = 0;

 protected:
  const Duration interval_;
  const bool restarts_;
};

// Without tolerance, the first three are the same rule, "at least one interval between arrivals", kept by three books.
class Gcra : public Window {
 public:
  using Window::Window;
  bool accepts(Time now) override {
    const bool early = now < arrival_;
    if (!early || restarts_) arrival_ = now + interval_;
    return !early;
  }

 private:
  Time arrival_{};
};

class SlidingLog : public Window {
 public:
  using Window::Window;
  bool accepts(Time now) override {
    while (!log_.empty() && log_.front() <= now - interval_) log_.pop_front();
    const bool free = log_.empty();
    if (free || restarts_) log_.push_back(now);
    return free;
  }

 private:
  std::deque<Time> log_;
};

class Bucket : public Window {
 public:
  using Window::Window;
  bool accepts(Time now) override {
    filled_ = std::min(filled_ + (now - last_), interval_);
    last_ = now;
    const bool full = filled_ == interval_;
    if (full || restarts_) filled_ = Duration::zero();
    return full;
  }

 private:
  Duration filled_ = interval_;
  Time last_{};
};

class FixedWindow : public Window {
 public:
  using Window::Window;
  bool accepts(Time now) override {
    const auto window = now.time_since_epoch() / interval_;
    const bool first = window != last_;
    last_ = window;
    return first;
  }

 private:
  Duration::rep last_ = -1;
};

/// The count of the window before, weighted by how much of it lies within one interval, plus the count of this one.
class WeightedCounter : public Window {
 public:
  using Window::Window;
  bool accepts(Time now) override {
    const auto window = now.time_since_epoch() / interval_;
    if (window != current_) {
      before_ = window == current_ + 1 ? count_ : 0;
      count_ = 0;
      current_ = window;
    }
    const Duration passed = now.time_since_epoch() % interval_;
    const double weight = 1 - static_cast<double>(passed.count()) / static_cast<double>(interval_.count());
    const bool fits = before_ * weight + count_ + 1 <= 1;
    if (fits || restarts_) ++count_;
    return fits;
  }

 private:
  Duration::rep current_ = -1;
  double count_ = 0;
  double before_ = 0;
};

/// How long one way takes.
using Way = std::function<Duration(Random&)>;

inline Duration milliseconds(double count) { return Duration(static_cast<Duration::rep>(count * 1e6)); }

/// Right-skewed, as measured delays are.
inline Way logNormal(double mean, double deviation, double spikeShare, double spike) {
  const double variance = std::log(1 + deviation * deviation / (mean * mean));
  return [=](Random& random) {
    const double time = std::lognormal_distribution<double>(std::log(mean) - variance / 2, std::sqrt(variance))(random);
    return milliseconds(time + (std::bernoulli_distribution(spikeShare)(random) ? spike : 0));
  };
}

inline Way normal(double mean, double deviation, double spikeShare, double spike) {
  return [=](Random& random) {
    const double time = std::max(std::normal_distribution<double>(mean, deviation)(random), mean / 10);
    return milliseconds(time + (std::bernoulli_distribution(spikeShare)(random) ? spike : 0));
  };
}

inline Way uniform(double least, double most, double spikeShare, double spike) {
  return [=](Random& random) {
    const double time = std::uniform_real_distribution<double>(least, most)(random);
    return milliseconds(time + (std::bernoulli_distribution(spikeShare)(random) ? spike : 0));
  };
}

/// A hard floor with a tail above it, as loopback has.
inline Way floored(double least, double meanAbove, double spikeShare, double spike) {
  return [=](Random& random) {
    const double time = least + std::gamma_distribution<double>(2.0, meanAbove / 2)(random);
    return milliseconds(time + (std::bernoulli_distribution(spikeShare)(random) ? spike : 0));
  };
}

inline Way constant(double time) {
  return [=](Random&) { return milliseconds(time); };
}

/// One value, then the other.
inline Way alternating(double one, double other) {
  const auto turn = std::make_shared<bool>(false);
  return [=](Random&) { return milliseconds((*turn = !*turn) ? one : other); };
}

}  // namespace chatapps::simulation
