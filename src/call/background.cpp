#include "call/background.hpp"

#include <unordered_set>
#include <utility>

namespace chatapps::call {

/// What the thread works on; used by that thread alone, but for the loop's inbox.
struct Background::Work {
  explicit Work(std::shared_ptr<Engine> sharedEngine)
      : engine(std::move(sharedEngine)), loop(engine->clock, engine->transport, engine->wires) {}

  void begin(CallRequest request, Flight::OnDone onDone) {
    auto flight = std::make_shared<Flight>(loop, engine, std::move(request));
    flights.insert(flight);
    // The flight leaves the set before its callback runs: what runs there may look at the set again, or end all of it.
    flight->start([this, flight = flight.get(), onDone = std::move(onDone)](Outcome<MessageDetails> outcome) {
      forget(*flight);
      onDone(std::move(outcome));
    });
  }

  void forget(Flight& flight) { flights.erase(flight.shared_from_this()); }

  void cancelAll() {
    stopping = true;
    for (const auto& flight : std::unordered_set<std::shared_ptr<Flight>>(flights)) flight->cancel();
  }

  void run() {
    while (!stopping || !flights.empty()) loop.turn();
  }

  const std::shared_ptr<Engine> engine;
  http::Loop loop;
  std::unordered_set<std::shared_ptr<Flight>> flights;
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
    work->begin(std::move(request), std::move(onDone));
  });
}

}  // namespace chatapps::call
