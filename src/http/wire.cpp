#include "http/wire.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <new>
#include <utility>

#include "chatapps/errors.hpp"
#include "http/exchange.hpp"
#include "http/precise_wait.hpp"
#include "http/sigpipe.hpp"

namespace chatapps::http {
namespace {

// Waiting outside libcurl is cheaper than inside, which looks at every transfer each time it looks at one. So a few are
// handed to it while it is busy, and as many more each time when it would wait for answers. The connection cache holds the
// most there can be, since a smaller one reconnects at each call.
constexpr std::size_t kBusy = 16;
constexpr std::size_t kMostActive = 256;

// Half of the descriptors that this process may have are left to it.
std::size_t mostConnections() noexcept {
  const long descriptors = sysconf(_SC_OPEN_MAX);
  return descriptors < 0 ? kMostActive
                         : std::clamp<std::size_t>(static_cast<std::size_t>(descriptors) / 2, 1, kMostActive);
}

constexpr Clock::duration kLookWhileDeaf = std::chrono::milliseconds(10);

// Whatever runs out, the end of a transfer is told. The text is short enough to need no memory.
TransportFailure outOfMemory(Delivery delivery) noexcept {
  TransportFailure failure;
  failure.kind = TransportFailure::Kind::LibraryFault;
  failure.reason = "out of memory";
  failure.retry = TransportFailure::Retry::Never;
  failure.delivery = delivery;
  return failure;
}

TransferResult resultOf(Exchange& exchange, CURLcode code) noexcept {
  try {
    return exchange.result(code);
  } catch (const std::bad_alloc&) {
    return outOfMemory(Delivery::MaybeSent);
  }
}

}  // namespace

void Wire::startLibcurl() {
  // Never undone: the program may use libcurl too, and only it knows when the last use is over.
  static std::atomic<bool> over{false};
  static const struct Started {
    const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    ~Started() { over = true; }  // just before OpenSSL ends, which has registered its end above
  } started;
  if (over) throw CancelledError("cancelled: the program ends", {});
  if (started.code != CURLE_OK) throw std::bad_alloc();
}

Wire::Wire(WireOptions options)
    : options_(std::move(options)),
      mostActive_(mostConnections()),
      busy_(std::min(kBusy, mostActive_)),
      multi_(makeMulti()),
      deaf_(curl_multi_wakeup(multi_.get()) != CURLM_OK) {}

Wire::~Wire() {
  const SigpipeBlocked blocked;
  for (const auto& exchange : exchanges_) {
    if (exchange->transfer()) curl_multi_remove_handle(multi_.get(), exchange->easy());
  }
  exchanges_.clear();
  multi_.reset();
}

void Wire::remove(Exchange& exchange) noexcept {
  const SigpipeBlocked blocked;
  curl_multi_remove_handle(multi_.get(), exchange.easy());
}

Wire::Multi Wire::makeMulti() {
  startLibcurl();
  Multi multi(curl_multi_init());
  if (!multi) throw std::bad_alloc();
  curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(kMostActive));
  curl_multi_setopt(multi.get(), CURLMOPT_MAX_CONCURRENT_STREAMS, static_cast<long>(kMostActive));
  return multi;
}

void Wire::start(Transfer& transfer) {
  if (active_ < busy_) return launch(transfer);
  transfer.place_ = nullptr;
  waiting_.push_back(&transfer);
}

void Wire::launch(Transfer& transfer) {
  if (spare_.empty()) {
    spare_.reserve(exchanges_.size() + 1);  // so that neither `retire` nor a request that leaves needs memory
    sent_.reserve(exchanges_.size() + 1);
    exchanges_.push_back(std::make_unique<Exchange>(options_, sockets_, sent_));
    spare_.push_back(exchanges_.back().get());
  }
  Exchange& exchange = *spare_.back();
  exchange.prepare(transfer, reuse());
  if (curl_multi_add_handle(multi_.get(), exchange.easy()) != CURLM_OK) {
    exchange.forget();
    throw std::bad_alloc();
  }
  spare_.pop_back();
  transfer.place_ = &exchange;
  ++active_;
  ++launched_;
}

