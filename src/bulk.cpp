#include "bulk.hpp"

#include <deque>
#include <new>
#include <unordered_map>
#include <utility>
#include <vector>

#include "call/check_options.hpp"
#include "call/flight.hpp"
#include "call/request.hpp"
#include "cancellation_state.hpp"
#include "chatapps/errors.hpp"
#include "http/thread_loop.hpp"
#include "lower_case.hpp"

namespace chatapps {
namespace {

constexpr std::chrono::microseconds kQuick{200};

/// The source or the sink. Unless it has been quick for long, it is not called while a request is about to leave: if it took
/// its time then, as by a call of its own, whoever stands in that lane would wait for both.
template <class Function>
class UsersOwn {
 public:
  explicit UsersOwn(const Function& function) : function_(function) {}

  bool mayBeCalled(const http::Loop& loop) const noexcept { return calls_ >= kTrusted || !loop.isLeaving(); }

  template <class... Arguments>
  auto call(const http::Loop& loop, const Arguments&... arguments) {
    const Measured measured{loop, calls_, loop.now()};
    return function_(arguments...);
  }

 private:
  static constexpr int kTrusted = 8, kDoubted = 1000;

  struct Measured {
    const http::Loop& loop;
    int& calls;
    const Clock::time_point began;
    ~Measured() {
      if (loop.now() - began > kQuick) calls = -kDoubted;
      if (calls < kTrusted) ++calls;
    }
  };

  const Function& function_;
  int calls_ = 0;
};

class Bulk {
 public:
  Bulk(std::shared_ptr<call::Engine> engine, const MessageSource& source, const BulkSink& sink, BulkOptions options)
      : engine_(std::move(engine)),
        source_(source),
        sink_(sink),
        options_(std::move(options)),
        loop_(engine_->clock, engine_->transport, engine_->wires) {}

  BulkSummary run() {
    const auto self = std::make_shared<Bulk*>(this);  // the loop may live longer than this run
    const CancellationWatch watch(options_.cancellation, [weak = std::weak_ptr<Bulk*>(self), inbox = loop_->inbox()] {
      inbox->postSurely([weak] {
        if (const auto bulk = weak.lock()) (*bulk)->cancel();
      });
    });
    try {
      loop_->runUntil([this] {
        deliver();
        takeSome();
        deliver();
        if (outOfMemory_) throw std::bad_alloc();
        if (wantsMore() && source_.mayBeCalled(*loop_)) loop_->hurry();
        return sourceEnded_ && pending_.empty() && finished_.empty();
      });
    } catch (...) {
      cancel();  // each call that began is seen to end
      throw;
    }
    return summary_;
  }

 private:
  /// One message, however often the source named it while it was under way.
  struct Item {
    std::vector<MessageRef> refs;
    std::shared_ptr<call::Flight> flight;
  };

  using Pending = std::unordered_map<std::string, Item>;

  static std::string keyOf(const MessageRef& ref) {
    std::string key;
    key.reserve(ref.subAccountId.size() + 1 + ref.umid.size());
    key.append(ref.subAccountId).push_back('\n');
    for (const char c : ref.umid) key.push_back(lowerCase(c));
    return key;
  }

  bool wantsMore() const noexcept { return !sourceEnded_ && pendingCount_ + finished_.size() < options_.maxPending; }

  // A source that is quick fills all places at once; what is under way does not wait for one that takes its time.
  void takeSome() {
    const Clock::time_point began = loop_->now();
    while (wantsMore() && source_.mayBeCalled(*loop_)) {
      takeOne();
      if (!finished_.empty() || loop_->now() - began > kQuick) break;
    }
  }

  void takeOne() {
    if (options_.cancellation.isCancelled()) return cancel();
    std::optional<MessageRef> ref = source_.call(*loop_);
    if (!ref) sourceEnded_ = true;
    if (ref) begin(std::move(*ref));
    if (summary_.cancelled) cancel();  // while the source was asked: it may have made calls on this loop
  }

