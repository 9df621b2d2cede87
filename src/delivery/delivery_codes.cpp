#include "delivery/code_table.hpp"
#include "delivery/general_codes.hpp"
#include "delivery/sms_codes.hpp"
#include "delivery/viber_codes.hpp"
#include "delivery/whatsapp_codes.hpp"

namespace chatapps {
namespace {

using delivery::CodeEntry;

const CodeEntry* find(const DeliveryCode& code) noexcept {
  if (code.channel == Channel::SMS) return delivery::kSmsCodes.find(code.code);
  const CodeEntry* own = nullptr;
  if (code.channel == Channel::WhatsApp) own = delivery::kWhatsAppCodes.find(code.code);
  if (code.channel == Channel::Viber) own = delivery::kViberCodes.find(code.code);
  return own ? own : delivery::kGeneralCodes.find(code.code);
}

}  // namespace

bool DeliveryCode::isKnown() const noexcept { return find(*this) != nullptr; }
std::string DeliveryCode::text() const { return delivery::textOf(find(*this), code); }
CodeClass DeliveryCode::codeClass() const noexcept { return delivery::classOf(find(*this)); }
std::string_view DeliveryCode::advice() const noexcept { return delivery::adviceOf(find(*this)); }

}  // namespace chatapps
