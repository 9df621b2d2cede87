#include "testing/flaws.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "chatapps/errors.hpp"
#include "lower_case.hpp"
#include "url_text.hpp"

namespace chatapps::testing {
namespace {

constexpr Clock::duration kLongest = std::chrono::hours(24 * 365);
constexpr const char* kUmidForm = "must be a UUID with dashes";
constexpr const char* kDurationForm = "must be from 0 to 365 days";

bool isDuration(Clock::duration duration) { return duration >= Clock::duration::zero() && duration <= kLongest; }

// Written so that NaN is not within anything.
bool isWithin(double number, double least, double most) { return number >= least && number <= most; }

template <class Value>
std::optional<Flaw> firstFlaw(const std::vector<Value>& values, const std::string& name) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (auto flaw = flawOf(values[i])) {
      flaw->where.insert(0, "/" + name + "/" + std::to_string(i));
      return flaw;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Flaw> flawOf(const SandboxOptions& options) {
  if (options.apiKeys.empty()) return Flaw{"/apiKeys", "must have at least one key"};
  for (const std::string& key : options.apiKeys) {
    if (key.empty()) return Flaw{"/apiKeys", "must not have an empty key"};
  }
  for (const std::string& id : options.subAccounts) {
    if (id != "*" && !isSubAccountId(id)) {
      return Flaw{"/subAccounts", "must be ids of 3 to 50 of A-Z a-z 0-9 - . _ &, or \"*\" for all of them"};
    }
  }
  if (!isWithin(options.requestsPerSecond, 0.001, 1e6) && options.requestsPerSecond != 0) {
    return Flaw{"/requestsPerSecond", "must be from 0.001 to 1,000,000, or 0 for no limit"};
  }
  if (!isWithin(options.speed, 0.01, 1e6)) return Flaw{"/speed", "must be from 0.01 to 1,000,000"};
  if (options.latency < Clock::duration::zero() || options.latency > std::chrono::hours(1)) {
    return Flaw{"/latency", "must be from 0 to 1 hour"};
  }
  const SandboxReceipts receipts = options.receipts.value_or(SandboxReceipts{});
  for (const double share : {receipts.lost, receipts.repeated, receipts.shuffled}) {
    if (!isWithin(share, 0, 1)) return Flaw{"/receipts", "must be shares from 0 to 1"};
  }
  return std::nullopt;
}

std::optional<Flaw> flawOf(const SandboxStep& step) {
  if (step.events.empty()) return Flaw{"/events", "must have at least one event"};
  Clock::duration before{0};
  for (std::size_t i = 0; i < step.events.size(); ++i) {
    const std::string where = "/events/" + std::to_string(i) + "/at";
    if (!isDuration(step.events[i].at)) return Flaw{where, kDurationForm};
    if (step.events[i].at < before) return Flaw{where, "must not be earlier than the event before"};
    before = step.events[i].at;
  }
  return std::nullopt;
}

std::optional<Flaw> flawOf(const SandboxMessage& message) {
  if (!message.umid.empty() && !isUmid(message.umid)) return Flaw{"/umid", kUmidForm};
  if (!message.subAccountId.empty() && !isSubAccountId(message.subAccountId)) {
    return Flaw{"/subAccountId", "must be 3 to 50 of A-Z a-z 0-9 - . _ &"};
  }
  if (!isDuration(message.age)) return Flaw{"/age", kDurationForm};
  if (message.steps.empty()) return Flaw{"/steps", "must have at least one step"};
  return firstFlaw(message.steps, "steps");
}

std::optional<Flaw> flawOf(const SandboxFault& fault) {
  if (fault.times < 1) return Flaw{"/times", "must be 1 or more"};
  if (fault.skip < 0) return Flaw{"/skip", "must be 0 or more"};
  if (!fault.umid.empty() && !isUmid(fault.umid)) return Flaw{"/umid", kUmidForm};
  const int status = fault.reply.response.status;
  const bool comes = fault.reply.answered && fault.reply.after != Clock::duration::max();
  if (comes && (status < 200 || status > 999)) {
    return Flaw{"/status", "must be from 200 to 999"};
  }
  if (fault.reply.after < Clock::duration::zero()) return Flaw{"/after", "must not be negative"};
  return std::nullopt;
}

std::optional<Flaw> flawOf(const SandboxScenario& scenario) {
  if (auto flaw = flawOf(scenario.options)) return flaw;
  if (auto flaw = firstFlaw(scenario.messages, "messages")) return flaw;
  std::set<std::string> umids;
  for (std::size_t i = 0; i < scenario.messages.size(); ++i) {
    const std::string& umid = scenario.messages[i].umid;
    if (!umid.empty() && !umids.insert(lowerCase(umid)).second)
      return Flaw{"/messages/" + std::to_string(i) + "/umid", "must not be that of a message before"};
  }
  return firstFlaw(scenario.faults, "faults");
}

void rejectFlaw(const std::optional<Flaw>& flaw, const std::string& argument) {
  if (flaw) throw InvalidArgumentError(argument, "at " + flaw->where + " " + flaw->problem);
}

}  // namespace chatapps::testing