  void begin(MessageRef ref) {
    if (refused_) return finished_.push_back({ref, unauthorized(ref)});
    Pending::value_type& named = *pending_.try_emplace(keyOf(ref)).first;
    Item& item = named.second;
    item.refs.push_back(ref);
    ++pendingCount_;
    if (item.refs.size() > 1) return;
    try {
      CallOptions call;
      call.timeout = options_.timeout;
      call.headers = options_.headers;
      call::CallRequest request =
          call::makeRequest(*engine_, std::move(ref.subAccountId), std::move(ref.umid), std::move(call));
      request.timeoutFromSlot = true;
      request.priority = pacing::Priority::Low;
      item.flight = std::make_shared<call::Flight>(*loop_, engine_, std::move(request));
    } catch (const InvalidArgumentError&) {
      return finish(named, Outcome<MessageDetails>(std::current_exception()));
    }
    const auto flight = item.flight;
    flight->start([this, &named](Outcome<MessageDetails> outcome) { finish(named, std::move(outcome)); });
  }

  void finish(Pending::value_type& named, Outcome<MessageDetails> outcome) noexcept {
    auto node = pending_.extract(named.first);
    std::vector<MessageRef>& refs = node.mapped().refs;
    pendingCount_ -= refs.size();
    const std::exception_ptr error = outcome.error();
    try {
      for (std::size_t i = 0; i + 1 < refs.size(); ++i) finished_.push_back({std::move(refs[i]), outcome});
      finished_.push_back({std::move(refs.back()), std::move(outcome)});
      if (error) noteRefusedKey(error);
    } catch (const std::bad_alloc&) {
      outOfMemory_ = true;  // an item without its outcome must not go unnoticed
    }
  }

  // A refused key will be refused for every other item too, at the price of a slot each.
  void noteRefusedKey(const std::exception_ptr& error) {
    if (refused_) return;
    try {
      std::rethrow_exception(error);
    } catch (const UnauthorizedError& refused) {
      refused_ = std::make_unique<UnauthorizedError>(refused);
      summary_.unauthorized = true;
      endUnsent();
    } catch (...) {  // NOLINT(bugprone-empty-catch): any other error says nothing about the items after it
    }
  }

  void endUnsent() {
    for (const auto& flight : flights()) flight->sendNoMore(unauthorized({flight->subAccountId(), flight->umid()}));
  }

  std::exception_ptr unauthorized(const MessageRef& ref) const {
    ApiAnswer answer{refused_->httpStatus(), refused_->code(),       refused_->message(), refused_->errorId(),
                     refused_->timestamp(),  refused_->retryAfter(), refused_->body(),    refused_->contentType()};
    return std::make_exception_ptr(UnauthorizedError(answer, engine_->facts(ref.subAccountId, ref.umid)));
  }

  void cancel() {
    sourceEnded_ = true;
    summary_.cancelled = true;
    for (const auto& flight : flights()) flight->cancel();
  }

  std::vector<std::shared_ptr<call::Flight>> flights() const {
    std::vector<std::shared_ptr<call::Flight>> result;
    for (const auto& [key, item] : pending_) {
      if (item.flight) result.push_back(item.flight);
    }
    return result;
  }

  void deliver() {
    while (!finished_.empty() && sink_.mayBeCalled(*loop_)) {
      const BulkResult result = std::move(finished_.front());
      finished_.pop_front();
      ++(result.outcome.ok() ? summary_.succeeded : summary_.failed);
      sink_.call(*loop_, result);
    }
  }

  const std::shared_ptr<call::Engine> engine_;
  UsersOwn<MessageSource> source_;
  UsersOwn<BulkSink> sink_;
  const BulkOptions options_;
  const http::ThreadLoop loop_;
  std::unordered_map<std::string, Item> pending_;
  std::size_t pendingCount_ = 0;
  std::deque<BulkResult> finished_;
  bool sourceEnded_ = false;
  bool outOfMemory_ = false;
  std::unique_ptr<UnauthorizedError> refused_;
  BulkSummary summary_;
};

}  // namespace

BulkSummary runBulk(std::shared_ptr<call::Engine> engine, const MessageSource& source, const BulkSink& sink,
                    BulkOptions options) {
  if (!source) throw InvalidArgumentError("source", "must be a function");
  if (!sink) throw InvalidArgumentError("sink", "must be a function");
  if (options.maxPending == 0) throw InvalidArgumentError("maxPending", "must be at least 1");
  if (options.timeout) call::checkTimeout("timeout", *options.timeout);
  call::checkHeaders(options.headers);
  return Bulk(std::move(engine), source, sink, std::move(options)).run();
}

}  // namespace chatapps
