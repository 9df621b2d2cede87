// The thread that talks to Redis.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "redis/connection.hpp"
#include "redis/lookup.hpp"
#include "redis/reservations.hpp"
#include "redis/url.hpp"
#include "redis/wake_pipe.hpp"

namespace chatapps::redis {

/// Thread-safe; nothing that is called from outside blocks. Its thread keeps it alive until `end`.
class Worker : public std::enable_shared_from_this<Worker> {
 public:
  Worker(Address address, std::shared_ptr<const Tls> tls, Reservations::Settings settings);

  void start();  ///< where no thread is to be had, this process goes on alone
  /// Returns when the thread is over, unless it is the caller or somebody else stops it at the same time. Whoever waits
  /// is answered, and whoever asks later goes on alone.
  void end();

  /// Where memory runs out it throws, and `done` is as it was.
  void reserve(const std::string& key, Duration interval, Reservations::Done&& done);
  std::optional<Duration> confirm(const std::string& key);
  void passOn(const std::string& key, Duration untilNext, bool answerAwaited);
  void giveBack(const std::string& key);
  void hold(const std::string& key, Duration pause);

 private:
  /// Does `work` with the reservations, then what it left to be called back.
  template <class Work>
  void with(Work work);
  /// The same where memory runs out, for what must not be left undone.
  template <class Work>
  void untilItWorks(Work work) noexcept;
  void goOnAlone() noexcept;

  void run() noexcept;
  bool turn();
  void carry(std::vector<Command> commands);
  void connect();
  void waitForNews();
  void takeNews();
  void failAll(const Failure& failure, std::vector<Command> commands);
  void giveUp(Failure failure);
  void giveUpWhatIsLate();
  Time nextDeadline() const;

  const Address address_;
  const std::shared_ptr<const Tls> tls_;
  const std::shared_ptr<WakePipe> wake_ = std::make_shared<WakePipe>();

  std::mutex mutex_;
  Reservations reservations_;
  bool stopping_ = false;
  std::thread thread_;

  // The thread's own.
  std::unique_ptr<Connection> connection_;
  std::shared_ptr<Lookup> lookup_;
  std::size_t nextPlace_ = 0;     // of those that the lookup found
  std::size_t placesTried_ = 0;   // since a connection was last there
  std::string lastAsked_;         // the key
  std::vector<Command> waiting_;  // for a connection
};

}  // namespace chatapps::redis
