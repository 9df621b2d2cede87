// An inbox, timers and a wire, run by whichever thread needs them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "chatapps/clock.hpp"
#include "chatapps/transport.hpp"
#include "http/inbox.hpp"
#include "http/transfer.hpp"
#include "http/wire_pool.hpp"

namespace chatapps::http {

/// Used by one thread, the one that calls `turn`. A wire is leased only while transfers are under way, so a thread that
/// waits for its slot holds no connection.
class Loop {
 public:
  using Time = Clock::time_point;
  using Timers = std::multimap<Time, std::function<void()>>;
  using Timer = std::optional<Timers::iterator>;

  /// `transport` replaces the wire where it is not null.
  Loop(std::shared_ptr<Clock> clock, std::shared_ptr<Transport> transport, std::shared_ptr<WirePool> wires);
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop();

  Time now() const noexcept { return clock_->now(); }
  const std::shared_ptr<Inbox>& inbox() const noexcept { return inbox_; }

  /// Runs `job` at `time`. `Time::max()` never comes.
  Timer at(Time time, std::function<void()> job);
  void cancel(Timer& timer);

  void send(Transfer& transfer);
  /// Gives the transfer up: neither `onSent` nor `onDone` will come.
  void abort(Transfer& transfer);
  /// A request that has its slot is on its way out; until it is, all calls of its lane wait for it.
  void beginLeaving() noexcept;
  void endLeaving() noexcept { --leaving_; }
  /// Whether there is such a one: what takes its time had better not be called now. True for a second at most, as where a
  /// connection does not come about.
  bool isLeaving() const noexcept;
  /// No connection that is open now carries another request.
  void dropConnections();

  /// The loop of that client that runs on this thread and is between two turns, or null; see ThreadLoop.
  static Loop* aroundThis(const WirePool* wires) noexcept;

  /// Runs on this thread until `done()`, which is asked before each turn. What is asked may run the loop as well.
  template <class Done>
  void runUntil(Done done) {
    const Running running(*this);
    while (!done()) turn();
  }
  /// The next turn does not wait.
  void hurry() noexcept { hurry_ = true; }

 private:
  /// The loops that run on one thread, one within another: what one of them calls may run the next.
  class Running {
   public:
    explicit Running(Loop& loop) noexcept;
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running();

   private:
    Loop* const before_;
  };

  /// Waits until something is to be done, and does it. May return early.
  void turn();
  void waitAndWork();
  void sleep(Time until);
  void sendSimulated(Transfer& transfer);
  void releaseWireIfIdle();
  bool runJobs();
  void runTimers();

  std::shared_ptr<Clock> clock_;
  std::shared_ptr<Transport> transport_;
  std::shared_ptr<WirePool> wires_;
  std::shared_ptr<Inbox> inbox_;
  Timers timers_;
  std::unique_ptr<Wire> wire_;
  int leaving_ = 0;
  Time leavingSince_{};
  bool hurry_ = false;
  bool turning_ = false;
  Loop* outer_ = nullptr;
};

}  // namespace chatapps::http
