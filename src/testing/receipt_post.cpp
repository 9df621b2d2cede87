#include "testing/receipt_post.hpp"

#include <chrono>
#include <cstdint>
#include <iterator>
#include <utility>

#include "chatapps/open_enum.hpp"
#include "testing/json_object.hpp"

namespace chatapps::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kSeed = 0x706f7374;  // what happens to receipts must not depend on other chance
constexpr Clock::duration kLongestDelay = 10s;
constexpr Clock::duration kLatestRepeat = 30s;

std::string receiptBody(const SandboxMessage& message, std::string_view subAccountId, const SandboxStep& step,
                        const SandboxEvent& event, SystemTime date, bool mask) {
  std::string json;
  JsonObject receipt(json);
  receipt.integer("version", 9);
  receipt.text("namespace", "ChatApps");
  receipt.text("eventType", "outbound_message_status_changed");
  receipt.text("description", "The status of a message changed");
  JsonObject payload = receipt.object("payload");
  payload.text("umid", message.umid);
  payload.text("subAccountId", subAccountId);
  payload.text("channel", step.channel.text());
  writeUser(payload, message, mask);
  writeStatus(payload, event, date);
  payload.optionalText("clientMessageId", message.clientMessageId);
  payload.optionalText("clientBatchId", message.clientBatchId);
  payload.optionalText("batchId", message.batchId);
  payload.end();
  receipt.end();
  return json;
}

}  // namespace

ReceiptPost::ReceiptPost(const SandboxOptions& options) : options_(options), random_(options.seed ^ kSeed) {}

// The distributions of the standard library differ from one to the other.
bool ReceiptPost::happens(double share) { return static_cast<double>(random_() >> 11) * 0x1p-53 < share; }

Clock::duration ReceiptPost::within(Clock::duration longest) {
  const double share = static_cast<double>(random_() >> 11) * 0x1p-53;
  return Clock::duration(
      static_cast<Clock::duration::rep>(share * static_cast<double>(longest.count()) / options_.speed));
}

void ReceiptPost::send(const SandboxMessage& message, std::string_view subAccountId, Beginning beginning) {
  if (!options_.receipts) return;
  for (const SandboxStep& step : message.steps) {
    for (const SandboxEvent& event : step.events) {
      const Clock::duration delay = delayOf(event.at, message, options_.speed);
      if (delay < Clock::duration::zero()) continue;
      const auto body =
          receiptBody(message, subAccountId, step, event, beginning.date + delay, options_.maskPersonalData);
      const bool lost = happens(options_.receipts->lost);
      const bool late = happens(options_.receipts->shuffled);
      const bool twice = happens(options_.receipts->repeated);
      const Clock::time_point at = beginning.instant + delay + (late ? within(kLongestDelay) : 0s);
      if (!lost) underWay_.emplace(at, Letter{message.umid, body});
      if (!lost && twice) underWay_.emplace(at + within(kLatestRepeat), Letter{message.umid, body});
    }
  }
}

void ReceiptPost::recall(std::string_view umid) {
  for (auto letter = underWay_.begin(); letter != underWay_.end();)
    letter = equalIgnoringCase(letter->second.umid, umid) ? underWay_.erase(letter) : std::next(letter);
}

std::vector<SandboxReceipt> ReceiptPost::take(Clock::time_point until) {
  std::vector<SandboxReceipt> taken;
  while (!underWay_.empty() && underWay_.begin()->first <= until) {
    auto first = underWay_.extract(underWay_.begin());
    taken.push_back({first.key(), std::move(first.mapped().body)});
  }
  return taken;
}

std::optional<Clock::time_point> ReceiptPost::nextAt() const {
  if (underWay_.empty()) return std::nullopt;
  return underWay_.begin()->first;
}

}  // namespace chatapps::testing
