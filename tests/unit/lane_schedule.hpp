// Random days of a lane: callers that come, share, give up, are sent, meet 429s or never hear of their request again.
// Beside the lane runs a plain model of who stands where, and everything the lane says is checked against it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "pacing/lane.hpp"

namespace chatapps::pacing {

/// What kind of day it is. Shares are of all callers.
struct Weather {
  Duration interval = std::chrono::seconds(1);
  double oneInSlow = 0;  // share of callers whose interval is two and a half times as long
  double load = 1;       // arrivals per interval
  double low = 0.2;      // share of polls
  double cancelled = 0.2;
  double unsent = 0.05;
  double unanswered = 0.02;
  double rejected = 0.05;
  int messages = 0;  // so many different ones; 0: nobody shares
  Duration longestTimeout = std::chrono::seconds(60);
  Duration roundTrip{};  // at least
  Duration jitter{};     // and up to so much more
  Duration setUp{};      // from Go to the wire, at most
};

class Schedule {
 public:
  Schedule(const Weather& weather, std::uint64_t seed) : weather_(weather), random_(seed) {}

  void run(Duration length);

  int went = 0, rode = 0, refused = 0, putOut = 0, left = 0, rejected = 0;

 private:
  struct Caller : Ticket {
    std::string message;
    int rank = 0;
    bool ended = false;
  };
  using CallerPtr = std::shared_ptr<Caller>;
  struct Place {
    int rank;
    std::vector<CallerPtr> callers;
    bool joinable = true;  // until its request was to leave and did not

    void add(const CallerPtr& caller) {
      const auto behind = std::find_if(callers.begin(), callers.end(),
                                       [&](const CallerPtr& one) { return one->deadline < caller->deadline; });
      callers.insert(behind, caller);
    }
  };
  struct Event {
    Time at;
    std::uint64_t order;
    std::function<void()> happens;
    bool operator<(const Event& other) const { return at != other.at ? at > other.at : order > other.order; }
  };

  bool chance(double share) { return std::bernoulli_distribution(share)(random_); }
  Duration upTo(Duration most) {
    return Duration(std::uniform_int_distribution<Duration::rep>(0, std::max<Duration::rep>(most.count(), 0))(random_));
  }
  void at(Time when, std::function<void()> what) { events_.push({when, order_++, std::move(what)}); }

  CallerPtr makeCaller();
  void arrive(Time last);
  void enter(const CallerPtr& caller, Lane::End end);
  void ask(const CallerPtr& caller);
  void leave(const CallerPtr& caller);
  void go(const CallerPtr& caller);
  void depart(const CallerPtr& caller);
  void hear(const CallerPtr& caller, Time sentAt);
  void end(const CallerPtr& caller, int& count);

  // The model.
  std::vector<Place>::iterator placeOf(const Caller& caller);
  void remove(const Caller& caller);
  void noteHead();
  Time earliest(const Caller& caller, std::size_t placesAhead) const;
  Time latest(const Caller& caller, std::size_t placesAhead) const;
  Time mustHaveGoneBy(const Caller& head) const;

  const Weather weather_;
  std::mt19937_64 random_;
  Lane lane_;
  Time now_{std::chrono::hours(1000)};
  std::priority_queue<Event> events_;
  std::uint64_t order_ = 0;
  std::size_t alive_ = 0;

