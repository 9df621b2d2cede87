// Takes N calls through what decides about them, without the loop that carries the decisions out: each enters its lane,
// gets its slot, and ends in the machine with the record of its answer. Counted from outside, as decode_once is; less a
// decode, the difference of two N is what lane, machine and error paths cost a call.
#include <chrono>
#include <cstdlib>
#include <memory>
#include <utility>

#include "benchmark/bodies.hpp"
#include "benchmark/one_call.hpp"
#include "call/call.hpp"
#include "pacing/lanes.hpp"

namespace chatapps::testing {
namespace {

constexpr Clock::duration kInterval = std::chrono::microseconds(1), kRoundTrip = std::chrono::microseconds(100);

class Calls {
 public:
  bool makeOne() {
    call::Call machine(facts_, retry_, budget_);
    call::Next next = machine.begin(now_);
    const auto lane = pacing::Lanes::ofProcess().lane({"https://127.0.0.1", kSubAccount, clock_});
    const auto ticket = std::make_shared<pacing::Ticket>();
    ticket->interval = kInterval;
    ticket->deadline = now_ + std::chrono::seconds(30);
    ticket->client = this;
    ticket->umid = machine.umid();
    ticket->onTurn = [this] { ++turns_; };
    machine.startDeadline(ticket->deadline);
    if (!lane->enter(ticket, pacing::Lane::End::Back, 10, now_)) return false;
    if (lane->ask(*ticket, now_).kind != pacing::Turn::Kind::Go) return false;
    next = machine.slotTaken();
    machine.left();
    const auto sentAt = now_;
    lane->sent(sentAt);
    now_ += kRoundTrip;
    lane->answered(sentAt, now_);
    HttpResponse response;
    response.status = 200;
    response.body = body_;
    next = machine.answered(std::move(response), kKey, now_, SystemTime());
    lane->succeeded();
    now_ += kInterval;
    return next.what == call::Next::Do::Finish && next.outcome->value().size() == 1;
  }

 private:
  const std::string body_ = body(1);
  const CallFacts facts_{kSubAccount, kUmid};
  const RetryOptions retry_;
  call::RetryBudget budget_;
  const std::shared_ptr<Clock> clock_ = Clock::system();
  Clock::time_point now_ = clock_->now();
  long turns_ = 0;
};

}  // namespace
}  // namespace chatapps::testing

int main(int argc, char** argv) {
  chatapps::testing::Calls calls;
  long left = argc > 1 ? std::atol(argv[1]) : 1;
  while (left > 0 && calls.makeOne()) --left;
  return left == 0 ? 0 : 1;
}
