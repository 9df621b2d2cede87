#include "output/receipt_text.hpp"

#include <chatapps/printable.hpp>
#include <optional>
#include <string_view>

namespace chatapps::cli {
namespace {

constexpr std::size_t kNameColumns = 18;

void addLine(std::string& text, std::string_view name, const std::optional<std::string>& value) {
  if (!value || value->empty()) return;
  text.append(name).append(kNameColumns - name.size(), ' ').append(printable(*value)).append("\n");
}

void put(Json& object, const char* name, const std::optional<std::string>& value) {
  if (value && !value->empty()) object[name] = *value;
}

}  // namespace

std::string receiptText(const DeliveryReceipt& receipt) {
  const Status& status = receipt.status;
  std::string text;
  addLine(text, "umid", receipt.umid);
  addLine(text, "subAccountId", receipt.subAccountId);
  addLine(text, "channel", receipt.channel.text());
  addLine(text, "state", status.state.text());
  if (status.detail) addLine(text, "detail", status.detail->text());
  if (status.errorCode) addLine(text, "errorCode", std::to_string(*status.errorCode));
  addLine(text, "errorMessage", status.errorMessage);
  if (status.timestamp) addLine(text, "timestamp", status.timestamp->text());
  addLine(text, "WhatsApp's code", receipt.whatsapp.providerErrorCode);
  addLine(text, "priced as", receipt.whatsapp.pricingCategory);
  if (receipt.user) {
    addLine(text, "msisdn", receipt.user->msisdn);
    addLine(text, "channelUserId", receipt.user->channelUserId);
  }
  addLine(text, "clientMessageId", receipt.clientMessageId);
  addLine(text, "clientBatchId", receipt.clientBatchId);
  addLine(text, "batchId", receipt.batchId);
  if (!receipt.isKnownVersion())
    addLine(text, "version", std::to_string(receipt.version) + " (not known to this program: read as far as it goes)");
  return text;
}

Json receiptJson(const DeliveryReceipt& receipt) {
  Json payload = Json::object();
  put(payload, "umid", receipt.umid);
  put(payload, "batchId", receipt.batchId);
  put(payload, "clientMessageId", receipt.clientMessageId);
  put(payload, "clientBatchId", receipt.clientBatchId);
  put(payload, "subAccountId", receipt.subAccountId);
  put(payload, "channel", receipt.channel.text());
  if (receipt.user) payload["user"] = userJson(*receipt.user);
  if (auto status = statusJson(receipt.status); !status.empty()) payload["status"] = std::move(status);
  Json whatsapp = Json::object();
  put(whatsapp, "providerErrorCode", receipt.whatsapp.providerErrorCode);
  put(whatsapp, "pricingCategory", receipt.whatsapp.pricingCategory);
  if (!whatsapp.empty()) payload["whatsapp"] = std::move(whatsapp);
  Json json = Json::object();
  if (receipt.version != 0) json["version"] = receipt.version;
  put(json, "namespace", receipt.eventNamespace);
  put(json, "eventType", receipt.eventType);
  json["payload"] = std::move(payload);
  return json;
}

}  // namespace chatapps::cli
