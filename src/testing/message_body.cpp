#include "testing/message_body.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "testing/wire_time.hpp"

namespace chatapps::testing {
namespace {

std::string masked(std::string phoneNumber) {
  constexpr std::size_t kHidden = 4;
  const std::size_t from = phoneNumber.size() < kHidden ? 0 : phoneNumber.size() - kHidden;
  std::fill(phoneNumber.begin() + static_cast<std::ptrdiff_t>(from), phoneNumber.end(), 'x');
  return phoneNumber;
}

}  // namespace

Clock::duration delayOf(Clock::duration sinceSubmission, const SandboxMessage& message, double speed) {
  const Clock::duration delay = sinceSubmission - message.age;
  if (speed == 1.0) return delay;
  return Clock::duration(std::llround(static_cast<double>(delay.count()) / speed));
}

void writeStatus(JsonObject& record, const SandboxEvent& event, SystemTime date) {
  JsonObject status = record.object("status");
  if (!event.state.text().empty()) status.text("state", event.state.text());
  if (event.detail) status.text("detail", event.detail->text());
  if (event.errorCode) status.integer("errorCode", *event.errorCode);
  status.optionalText("errorMessage", event.errorMessage);
  status.text("timestamp", isoTime(date));
  status.end();
}

void writeUser(JsonObject& record, const SandboxMessage& message, bool mask) {
  if (!message.msisdn && !message.channelUserId) return;
  JsonObject user = record.object("user");
  if (message.msisdn) user.text("msisdn", mask ? masked(*message.msisdn) : *message.msisdn);
  user.optionalText("channelUserId", message.channelUserId);
  user.end();
}

std::optional<std::string> messageBody(const SandboxMessage& message, std::string_view subAccountId,
                                       Beginning beginning, Clock::time_point now, const SandboxOptions& options) {
  const Clock::duration passed = now - beginning.instant;
  const auto delay = [&](Clock::duration at) { return delayOf(at, message, options.speed); };
  const auto hasHappened = [&](const SandboxEvent& event) { return delay(event.at) <= passed; };

  std::string json;
  for (std::size_t i = message.steps.size(); i-- > 0;) {
    const SandboxStep& step = message.steps[i];
    const auto latest = std::find_if(step.events.rbegin(), step.events.rend(), hasHappened);
    if (latest == step.events.rend()) continue;

    json += json.empty() ? R"({"data":[)" : ",";
    JsonObject record(json);
    record.text("umid", message.umid);
    record.text("subAccountId", subAccountId);
    record.text("channel", step.channel.text());
    record.text("channelId", step.channelId);
    record.text("direction", message.direction.text());
    writeStatus(record, *latest, beginning.date + delay(latest->at));
    record.text("contentType", message.contentType.text());
    record.text("createdAt", isoTime(beginning.date + delay(Clock::duration::zero())));
    record.integer("step", static_cast<std::int64_t>(i) + 1);
    record.optionalText("country", message.country);
    writeUser(record, message, options.maskPersonalData);
    if (message.content) record.text("content", options.maskPersonalData ? "**MASKED**" : *message.content);
    record.optionalText("clientMessageId", message.clientMessageId);
    record.optionalText("clientBatchId", message.clientBatchId);
    record.optionalText("batchId", message.batchId);
    record.end();
  }
  if (json.empty()) return std::nullopt;
  return json + "]}";
}

}  // namespace chatapps::testing
