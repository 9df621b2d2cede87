#include "chatapps/testing/sandbox.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>

#include "decode/scenario.hpp"
#include "lower_case.hpp"
#include "testing/built_in_messages.hpp"
#include "testing/error_answer.hpp"
#include "testing/flaws.hpp"
#include "testing/message_body.hpp"
#include "testing/rate_window.hpp"
#include "testing/receipt_post.hpp"
#include "testing/request_target.hpp"
#include "testing/uuid_source.hpp"
#include "testing/wire_time.hpp"
#include "url_text.hpp"

namespace chatapps::testing {
namespace {

constexpr std::size_t kLongestLog = 100'000;

using Interceptor = std::function<std::optional<Reply>(const HttpRequest&)>;

// Made-up umids must not depend on how many errors there were before.
constexpr std::uint64_t kUmidSeed = 0x756d6964;

Clock::duration intervalOf(const SandboxOptions& options) {
  return Clock::duration(static_cast<Clock::duration::rep>(1e9 / options.requestsPerSecond));
}

SandboxOptions checked(SandboxOptions options) {
  rejectFlaw(flawOf(options), "options");
  return options;
}

}  // namespace

class Sandbox::Core {
 public:
  explicit Core(SandboxOptions options)
      : options_(std::move(options)),
        errorIds_(options_.seed),
        umids_(options_.seed ^ kUmidSeed),
        receipts_(options_),
        subAccounts_(options_.subAccounts.begin(), options_.subAccounts.end()) {}

  std::string addMessage(SandboxMessage message) {
    const std::lock_guard lock(mutex_);
    if (message.umid.empty()) message.umid = umids_.next();
    if (!message.subAccountId.empty()) subAccounts_.insert(message.subAccountId);
    std::string umid = message.umid;
    const auto [place, isNew] = messages_.try_emplace(lowerCase(umid));
    Entry& entry = place->second;
    if (!isNew) {
      waiting_.erase(std::remove(waiting_.begin(), waiting_.end(), &entry), waiting_.end());
      receipts_.recall(umid);
    }
    entry = {std::move(message), std::nullopt};
    if (entry.message.fromFirstLook) return umid;
    if (options_.clock) {
      begin(entry, {options_.clock->now(), options_.clock->utcNow()});
    } else {
      waiting_.push_back(&entry);
    }
    return umid;
  }

  void addFault(SandboxFault fault) {
    const std::lock_guard lock(mutex_);
    faults_.push_back(std::move(fault));
  }

  void intercept(Interceptor interceptor) {
    const std::lock_guard lock(mutex_);
    interceptor_ = std::make_shared<const Interceptor>(std::move(interceptor));
  }

  std::vector<SandboxReceipt> takeReceipts(Clock::time_point until) {
    const std::lock_guard lock(mutex_);
    return receipts_.take(until);
  }

  std::optional<Clock::time_point> nextReceiptAt() const {
    const std::lock_guard lock(mutex_);
    return receipts_.nextAt();
  }

  std::vector<SandboxRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return {log_.begin(), log_.end()};
  }

  Reply send(const HttpRequest& request, const Clock& requestClock) {
    std::optional<Reply> reply = askInterceptor(request);
    const Clock& clock = options_.clock ? *options_.clock : requestClock;

    const std::lock_guard lock(mutex_);
    const Beginning now{clock.now(), clock.utcNow()};
    begin(now);
    const auto target = requestTarget(request.url);
    applyFaults(target, reply);
    if (!reply) reply = Reply{answer(request, target, now), options_.latency};

    const int status = !reply->answered || reply->after == Clock::duration::max() ? 0 : reply->response.status;
    log_.push_back({now.instant, target ? target->subAccountId : "", target ? target->umid : "", status});
    if (log_.size() > kLongestLog) log_.pop_front();
    return *std::move(reply);
  }

 private:
  struct Entry {
    SandboxMessage message;
    std::optional<Beginning> beginning;
  };

  std::optional<Reply> askInterceptor(const HttpRequest& request) const {
    std::shared_ptr<const Interceptor> interceptor;
    {
      const std::lock_guard lock(mutex_);
      interceptor = interceptor_;
    }
    if (interceptor == nullptr || *interceptor == nullptr) return std::nullopt;
    return (*interceptor)(request);
  }

  void begin(Beginning now) {
    for (Entry* entry : waiting_) begin(*entry, now);
    waiting_.clear();
  }

  std::string anySubAccount() const {
    const auto isReal = [](const std::string& id) { return id != "*"; };
    const auto found = std::find_if(options_.subAccounts.begin(), options_.subAccounts.end(), isReal);
    return found == options_.subAccounts.end() ? Sandbox::kSubAccountId : *found;
  }

  /// `askedOf` is the subaccount that the first request named, where the message has none of its own.
  void begin(Entry& entry, Beginning now, const std::string& askedOf = {}) {
    entry.beginning = now;
    const std::string& own = entry.message.subAccountId;
    receipts_.send(entry.message, !own.empty() ? own : askedOf.empty() ? anySubAccount() : askedOf, now);
  }

  /// Each counts the requests that it lets pass, also those that have a reply already.
  void applyFaults(const std::optional<RequestTarget>& target, std::optional<Reply>& reply) {
    for (SandboxFault& fault : faults_) {
      const bool counts = target && (fault.umid.empty() || lowerCase(target->umid) == lowerCase(fault.umid));
      if (!counts) continue;
      if (fault.skip > 0) {
        --fault.skip;
      } else if (!reply) {
        reply = fault.reply;
        --fault.times;
      }
    }
    const auto usedUp = [](const SandboxFault& fault) { return fault.times == 0; };
    faults_.erase(std::remove_if(faults_.begin(), faults_.end(), usedUp), faults_.end());
  }

