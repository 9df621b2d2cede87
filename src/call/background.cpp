#include "call/background.hpp"

#include <list>
#include <unordered_set>
#include <utility>

namespace chatapps::call {

/// What the thread works on; used by that thread alone, but for the loop's inbox.
struct Background::Work {
  explicit Work(std::shared_ptr<Engine> sharedEngine)
      : engine(std::move(sharedEngine)), loop(engine->clock, engine->transport, engine->wires) {}

  /// What a callback is to be told. Made beforehand: memory that runs out at the end of a call must not lose its end.
  struct Ending {
    Flight::OnDone onDone;
    Outcome<MessageDetails> outcome{MessageDetails()};
  };

  void begin(CallRequest request, const Flight::OnDone& onDone) {
    try {
      auto ending = std::make_shared<std::list<Ending>>();
      ending->push_back({onDone});
      auto flight = std::make_shared<Flight>(loop, engine, std::move(request));
      Flight::OnDone ended = [this, flight = flight.get(), ending](Outcome<MessageDetails> outcome) {
        forget(*flight);
        ending->front().outcome = std::move(outcome);
        toTell.splice(toTell.end(), *ending);
      };
      flights.insert(flight);
      flight->start(std::move(ended));
    } catch (...) {  // no memory for it: `start` itself does not throw
      onDone(Outcome<MessageDetails>(std::current_exception()));
    }
  }

  void forget(Flight& flight) { flights.erase(flight.shared_from_this()); }

  void cancelAll() {
    stopping = true;
    for (const auto& flight : std::unordered_set<std::shared_ptr<Flight>>(flights)) flight->cancel();
  }

  void run() {
    loop.runUntil([this] {
      tell();
      return stopping && flights.empty();
    });
  }

  // Between the turns of the loop: what is called here may make calls of its own and wait for them on this very loop.
  void tell() {
    while (!toTell.empty()) {
      std::list<Ending> next;
      next.splice(next.end(), toTell, toTell.begin());
      next.front().onDone(std::move(next.front().outcome));
    }
  }

  const std::shared_ptr<Engine> engine;
  http::Loop loop;
  std::unordered_set<std::shared_ptr<Flight>> flights;
  std::list<Ending> toTell;
  bool stopping = false;
};

Background::Background(std::shared_ptr<Engine> engine)
    : work_(std::make_shared<Work>(std::move(engine))), thread_([work = work_] { work->run(); }) {}

Background::~Background() {
  work_->loop.inbox()->post([work = work_.get()] { work->cancelAll(); });
  if (thread_.get_id() == std::this_thread::get_id()) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

void Background::start(CallRequest request, Flight::OnDone onDone) {
  work_->loop.inbox()->post([work = work_.get(), request = std::move(request), onDone = std::move(onDone)]() mutable {
    work->begin(std::move(request), onDone);
  });
}

void Background::run(std::function<void()> job) {
  work_->loop.inbox()->post([work = work_.get(), job = std::move(job)] { work->toTell.push_back({[job](const auto&) { job(); }}); });
}

}  // namespace chatapps::call
