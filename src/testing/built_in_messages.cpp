#include "testing/built_in_messages.hpp"

#include <utility>

namespace chatapps::testing {
namespace {

using namespace std::chrono_literals;

constexpr auto kDay = 24h;
constexpr std::int64_t kNotAViberUser = 2008;  // source: 8x8's list of Viber error codes
constexpr std::int64_t kExpired = 36;          // source: 8x8's list of delivery error codes

const char* const kViberChannelId = "8e4d1303-5754-e911-8154-020897df5459";
const char* const kSmsChannelId = "2d0e1a57-7f3b-4c1e-9a53-2f6f0b1c4d77";

SandboxMessage anHourOld(const char* umid, std::vector<SandboxStep> steps) {
  SandboxMessage message;
  message.umid = umid;
  message.steps = std::move(steps);
  message.age = 1h;
  return message;
}

SandboxMessage live(const char* umid, std::vector<SandboxStep> steps) {
  SandboxMessage message = anHourOld(umid, std::move(steps));
  message.age = 0s;
  message.fromFirstLook = true;
  return message;
}

SandboxStep whatsApp(std::vector<SandboxEvent> events) { return {Channel::WhatsApp, std::move(events)}; }

SandboxStep viberWithoutUser(Clock::duration undeliveredAt) {
  return {Channel::Viber,
          {{0s, State::Queued},
           {1s, State::Sent},
           {undeliveredAt, State::Undelivered, StatusDetail::RejectedByOperator, kNotAViberUser, "Not a Viber user"}},
          kViberChannelId};
}

SandboxStep sms(Clock::duration from, std::vector<SandboxEvent> then) {
  SandboxStep step{Channel::SMS, {{from, State::Queued}, {from + 1s, State::Sent}}, kSmsChannelId};
  for (SandboxEvent& event : then) {
    event.at += from;
    step.events.push_back(std::move(event));
  }
  return step;
}

}  // namespace

std::vector<BuiltInMessage> builtInMessages() {
  const auto delivered = StatusDetail::DeliveredToRecipient;
  const SandboxEvent smsDelivered{10s, State::Delivered, delivered};
  const SandboxEvent smsExpired{30min, State::Undelivered, StatusDetail::UndeliveredToRecipient, kExpired, "Expired"};
  return {
      {"delivered on WhatsApp, not read",
       anHourOld(Sandbox::kDeliveredOnWhatsApp,
                 {whatsApp({{0s, State::Queued}, {1s, State::Sent}, {3s, State::Delivered, delivered}})})},
      {"delivered on WhatsApp, then read",
       anHourOld(
           Sandbox::kReadOnWhatsApp,
           {whatsApp(
               {{0s, State::Queued}, {1s, State::Sent}, {3s, State::Delivered, delivered}, {2min, State::Read}})})},
      {"undelivered on Viber, then delivered by SMS",
       anHourOld(Sandbox::kFallbackToSms, {viberWithoutUser(10s), sms(10s, {smsDelivered})})},
      {"delivered by SMS", anHourOld(Sandbox::kDeliveredBySms, {sms(0s, {smsDelivered})})},
      {"queued for a day; then sent and delivered on WhatsApp",
       anHourOld(Sandbox::kQueued,
                 {whatsApp({{0s, State::Queued}, {kDay, State::Sent}, {kDay + 2s, State::Delivered, delivered}})})},
      {"failed: rejected by the API",
       anHourOld(Sandbox::kFailed,
                 {whatsApp({{0s, State::Queued}, {1s, State::Failed, {}, 18, "Invalid parameter"}})})},
      {"undelivered on Viber, then undelivered by SMS",
       anHourOld(Sandbox::kUndelivered, {viberWithoutUser(10s), sms(10s, {smsExpired})})},
      {"live: delivered on WhatsApp after 3 s, read after 20 s",
       live(Sandbox::kLiveReadOnWhatsApp,
            {whatsApp(
                {{0s, State::Queued}, {1s, State::Sent}, {3s, State::Delivered, delivered}, {20s, State::Read}})})},
      {"live: undelivered on Viber after 5 s, delivered by SMS after 15 s",
       live(Sandbox::kLiveFallbackToSms, {viberWithoutUser(5s), sms(5s, {smsDelivered})})},
  };
}

}  // namespace chatapps::testing
