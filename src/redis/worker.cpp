#include "redis/worker.hpp"

#include <openssl/crypto.h>
#include <poll.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <exception>
#include <new>
#include <utility>

#include "ends_at_exit.hpp"

namespace chatapps::redis {
namespace {

Time now() { return Clock::system()->now(); }

// Memory ran out on the way to whoever waits: once more, or it would wait until its time is over.
void callAgain(const Reservations::Call& call) noexcept {
  try {
    call();
  } catch (...) {  // NOLINT(bugprone-empty-catch): no memory still
  }
}

// As exactly as the system can: slots are passed at a time.
void pollFor(pollfd* watched, nfds_t count, Duration timeout) {
  timeout = std::clamp<Duration>(timeout, Duration::zero(), std::chrono::hours(1));
#ifdef __linux__
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
  const timespec time{static_cast<time_t>(seconds.count()), static_cast<long>((timeout - seconds).count())};
  ::ppoll(watched, count, &time, nullptr);
#else
  ::poll(watched, count, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(timeout).count()));
#endif
}

// The signals of the program are not for this thread, and SIGPIPE is for nobody.
class NoSignals {
 public:
  NoSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;
  ~NoSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace

Worker::Worker(Address address, std::shared_ptr<const Tls> tls, Reservations::Settings settings)
    : address_(std::move(address)), tls_(std::move(tls)), reservations_(std::move(settings)) {}

void Worker::start() {
  const NoSignals none;  // the thread inherits them
  try {
    // Registers OpenSSL's end, where it's asked for something.
    OPENSSL_init_crypto(OPENSSL_INIT_ADD_ALL_DIGESTS, nullptr);
    if (!EndsAtExit<Worker>::add(shared_from_this())) end();
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!stopping_) thread_ = std::thread([self = shared_from_this()] { self->run(); });
    if (!stopping_) return;
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): too many threads, or no memory
  }
  goOnAlone();
}

void Worker::end() {
  std::thread ended;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    ended = std::move(thread_);
  }
  wake_->wake();
  if (!ended.joinable()) return;
  if (ended.get_id() == std::this_thread::get_id()) {
    ended.detach();
  } else {
    ended.join();
  }
}

template <class Work>
void Worker::with(Work work) {
  std::vector<Reservations::Call> calls;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    work();
    calls = reservations_.takeCalls();
  }
  for (const auto& call : calls) {
    try {
      call();
    } catch (const std::bad_alloc&) {
      callAgain(call);
    } catch (...) {  // NOLINT(bugprone-empty-catch): a user's callback; everything else goes on
    }
  }
}

template <class Work>
void Worker::untilItWorks(Work work) noexcept {
  while (true) {
    try {
      return with(work);
    } catch (...) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
}

void Worker::goOnAlone() noexcept {
  untilItWorks([&] { reservations_.goOnAlone(now()); });
}

void Worker::reserve(const std::string& key, Duration interval, Reservations::Done&& done) {
  with([&] { reservations_.reserve(key, interval, std::move(done), now()); });
  wake_->wake();
}

std::optional<Duration> Worker::confirm(const std::string& key) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return reservations_.confirm(key, now());
}

void Worker::giveBack(const std::string& key) {
  with([&] { reservations_.giveBack(key); });
}

void Worker::passOn(const std::string& key, Duration untilNext, bool answerAwaited) {
  with([&] { reservations_.passOn(key, untilNext, answerAwaited, now()); });
  wake_->wake();
}

void Worker::hold(const std::string& key, Duration pause) {
  with([&] { reservations_.hold(key, pause, now()); });
  wake_->wake();
}

void Worker::run() noexcept {
  bool over = false;
  while (!over) {
    try {
      over = !turn();
    } catch (...) {  // memory ran out, and it is not known how far this turn came
      waiting_.clear();
      connection_.reset();
      untilItWorks([&] { reservations_.lostAll(now()); });
    }
  }
  connection_.reset();
  goOnAlone();  // whoever still asks is not to wait for nobody
}

