/// @file receipt.hpp
/// Delivery receipts: what 8x8 posts to a URL of yours when the status of a message changes.
/// They are lost, repeated and out of order at times: what they say is as good as a look at the message, no better.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "chatapps/export.hpp"
#include "chatapps/message_detail.hpp"
#include "chatapps/vocabulary.hpp"

namespace chatapps {

/// What WhatsApp itself said.
struct WhatsAppReceipt {
  std::optional<std::string> providerErrorCode;  ///< WhatsApp's own code, such as `131009`
  std::optional<std::string> pricingCategory;    ///< such as `marketing`
};

/// One change of status. Field names are the wire's names. A plain value: copyable, not synchronised.
struct DeliveryReceipt {
  std::string umid;          ///< never empty
  std::string subAccountId;  ///< empty where the receipt lacks it
  Channel channel;           ///< the receipt has no step: the channel tells which attempt it is about
  std::optional<User> user;  ///< to whom it went
  Status status;  ///< without text where the receipt lacks it: then it says no more than that something changed
  std::optional<std::string> clientMessageId;  ///< as given when it was sent
  std::optional<std::string> clientBatchId;    ///< the same
  std::optional<std::string> batchId;          ///< given by 8x8 to a batch
  WhatsAppReceipt whatsapp;                    ///< without values but on WhatsApp

  std::string eventType;       ///< `outbound_message_status_changed`
  std::string eventNamespace;  ///< the wire's `namespace`: `ChatApps`
  std::int64_t version = 0;    ///< of the format; 0 where it does not tell

  /// False: of a format that this library does not know. It was read as far as it goes.
  bool isKnownVersion() const noexcept { return version == 9 || version == 8 || version == 0; }
};

/// Reads the body of a delivery receipt: version 9, and those before, which look the same. Unknown
/// fields are read over. Throws DecodeError, with the JSON pointer, for what is not JSON, larger than 1 MiB, of another
/// event type (`/eventType`) or without umid (`/payload/umid`).
CHATAPPS_EXPORT DeliveryReceipt parseDeliveryReceipt(std::string_view json);

/// Whether the `Authorization` header of a receipt is the value that was configured with 8x8. Takes a time that depends
/// on the header alone, so that it tells nothing of the expected value. False where that is empty.
CHATAPPS_EXPORT bool authorizedBy(std::string_view headerValue, std::string_view expected) noexcept;

}  // namespace chatapps
