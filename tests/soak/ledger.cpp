#include "ledger.hpp"

#include <cstdio>
#include <exception>
#include <typeinfo>

namespace chatapps::soak {

void Ledger::onAttemptFinished(const AttemptFinished& attempt) {
  Call& call = calls_.at(numberIn(attempt.umid));
  call.lastAnswered = attempt.httpStatus != 0;
  ++(call.lastAnswered ? call.answered : call.unanswered);
}

void Ledger::ended(std::size_t number, const Outcome<MessageDetails>& outcome) {
  Call& call = calls_.at(number);
  ++call.ends;
  std::string ending = "success";
  call.succeeded = outcome.ok();
  call.attempts = static_cast<std::uint8_t>(call.answered + call.unanswered);
  call.delivery = Delivery::Answered;
  if (!outcome.ok()) {
    try {
      std::rethrow_exception(outcome.error());
    } catch (const ChatAppsError& error) {
      ending = typeid(error).name();
      ending = ending.substr(ending.find_last_of("0123456789") + 1);
      if (ending.back() == 'E') ending.pop_back();  // of the mangled name
      call.attempts = static_cast<std::uint8_t>(error.attempts());
      call.delivery = error.delivery();
    } catch (const std::exception& error) {
      ending = std::string("?: ") + error.what();
    }
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++endings_[ending];
  }
  ++ended_;
}

void Ledger::notMade(std::size_t number) {
  calls_.at(number).ends = 1;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++endings_["(not made)"];
  }
  ++ended_;
}

// Attempts that got an answer were seen; those that got none may have been, but for a last one that is said not to have
// left. Null where all fits.
const char* Ledger::contradiction(const Call& call, const std::vector<Fault>& faults) {
  if (call.ends != 1) return "did not end exactly once";
  if (faults.size() > call.attempts) return "the server saw more requests than attempts";
  if (faults.size() < call.answered) return "the server saw fewer requests than there were answers";
  if (call.attempts == 0 && call.delivery != Delivery::NotSent) return "no attempt, and yet it was sent";
  const bool lastNotSent = call.attempts > 0 && call.delivery == Delivery::NotSent;
  if (lastNotSent && faults.size() + 1 > call.attempts) return "not sent, it says, but the server saw it";
  if (call.succeeded && (faults.empty() || !isGood(faults.back()))) return "a success that the server did not give";
  if (call.succeeded && !call.lastAnswered) return "a success without an answer";
  const bool onlyGood = call.lastAnswered && call.attempts == call.answered && isGood(faults.back());
  if (onlyGood && !call.succeeded && call.delivery == Delivery::Answered) return "a good answer that was no success";
  return nullptr;
}

std::size_t Ledger::contradictions(const std::vector<Seen>& seen) const {
  std::vector<std::vector<Fault>> faults(calls_.size());
  for (const Seen& request : seen) faults.at(request.call).push_back(request.fault);
  std::size_t count = 0;
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    const char* const problem = contradiction(calls_[i], faults[i]);
    if (problem == nullptr || ++count > 10) continue;
    const Call& call = calls_[i];
    std::fprintf(stderr,
                 "call %zu: %s (ends %d, success %d, attempts %d, answered %d, unanswered %d, delivery %d; faults", i,
                 problem, call.ends, call.succeeded, call.attempts, call.answered, call.unanswered,
                 static_cast<int>(call.delivery));
    for (const Fault fault : faults[i]) std::fprintf(stderr, " %d", static_cast<int>(fault));
    std::fprintf(stderr, ")\n");
  }
  return count;
}

std::map<std::string, std::size_t> Ledger::endings() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return endings_;
}

}  // namespace chatapps::soak