// False: it was the last one.
bool Worker::turn() {
  std::vector<Command> commands;
  bool over = false;
  with([&] {
    commands = reservations_.takeCommands(now());
    over = stopping_;
  });
  carry(std::move(commands));
  if (over) return false;
  waitForNews();
  takeNews();
  giveUpWhatIsLate();
  return true;
}

void Worker::carry(std::vector<Command> commands) {
  if (commands.empty()) return;
  if (!connection_) connect();
  lastAsked_ = commands.back().question.key;
  for (Command& command : commands) {
    if (connection_) {
      connection_->send(std::move(command));
    } else {
      waiting_.push_back(std::move(command));
    }
  }
}

// Goes a step towards a connection; those who wait for it are sent along.
void Worker::connect() {
  if (!lookup_) lookup_ = Lookup::begin(address_.host, address_.port, wake_);
  if (!lookup_->isDone()) return;
  const auto& places = lookup_->places();
  if (places.empty()) {
    lookup_.reset();
    return giveUp({Failure::Kind::Lost, false, "Redis's host has no address"});
  }
  connection_ = std::make_unique<Connection>(places[nextPlace_++ % places.size()], address_, tls_.get());
  ++placesTried_;
  for (Command& command : std::exchange(waiting_, {})) connection_->send(std::move(command));
}

void Worker::waitForNews() {
  pollfd watched[2] = {{wake_->descriptor(), POLLIN, 0}, {-1, 0, 0}};
  if (connection_ && !connection_->failure()) {
    watched[1].fd = connection_->descriptor();
    watched[1].events = connection_->wanted();
  }
  Time until = nextDeadline();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    until = std::min(until, reservations_.nextAt());
    if (stopping_) return;
  }
  if (connection_ && connection_->failure()) until = Time::min();
  const Time start = now();
  pollFor(watched, 2, until > start ? until - start : Duration::zero());
  if (watched[0].revents != 0) wake_->drain();
}

void Worker::takeNews() {
  if (!connection_ && !waiting_.empty()) connect();
  if (!connection_) return;
  connection_->advance();
  auto results = connection_->takeResults();
  if (!results.empty()) {
    with([&] {
      for (const Connection::Result& result : results) {
        if (const auto* answer = std::get_if<SlotAnswer>(&result.outcome)) {
          reservations_.answered(result.command, *answer, now());
        } else {
          reservations_.failed(result.command, std::get<Failure>(result.outcome), now());
        }
      }
    });
  }
  if (connection_->wasOpen()) placesTried_ = 0;
  if (!connection_->failure()) return;
  const bool another = !connection_->wasOpen() && lookup_ && placesTried_ < lookup_->places().size();
  if (!another) return giveUp(*connection_->failure());
  waiting_ = connection_->takeUnanswered();
  connection_.reset();
  connect();
}

// Drops the connection, which may be whose failure it is, and fails what waits for it. The next one looks its host up
// anew, which may have moved.
void Worker::giveUp(Failure failure) {  // NOLINT(performance-unnecessary-value-param): of the connection that goes
  std::vector<Command> commands = std::exchange(waiting_, {});
  if (connection_) {
    for (Command& command : connection_->takeUnanswered()) commands.push_back(std::move(command));
  }
  connection_.reset();
  if (lookup_ && lookup_->isDone()) lookup_.reset();
  placesTried_ = 0;
  failAll(failure, std::move(commands));
}

void Worker::failAll(const Failure& failure, std::vector<Command> commands) {
  if (commands.empty()) {
    if (!failure.needsAttention) return;
    commands.emplace_back();  // nobody waits for it, but it would go on like this
    commands.back().question.key = lastAsked_;
  }
  with([&] {
    Failure each = failure;
    for (const Command& command : commands) {
      reservations_.failed(command, each, now());
      each.kind = Failure::Kind::Dragged;  // one strike for one connection
    }
  });
}

// A reply that comes later would be taken for the next one's.
void Worker::giveUpWhatIsLate() {
  if (nextDeadline() <= now()) giveUp({Failure::Kind::Late, false, "Redis does not answer in time"});
}

Time Worker::nextDeadline() const {
  Time first = connection_ ? connection_->firstDeadline() : Time::max();
  for (const Command& command : waiting_) first = std::min(first, command.deadline);
  return first;
}

}  // namespace chatapps::redis
