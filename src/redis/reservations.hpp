// What this process has reserved in Redis, lane by lane, and what it does where Redis gives no answer.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chatapps/redis_pacer.hpp"
#include "redis/breaker.hpp"
#include "redis/failure.hpp"
#include "redis/round_trips.hpp"
#include "redis/script.hpp"

namespace chatapps::redis {

/// A question under way.
struct Command {
  Question question;
  Time askedAt{};
  Time deadline{};         ///< an answer after it comes too late
  std::uint64_t turn = 0;  ///< which reservation of the lane it is about
};

/// Not synchronised, without threads or sockets: who owns it takes the commands to Redis and brings the answers.
///
/// A reservation is: `Reserve`, which says when the slot falls due; shortly before, `Pass`, again as long as Redis says
/// so; then the slot is granted, and `confirm` lets the request go. A slot that is free at once is granted by
/// `Reserve`. Where Redis fails, the process grants itself a slot by its own share.
class Reservations {
 public:
  using Done = std::function<void(Duration wait)>;

  struct Settings {
    int processes = 1;
    WhenRedisIsAway whenAway = WhenRedisIsAway::SafeShare;
    Duration replyTimeout{};
    std::function<double()> random;         ///< evenly from [0, 1)
    std::function<std::string()> newGrant;  ///< an id that nobody else draws
    std::function<void(const RedisPacerEvent&)> onEvent;
  };

  /// One that is due.
  struct Call {
    Done done;
    Duration wait{};
    void operator()() const { done(wait); }
  };

  explicit Reservations(Settings settings);

  // What a pacer is asked, by key. Where memory runs out they throw, and nothing was asked; `done` is as it was then.
  void reserve(const std::string& key, Duration interval, Done&& done, Time now);
  std::optional<Duration> confirm(const std::string& key, Time now);
  void passOn(const std::string& key, Duration untilNext, bool answerAwaited, Time now);
  void giveBack(const std::string& key) noexcept;
  void hold(const std::string& key, Duration pause, Time now);

  /// What to ask Redis now. Each of them comes back by `answered` or `failed`.
  std::vector<Command> takeCommands(Time now);
  /// When `takeCommands` will have some again by itself.
  Time nextAt() const noexcept;
  void answered(const Command& command, const SlotAnswer& answer, Time now);
  void failed(const Command& command, const Failure& failure, Time now);

  /// What was under way is lost, since memory ran out: Redis counts as away. Again, should it throw for the same reason.
  void lostAll(Time now);
  /// Nobody will take commands: Redis is away for good. Again, should it throw.
  void goOnAlone(Time now);

  /// Callbacks that are due, to be called with no lock held.
  std::vector<Call> takeCalls() { return std::exchange(calls_, {}); }

  std::size_t lanes() const noexcept { return lanes_.size(); }

 private:
  enum class Phase { Idle, Asking, Waiting, Granted, Left };  // Left: let go, and not passed on yet
  struct Lane {
    Phase phase = Phase::Idle;
    std::uint64_t turn = 0;
    Duration interval{};
    Done done;             // Asking: whoever waits for the answer
    std::int64_t due = 0;  // Waiting: on Redis's clock
    Time dueAt{};          // Waiting: on the own clock
    Time passAt{};         // Waiting: when to ask again
    Time freeAt{};         // Waiting: when the slot may be had, by Redis's last answer
    Duration waited{};     // Waiting: for Redis, so far, when it might have been had
    Time leaveAt{};        // Granted
    Time staleAt{};        // Granted: from then on the others go ahead
    std::string grant;     // the last one; empty: the process's own
    std::string leftWith;  // the grant of the request that left last
    Time lastSlot = Time::min();
    Time heldUntil = Time::min();
    bool holdUnwritten = false;  // Redis may not know of it
  };

  void redisAnswers(Time now);
  void mayHaveLostHolds() noexcept;
  bool takesOver(Lane& lane, Done& done, Time now);
  bool mayAsk(const std::string& key, Time now) const;
  Duration intervalOf(const std::string& key) const;
  Duration lead() const noexcept;
  Duration untilPass(const Lane& lane, Duration wait, Time now) const noexcept;
  Duration oneWay() const noexcept;
  void ask(Question question, std::uint64_t turn, Time now, Duration timeout);
  Duration shareOf(const Lane& lane) const noexcept;
  void grantOwn(Lane& lane, Time now);
  void failWhatIsUnderWay(Time now);
  void callLater(Done& done, Duration wait);
  void passLater(const std::string& key, Lane& lane, Time at);
  void tell(bool shared, bool needsAttention, const std::string& reason);
  void writeBack(Time now);
  void dropSomeIdle(Time now);

  const Settings settings_;
  Breaker breaker_;
  std::map<std::string, Lane> lanes_;
  std::string lookedAt_;                                               // of the idle lanes
  std::multimap<Time, std::pair<std::string, std::uint64_t>> passes_;  // what is to be asked when
  std::multimap<Time, std::string> underWay_;                          // asked when, for which lane
  std::vector<Command> commands_;
  std::vector<Call> calls_;
  RoundTrips roundTrips_;
  bool away_ = false;  // and that was told
  struct {
    std::string key, reason;
  } oddLane_;  // the last one of which it was told that it fails while others do not
};

}  // namespace chatapps::redis
