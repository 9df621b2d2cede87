// One client that always has something to ask, over virtual time: the library's own lane between it and a server's
// window.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <utility>
#include <vector>

#include "pacing/lane.hpp"
#include "simulated_server.hpp"

namespace chatapps::simulation {

using pacing::Lane;
using pacing::Ticket;
using pacing::Turn;

struct Tally {
  std::uint64_t accepted = 0;
  std::uint64_t rejected = 0;
  double perSecond = 0;
  double share429() const {
    return static_cast<double>(rejected) / static_cast<double>(std::max<std::uint64_t>(accepted + rejected, 1));
  }
};

class Client {
 public:
  Client(Window& window, Way there, Way back, Duration interval, std::uint64_t seed)
      : window_(window), there_(std::move(there)), back_(std::move(back)), interval_(interval), random_(seed) {}

  /// One run only.
  Tally run(Duration length) {
    const Time start(std::chrono::hours(1000) + Duration(static_cast<Duration::rep>(random_() % 1'000'000'000)));
    now_ = start;
    for (int waiting = 0; waiting < 3; ++waiting) enter(std::make_shared<Ticket>(), Lane::End::Back);
    while (!events_.empty() && events_.top().at < start + length) {
      const Event event = events_.top();
      events_.pop();
      now_ = event.at;
      event.happens();
    }
    tally_.perSecond = static_cast<double>(tally_.accepted) / std::chrono::duration<double>(length).count();
    return tally_;
  }

 private:
  struct Event {
    Time at;
    std::uint64_t order;
    std::function<void()> happens;
    bool operator<(const Event& other) const { return at != other.at ? at > other.at : order > other.order; }
  };

  void at(Time when, std::function<void()> what) { events_.push({when, order_++, std::move(what)}); }

  void enter(const std::shared_ptr<Ticket>& ticket, Lane::End end) {
    ticket->interval = interval_;
    ticket->onTurn = [this, weak = std::weak_ptr<Ticket>(ticket)] {
      at(now_, [this, weak] {
        if (const auto called = weak.lock()) ask(called);
      });
    };
    lane_.enter(ticket, end, 100'000, now_);
    ask(ticket);
  }

  void ask(const std::shared_ptr<Ticket>& ticket) {
    const Turn turn = lane_.ask(*ticket, now_);
    if (turn.kind == Turn::Kind::Later) at(turn.at, [this, ticket] { ask(ticket); });
    if (turn.kind == Turn::Kind::Go) send(ticket);
  }

  void send(const std::shared_ptr<Ticket>& ticket) {
    const Time sentAt = now_;
    lane_.sent(now_);
    at(now_ + there_(random_), [this, ticket, sentAt] {
      const bool accepted = window_.accepts(now_);
      ++(accepted ? tally_.accepted : tally_.rejected);
      at(now_ + back_(random_), [this, ticket, sentAt, accepted] { answer(ticket, sentAt, accepted); });
    });
  }

  void answer(const std::shared_ptr<Ticket>& ticket, Time sentAt, bool accepted) {
    lane_.answered(sentAt, now_);
    if (accepted) {
      lane_.succeeded();
      enter(std::make_shared<Ticket>(), Lane::End::Back);
    } else {
      lane_.rejected(std::chrono::seconds(1), now_);  // "try again in 1 second(s)"
      enter(ticket, Lane::End::Front);
    }
  }

  Window& window_;
  const Way there_;
  const Way back_;
  const Duration interval_;
  Random random_;
  Lane lane_;
  Time now_{};
  std::priority_queue<Event> events_;
  std::uint64_t order_ = 0;
  Tally tally_;
};

}  // namespace chatapps::simulation
