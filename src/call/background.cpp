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

  /// One call, or without a umid just something to tell. Made beforehand with room for its end, which memory that runs out
  /// must not lose.
  struct Asked {
    CallRequest request;
    Flight::OnDone onDone;
    std::shared_ptr<Flight> flight;
    Outcome<MessageDetails> outcome{MessageDetails()};
  };
  using List = std::list<Asked>;

  void beginAsked() {
    List next;
    {
      const std::lock_guard lock(mutex);
      next.swap(asked);
    }
    while (!next.empty()) {
      const auto call = next.begin();
      const bool isCall = !call->request.umid.empty();
      List& to = isCall ? underWay : toTell;
      to.splice(to.end(), next, call);
      if (isCall) begin(call);
    }
  }

  void begin(List::iterator call) {
    const auto ended = [this, call](Outcome<MessageDetails> outcome) {
      call->flight.reset();
      call->outcome = std::move(outcome);
      toTell.splice(toTell.end(), underWay, call);
    };
    try {
      call->flight = std::make_shared<Flight>(loop, engine, std::move(call->request));
    } catch (...) {  // no memory for it
      return ended(Outcome<MessageDetails>(std::current_exception()));
    }
    call->flight->start(ended);
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

  void start(CallRequest request, Flight::OnDone& onDone) {
    List one;
    one.emplace_back().request = std::move(request);
    const CallRequest& kept = one.front().request;
    const std::lock_guard lock(mutex);
    if (toldToEnd) refuse({kept.subAccountId, kept.umid});
    if (asked.empty()) loop.inbox()->post([this] { beginAsked(); });  // for the first; it begins all
    one.front().onDone = std::move(onDone);
    asked.splice(asked.end(), one);
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
      List next;
      next.splice(next.end(), toTell, toTell.begin());
      next.front().onDone(std::move(next.front().outcome));
    }
  }

  const std::shared_ptr<Engine> engine;
  http::Loop loop;
  List underWay, toTell;
  bool stopping = false;

  std::mutex mutex;  // of what follows
  std::condition_variable over;
  List asked;
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

void Background::start(CallRequest request, Flight::OnDone& onDone) { work_->start(std::move(request), onDone); }

StartCall Background::starter() const {
  return [weak = std::weak_ptr<Work>(work_)](CallRequest request, Flight::OnDone onDone) {
    const auto work = weak.lock();
    if (!work) Work::refuse({request.subAccountId, request.umid});
    work->start(std::move(request), onDone);
  };
}

void Background::run(std::function<void()> job) {
  Flight::OnDone told = [job = std::move(job)](const auto&) { job(); };
  work_->start({}, told);
}

}  // namespace chatapps::call