  HttpResponse answer(const HttpRequest& request, const std::optional<RequestTarget>& target, Beginning now) {
    HttpResponse response = judge(request, target, now);
    response.headers.emplace_back("Content-Type", "application/json");
    response.headers.emplace_back("Date", httpDate(now.date));
    return response;
  }

  HttpResponse judge(const HttpRequest& request, const std::optional<RequestTarget>& target, Beginning now) {
    const auto refuse = [&](const Refusal& refusal) { return errorAnswer(refusal, errorIds_.next(), now.date); };
    if (!target) return refuse(kNoSuchPath);
    const auto& keys = options_.apiKeys;
    if (std::find(keys.begin(), keys.end(), bearerKey(request)) == keys.end()) return refuse(kNotAuthenticated);
    if (!knows(target->subAccountId)) return refuse(kForeignSubAccount);
    if (const auto wait = overQuota(target->subAccountId, now.instant)) {
      return quotaExceeded(*wait, options_.retryAfterHeader, errorIds_.next(), now.date);
    }
    if (!isUmid(target->umid)) return refuse(kInvalidUmid);
    auto body = bodyFor(*target, now);
    if (!body) return refuse(kNoSuchMessage);
    return {200, {}, *std::move(body)};
  }

  bool knows(const std::string& subAccountId) const {
    if (!isSubAccountId(subAccountId)) return false;
    return subAccounts_.count(subAccountId) > 0 || subAccounts_.count("*") > 0;
  }

  std::optional<Clock::duration> overQuota(const std::string& subAccountId, Clock::time_point now) {
    if (options_.requestsPerSecond == 0) return std::nullopt;
    const RateWindow fresh(options_.window, intervalOf(options_), options_.rejectedRequestsCount);
    return windows_.try_emplace(subAccountId, fresh).first->second.request(now);
  }

  std::optional<std::string> bodyFor(const RequestTarget& target, Beginning now) {
    const auto found = messages_.find(lowerCase(target.umid));
    if (found == messages_.end()) return std::nullopt;
    Entry& entry = found->second;
    const std::string& owner = entry.message.subAccountId;
    if (!owner.empty() && owner != target.subAccountId) return std::nullopt;
    if (!entry.beginning) begin(entry, now, target.subAccountId);
    return messageBody(entry.message, target.subAccountId, *entry.beginning, now.instant, options_);
  }

  const SandboxOptions options_;
  mutable std::mutex mutex_;
  UuidSource errorIds_, umids_;
  ReceiptPost receipts_;
  std::set<std::string> subAccounts_;
  std::unordered_map<std::string, Entry> messages_;
  std::vector<Entry*> waiting_;  // for the first request: their time has not begun
  std::unordered_map<std::string, RateWindow> windows_;
  std::vector<SandboxFault> faults_;
  std::shared_ptr<const Interceptor> interceptor_;
  std::deque<SandboxRequest> log_;
};

std::vector<Sandbox::BuiltIn> Sandbox::builtIns() {
  std::vector<BuiltIn> list;
  for (BuiltInMessage& builtIn : builtInMessages()) {
    list.push_back({std::move(builtIn.message.umid), std::move(builtIn.story)});
  }
  return list;
}

Sandbox::Sandbox() : Sandbox(SandboxOptions{}) {}

Sandbox::Sandbox(SandboxOptions options) : Sandbox(SandboxScenario{checked(std::move(options)), {}, {}}) {}

Sandbox::Sandbox(SandboxScenario scenario) {
  rejectFlaw(flawOf(scenario), "scenario");
  const bool withBuiltIns = scenario.options.builtInMessages;
  core_ = std::make_unique<Core>(std::move(scenario.options));
  if (withBuiltIns) {
    for (BuiltInMessage& builtIn : builtInMessages()) core_->addMessage(std::move(builtIn.message));
  }
  for (SandboxMessage& message : scenario.messages) core_->addMessage(std::move(message));
  for (SandboxFault& fault : scenario.faults) core_->addFault(std::move(fault));
}

Sandbox::~Sandbox() = default;

std::string Sandbox::addMessage(SandboxMessage message) {
  rejectFlaw(flawOf(message), "message");
  return core_->addMessage(std::move(message));
}

void Sandbox::addFault(SandboxFault fault) {
  rejectFlaw(flawOf(fault), "fault");
  core_->addFault(std::move(fault));
}

void Sandbox::intercept(Interceptor interceptor) { core_->intercept(std::move(interceptor)); }

std::vector<SandboxReceipt> Sandbox::takeReceipts(Clock::time_point until) { return core_->takeReceipts(until); }

std::optional<Clock::time_point> Sandbox::nextReceiptAt() const { return core_->nextReceiptAt(); }

std::vector<SandboxRequest> Sandbox::requests() const { return core_->requests(); }

Reply Sandbox::send(const HttpRequest& request, const Clock& clock) { return core_->send(request, clock); }

SandboxScenario readScenario(std::string_view json, SandboxOptions defaults) {
  SandboxScenario scenario = decode::scenario(json, std::move(defaults));
  rejectFlaw(flawOf(scenario), "scenario");
  return scenario;
}

}  // namespace chatapps::testing
