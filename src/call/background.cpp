#include "call/background.hpp"

#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>
#include <utility>

#include "chatapps/errors.hpp"
#include "ends_at_exit.hpp"
#include "http/wire.hpp"

namespace chatapps::call {

/// What the thread works on; used by that thread alone, but for the loop's inbox.
struct Background::Work {
  explicit Work(std::shared_ptr<Engine> sharedEngine)
      : engine(std::move(sharedEngine)), loop(engine->clock, engine->transport, engine->wires) {}

  /// One call. Made beforehand with room for its end, which memory that runs out must not lose.
  struct Asked {
    std::shared_ptr<Flight> flight;
    Flight::OnDone onDone;
    Outcome<MessageDetails> outcome{MessageDetails()};
  };

  void begin(CallRequest request, Flight::OnDone onDone) {
    std::list<Asked> begun;
    try {
      begun.emplace_back().flight = std::make_shared<Flight>(loop, engine, std::move(request));
    } catch (...) {  // no memory for it
      return onDone(Outcome<MessageDetails>(std::current_exception()));
    }
    const auto asked = begun.begin();
    asked->onDone = std::move(onDone);
    underWay.splice(underWay.end(), begun);
    asked->flight->start([this, asked](Outcome<MessageDetails> outcome) {
      asked->flight.reset();
      asked->outcome = std::move(outcome);
      toTell.splice(toTell.end(), underWay, asked);
    });
  }

  void cancelAll() noexcept {
    stopping = true;
    while (!underWay.empty()) std::shared_ptr<Flight>(underWay.front().flight)->cancel();  // which ends it
  }

  void run() {
    loop.runUntil([this] {
      tell();
      return stopping && underWay.empty();
    });
    const std::lock_guard lock(mutex);
    isOver = true;
    over.notify_all();
  }

  void start(CallRequest request, Flight::OnDone onDone) {
    const std::lock_guard lock(mutex);
    if (toldToEnd) refuse({request.subAccountId, request.umid});
    loop.inbox()->post([this, request = std::move(request), onDone = std::move(onDone)]() mutable {
      begin(std::move(request), std::move(onDone));
    });
  }

  void post(http::Inbox::Job job) {
    const std::lock_guard lock(mutex);
    if (toldToEnd) refuse({});
    loop.inbox()->post(std::move(job));
  }

  // Jobs that come after the end would wait for good.
  [[noreturn]] static void refuse(const CallFacts& whose) {
    throw CancelledError("cancelled: the client is gone, or the program ends", whose);
  }

  // May be called by several at once, such as a destructor and exit(); all but the thread itself wait.
  void end() noexcept {
    std::unique_lock lock(mutex);
    if (!std::exchange(toldToEnd, true)) loop.inbox()->postSurely([this] { cancelAll(); });
    const bool isMine = std::this_thread::get_id() == threadId;
    std::thread ended = std::move(thread);
    if (isMine && ended.joinable()) return ended.detach();
    if (isMine) return;
    over.wait(lock, [this] { return isOver; });
    lock.unlock();
    if (ended.joinable()) ended.join();
  }

  // Between the turns of the loop: what is called here may make calls of its own and wait for them on this very loop.
  void tell() {
    while (!toTell.empty()) {
      std::list<Asked> next;
      next.splice(next.end(), toTell, toTell.begin());
      next.front().onDone(std::move(next.front().outcome));
    }
  }

  const std::shared_ptr<Engine> engine;
  http::Loop loop;
  std::list<Asked> underWay, toTell;
  bool stopping = false;

  std::mutex mutex;  // of what follows
  std::condition_variable over;
  bool toldToEnd = false, isOver = false;
  std::thread thread;
  std::thread::id threadId;
};

Background::Background(std::shared_ptr<Engine> engine) : work_(std::make_shared<Work>(std::move(engine))) {
  if (!work_->engine->transport) {
    http::Wire::startLibcurl();  // which registers OpenSSL's end
    if (!EndsAtExit<Work>::add(work_)) throw CancelledError("cancelled: the program ends", {});
  }
  const std::lock_guard lock(work_->mutex);
  work_->thread = std::thread([work = work_] { work->run(); });
  work_->threadId = work_->thread.get_id();
}

Background::~Background() { work_->end(); }

void Background::start(CallRequest request, Flight::OnDone onDone) {
  work_->start(std::move(request), std::move(onDone));
}

StartCall Background::starter() const {
  return [weak = std::weak_ptr<Work>(work_)](CallRequest request, Flight::OnDone onDone) {
    const auto work = weak.lock();
    if (!work) Work::refuse({request.subAccountId, request.umid});
    work->start(std::move(request), std::move(onDone));
  };
}

void Background::run(std::function<void()> job) {
  auto told = std::make_shared<std::list<Work::Asked>>();
  told->emplace_back().onDone = [job = std::move(job)](const auto&) { job(); };
  work_->post([work = work_.get(), told] { work->toTell.splice(work->toTell.end(), *told); });
}

}  // namespace chatapps::call