  std::vector<Place> places_;
  const Caller* head_ = nullptr;
  Time headSince_{};
  Rejections rejections_;
  Time holdUntil_ = Time::min();
  bool underWay_ = false;
  std::vector<CallerPtr> sharers_;  // of the request that is on its way to the wire
  int sharersRank_ = 0;
  Time freeSince_{};
  std::optional<Time> lastSent_;
  Duration lastInterval_{};
  std::optional<Duration> lastRoundTrip_;
  Duration longestRoundTrip_{};
};

inline void Schedule::run(Duration length) {
  arrive(now_ + length);
  while (!events_.empty() && !::testing::Test::HasFailure()) {
    const Event event = events_.top();
    events_.pop();
    if (!underWay_ && head_ != nullptr) {
      ASSERT_GE(mustHaveGoneBy(*head_), std::min(event.at, head_->deadline))
          << "the lane is due, somebody waits, and nobody goes";
    }
    now_ = event.at;
    event.happens();
  }
  EXPECT_EQ(alive_, 0u) << "lost calls";
  EXPECT_EQ(lane_.estimate(0, weather_.interval, now_), Duration::zero());
}

inline Schedule::CallerPtr Schedule::makeCaller() {
  auto caller = std::make_shared<Caller>();
  caller->interval = chance(weather_.oneInSlow) ? weather_.interval * 5 / 2 : weather_.interval;
  caller->priority = chance(weather_.low) ? Priority::Low : Priority::Normal;
  caller->deadline = now_ + upTo(weather_.longestTimeout);
  if (weather_.messages > 0) {
    caller->client = this;
    caller->message = std::to_string(random_() % static_cast<unsigned>(weather_.messages));
    caller->umid = caller->message;
  }
  caller->onTurn = [this, weak = std::weak_ptr<Caller>(caller)] {
    at(now_, [this, weak] {
      if (const auto called = weak.lock()) ask(called);
    });
  };
  return caller;
}

inline void Schedule::arrive(Time last) {
  const double mean = static_cast<double>(weather_.interval.count()) / weather_.load;
  const Time next =
      now_ + Duration(static_cast<Duration::rep>(std::exponential_distribution<double>(1 / mean)(random_)));
  if (next > last) return;
  at(next, [this, last] {
    const auto caller = makeCaller();
    ++alive_;
    at(caller->deadline, [this, caller] { leave(caller); });
    if (chance(weather_.cancelled)) at(now_ + upTo(weather_.longestTimeout / 4), [this, caller] { leave(caller); });
    enter(caller, Lane::End::Back);
    arrive(last);
  });
}

inline void Schedule::leave(const CallerPtr& caller) {
  lane_.leave(*caller);
  if (caller->ended) return;
  const auto sharer = std::find(sharers_.begin(), sharers_.end(), caller);
  if (sharer != sharers_.end()) {
    sharers_.erase(sharer);
  } else if (placeOf(*caller) != places_.end()) {
    remove(*caller);
  } else {
    return;  // its request is under way, or it is told already
  }
  end(caller, left);
}

inline void Schedule::enter(const CallerPtr& caller, Lane::End end) {
  caller->rank = (caller->priority == Priority::Low ? 2 : 0) + (end == Lane::End::Front ? 0 : 1);
  const auto mate = std::find_if(places_.begin(), places_.end(), [&](const Place& place) {
    return caller->client != nullptr && place.joinable && place.callers.front()->umid == caller->umid;
  });
  const auto behind =
      std::find_if(places_.begin(), places_.end(), [&](const Place& place) { return place.rank > caller->rank; });
  const bool staysWithMate = mate != places_.end() && mate->rank <= caller->rank;
  const auto ahead = static_cast<std::size_t>((staysWithMate ? mate : behind) - places_.begin());
  if (!lane_.enter(caller, end, 100'000, now_)) {
    EXPECT_GT(latest(*caller, ahead), caller->deadline) << "refused for no reason";
    return this->end(caller, refused);
  }
  EXPECT_LE(earliest(*caller, ahead), caller->deadline) << "let in without hope";
  if (staysWithMate) {
    mate->add(caller);
  } else {
    Place place{caller->rank, {caller}, true};
    const auto index = behind - places_.begin();
    if (mate != places_.end()) {
      for (const CallerPtr& one : mate->callers) place.add(one);
      places_.erase(mate);  // it stood behind
    }
    places_.insert(places_.begin() + index, place);
  }
  noteHead();
  ask(caller);
}

inline void Schedule::ask(const CallerPtr& caller) {
  if (caller->ended) return;
  const Turn turn = lane_.ask(*caller, now_);
  switch (turn.kind) {
    case Turn::Kind::Wait: EXPECT_TRUE(underWay_ || caller.get() != head_); break;
    case Turn::Kind::Later:
      EXPECT_EQ(caller.get(), head_);
      EXPECT_GT(turn.at, now_);
      at(turn.at, [this, caller] { ask(caller); });
      break;
    case Turn::Kind::Reserve: ADD_FAILURE() << "there is no pacer"; break;
    case Turn::Kind::Go: go(caller); break;
    case Turn::Kind::WontFit:
      if (placeOf(*caller) != places_.end()) {  // given up as the head
        EXPECT_GT(latest(*caller, 0), caller->deadline);
        remove(*caller);
      }
      end(caller, putOut);
      break;
  }
}

inline void Schedule::go(const CallerPtr& caller) {
  ASSERT_FALSE(underWay_) << "two requests on their way to the wire";
  ASSERT_EQ(caller.get(), head_) << "out of order";
  sharers_.assign(places_.front().callers.begin() + 1, places_.front().callers.end());
  sharersRank_ = places_.front().rank;
  places_.erase(places_.begin());
  underWay_ = true;
  noteHead();
  at(now_ + upTo(weather_.setUp), [this, caller] { depart(caller); });
}

inline void Schedule::depart(const CallerPtr& caller) {
  underWay_ = false;
  freeSince_ = now_;
  if (chance(weather_.unsent)) {
    end(caller, left);
    if (!sharers_.empty()) {
      const auto behind =
          std::find_if(places_.begin(), places_.end(), [&](const Place& place) { return place.rank >= sharersRank_; });
      places_.insert(behind, Place{sharersRank_, std::exchange(sharers_, {}), false});
      noteHead();
    }
    return lane_.unsent();
  }
  if (lastSent_) {
    ASSERT_GE(now_ - *lastSent_, caller->interval) << "two requests too close";
  }
  ASSERT_GE(now_, holdUntil_) << "sent while the lane is held";
  lastSent_ = now_;
  lastInterval_ = caller->interval;
  lastRoundTrip_.reset();
  ++went;
  const Tickets sharers = lane_.sent(now_);
  ASSERT_TRUE(std::equal(sharers.begin(), sharers.end(), sharers_.begin(), sharers_.end()));
  for (const auto& sharer : std::exchange(sharers_, {})) end(sharer, rode);
  if (chance(weather_.unanswered)) return end(caller, left);
  const Time sentAt = now_;
  at(now_ + weather_.roundTrip + upTo(weather_.jitter), [this, caller, sentAt] { hear(caller, sentAt); });
}

inline void Schedule::hear(const CallerPtr& caller, Time sentAt) {
  longestRoundTrip_ = std::max(longestRoundTrip_, now_ - sentAt);
  if (sentAt == lastSent_) lastRoundTrip_ = now_ - sentAt;
  lane_.answered(sentAt, now_);
  if (!chance(weather_.rejected)) {
    rejections_.succeeded();
    lane_.succeeded();
    return end(caller, left);
  }
  ++rejected;
  const Duration pause = upTo(std::chrono::seconds(5));
  holdUntil_ = std::max(holdUntil_, now_ + rejections_.rejected(pause, now_ < holdUntil_));
  const std::vector<Place> before = places_;
  lane_.rejected(pause, now_);
  std::size_t ahead = 0;
  for (const Place& place : before) {
    bool anyStays = false;
    for (const auto& one : place.callers) {
      if (one->standing.wontFit) {
        EXPECT_GT(latest(*one, ahead), one->deadline) << "put out for no reason";
        remove(*one);  // it is told, and ends when it asks
      } else {
        EXPECT_LE(earliest(*one, ahead), one->deadline) << "kept without hope";
        anyStays = true;
      }
    }
    if (anyStays) ++ahead;
  }
  caller->ended = false;
  enter(caller, Lane::End::Front);
}

inline void Schedule::end(const CallerPtr& caller, int& count) {
  ASSERT_FALSE(caller->ended) << "ended twice";
  caller->ended = true;
  --alive_;
  ++count;
}

inline std::vector<Schedule::Place>::iterator Schedule::placeOf(const Caller& caller) {
  return std::find_if(places_.begin(), places_.end(), [&](const Place& place) {
    return std::any_of(place.callers.begin(), place.callers.end(),
                       [&](const auto& one) { return one.get() == &caller; });
  });
}

inline void Schedule::remove(const Caller& caller) {
  const auto place = placeOf(caller);
  ASSERT_NE(place, places_.end());
  auto& callers = place->callers;
  callers.erase(std::find_if(callers.begin(), callers.end(), [&](const auto& one) { return one.get() == &caller; }));
  if (callers.empty()) places_.erase(place);
  noteHead();
}

inline void Schedule::noteHead() {
  const Caller* const head = places_.empty() ? nullptr : places_.front().callers.front().get();
  if (head != head_) headSince_ = now_;
  head_ = head;
}

// Bounds of the time at which a caller with so many places before it goes; what the lane learns lies between them.
inline Time Schedule::earliest(const Caller& caller, std::size_t placesAhead) const {
  const Duration each = rejections_.stretched(caller.interval);
  Time first = std::max(now_, holdUntil_);
  if (underWay_) {
    first = std::max(first, now_ + each);
  } else if (lastSent_) {
    first = std::max(first, *lastSent_ + each);
  }
  return first + each * static_cast<int>(placesAhead);
}

inline Time Schedule::latest(const Caller& caller, std::size_t placesAhead) const {
  return earliest(caller, placesAhead) + longestRoundTrip_ * static_cast<int>(placesAhead + 1);
}

inline Time Schedule::mustHaveGoneBy(const Caller& head) const {
  Time by = std::max({freeSince_, headSince_, holdUntil_});
  if (!lastSent_) return by;
  const Duration patience = std::max({longestRoundTrip_, lastInterval_ / 4, Duration(std::chrono::milliseconds(50))});
  return std::max(by, *lastSent_ + rejections_.stretched(head.interval) + lastRoundTrip_.value_or(patience));
}

}  // namespace chatapps::pacing
