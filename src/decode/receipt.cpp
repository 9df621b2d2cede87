#include "chatapps/receipt.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "chatapps/errors.hpp"
#include "chatapps/printable.hpp"
#include "decode/json_reader.hpp"
#include "decode/status_and_user.hpp"

namespace chatapps {
namespace {

using decode::Field;
using decode::integer;
using decode::object;
using decode::Problem;
using decode::required;
using decode::Shape;
using decode::text;

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
constexpr std::size_t kShownEvent = 64;
constexpr std::string_view kStatusChanged = "outbound_message_status_changed";

struct Document {
  std::string eventType, eventNamespace;
  std::int64_t version = 0;
  DeliveryReceipt payload;
};

constexpr Field kWhatsAppFields[] = {
    text<&WhatsAppReceipt::providerErrorCode>("providerErrorCode"),
    text<&WhatsAppReceipt::pricingCategory>("pricingCategory"),
};
constexpr Shape kWhatsApp(kWhatsAppFields);

constexpr Field kPayloadFields[] = {
    required(text<&DeliveryReceipt::umid>("umid")),
    text<&DeliveryReceipt::subAccountId>("subAccountId"),
    text<&DeliveryReceipt::channel>("channel"),
    object<&DeliveryReceipt::user>("user", decode::kUser),
    object<&DeliveryReceipt::status>("status", decode::kStatus),
    text<&DeliveryReceipt::clientMessageId>("clientMessageId"),
    text<&DeliveryReceipt::clientBatchId>("clientBatchId"),
    text<&DeliveryReceipt::batchId>("batchId"),
    object<&DeliveryReceipt::whatsapp>("whatsapp", kWhatsApp),
};
constexpr Shape kPayload(kPayloadFields);

constexpr Field kDocumentFields[] = {
    integer<&Document::version>("version"),
    text<&Document::eventNamespace>("namespace"),
    required(text<&Document::eventType>("eventType")),
    required(object<&Document::payload>("payload", kPayload)),
};
constexpr Shape kDocument(kDocumentFields);

[[noreturn]] void refuse(const std::string& problem, const std::string& where) {
  throw DecodeError("delivery receipt: " + problem, where, CallFacts());
}

}  // namespace

DeliveryReceipt parseDeliveryReceipt(std::string_view json) {
  if (json.size() > kMaxBytes) refuse("larger than " + std::to_string(kMaxBytes) + " bytes", "");
  Document document;
  std::optional<Problem> problem = decode::readJson(json, kDocument, &document);
  const bool isJson = !problem || !problem->where.empty();
  // Other events have other shapes: that it is one of them tells more than what it lacks.
  if (isJson && !document.eventType.empty() && !equalIgnoringCase(document.eventType, kStatusChanged)) {
    refuse("expected the event " + std::string(kStatusChanged) + ", this one is \"" +
               printable(document.eventType, kShownEvent) + "\"",
           "/eventType");
  }
  if (problem) refuse(problem->what, problem->where);
  if (document.eventType.empty()) refuse("expected a string that is not empty", "/eventType");
  if (document.payload.umid.empty()) refuse("expected a string that is not empty", "/payload/umid");
  DeliveryReceipt receipt = std::move(document.payload);
  receipt.eventType = std::move(document.eventType);
  receipt.eventNamespace = std::move(document.eventNamespace);
  receipt.version = document.version;
  return receipt;
}

}  // namespace chatapps