void Wire::launchWaiting(std::size_t most) {
  while (!waiting_.empty() && active_ < most) {
    Transfer& next = *waiting_.front();
    waiting_.pop_front();
    try {
      launch(next);
    } catch (...) {
      next.onDone(outOfMemory(Delivery::NotSent));
    }
  }
}

// Nothing of the request had left, so its slot still stands. False where memory ran out.
bool Wire::relaunch(Exchange& exchange) noexcept {
  remove(exchange);
  Exchange::Reuse onNewOne = reuse();
  onNewOne.none = true;
  try {
    exchange.prepare(*exchange.transfer(), onNewOne);
  } catch (const std::bad_alloc&) {
    return false;
  }
  ++launched_;
  return curl_multi_add_handle(multi_.get(), exchange.easy()) == CURLM_OK;
}

void Wire::retire(Exchange& exchange) {
  remove(exchange);
  exchange.forget();
  spare_.push_back(&exchange);
  --active_;
}

void Wire::abort(Transfer& transfer) {
  auto* exchange = static_cast<Exchange*>(std::exchange(transfer.place_, nullptr));
  if (exchange) return retire(*exchange);
  waiting_.erase(std::remove(waiting_.begin(), waiting_.end(), &transfer), waiting_.end());
}

// libcurl can not be told to close what it keeps, but how long ago a connection may have been used last, in seconds.
void Wire::dropConnections() {
  dropped_ = true;
  droppedAt_ = std::chrono::steady_clock::now();
  for (const auto& exchange : exchanges_) {
    if (exchange->transfer()) exchange->dropConnection();
  }
}

Exchange::Reuse Wire::reuse() const noexcept {
  Exchange::Reuse reuse;
  if (!dropped_) return reuse;
  const auto since = std::chrono::steady_clock::now() - droppedAt_;
  const auto before = std::chrono::duration_cast<std::chrono::seconds>(since).count() - 1;
  reuse.none = before < 1;
  reuse.idleAtMost = static_cast<long>(std::clamp<std::int64_t>(before, 1, reuse.idleAtMost));
  return reuse;
}

void Wire::wakeUp() noexcept { curl_multi_wakeup(multi_.get()); }

// Whether no answer has come yet.
bool Wire::isIdle() {
  int ready = 0;
  return curl_multi_poll(multi_.get(), nullptr, 0, 0, &ready) == CURLM_OK && ready == 0;
}

// What was launched leaves first, without a wait.
void Wire::poll(Clock::duration atMost) {
  bool mayWait = launched_ == 0 && active_ > 0;
  if (launched_ == 0 && !waiting_.empty() && active_ < mostActive_ && isIdle()) {
    launchWaiting(std::min(active_ + busy_, mostActive_));
    mayWait = false;  // a wake-up may have come meanwhile, and is spent
  }
  if (deaf_) atMost = std::min(atMost, kLookWhileDeaf);
  if (mayWait) preciseWait(multi_.get(), atMost);
  if (std::exchange(launched_, 0) > 1) sockets_.look();
  perform();
  tellSent();
  finishDone();
  launchWaiting(busy_);
}

void Wire::perform() noexcept {
  const SigpipeBlocked blocked;
  int running = 0;
  curl_multi_perform(multi_.get(), &running);
}

// Not while libcurl works: threads that wake up for it would compete with the server for the processor, and make the time
// that the request takes a matter of luck.
void Wire::tellSent() {
  for (Transfer* transfer : sent_) transfer->onSent();
  sent_.clear();
}

void Wire::finishDone() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    void* self = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &self);
    auto& exchange = *static_cast<Exchange*>(self);
    const CURLcode code = message->data.result;  // gone once the handle is used again
    if (exchange.metStaleConnection() && relaunch(exchange)) continue;
    TransferResult result = resultOf(exchange, code);
    Transfer& transfer = *exchange.transfer();
    retire(exchange);
    transfer.place_ = nullptr;
    transfer.onDone(std::move(result));
  }
}

}  // namespace chatapps::http
