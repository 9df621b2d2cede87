// One connection to Redis: logs in, sends commands and tells the replies apart.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "redis/failure.hpp"
#include "redis/reply.hpp"
#include "redis/reservations.hpp"
#include "redis/socket.hpp"
#include "redis/url.hpp"

namespace chatapps::redis {

/// Not thread-safe; nothing of it blocks. Once it has failed it stays so.
class Connection {
 public:
  struct Result {
    Command command;
    std::variant<SlotAnswer, Failure> outcome;
  };

  Connection(const Place& place, const Address& address, const Tls* tls);

  void send(Command command);
  int descriptor() const noexcept { return socket_.descriptor(); }
  short wanted() const noexcept { return socket_.wanted(); }
  /// To be called after poll().
  void advance();

  std::vector<Result> takeResults() { return std::exchange(results_, {}); }
  const std::optional<Failure>& failure() const noexcept { return failure_; }
  bool wasOpen() const noexcept { return wasOpen_; }

  Time firstDeadline() const noexcept;
  /// Those without a reply. The connection is of no use after that.
  std::vector<Command> takeUnanswered();

 private:
  struct Sent {
    Command command;
    bool whole = false;
  };

  void write(Sent sent);
  void read();
  void take(const Reply& reply);
  void takeLogin(const Reply& reply);
  void fail(Failure failure);

  Socket socket_;
  ReplyReader reader_;
  std::size_t loginsLeft_ = 0;  // replies to the login that are still to come
  bool wasOpen_ = false;
  std::deque<Sent> unanswered_;
  std::vector<Result> results_;
  std::optional<Failure> failure_;
};

}  // namespace chatapps::redis
