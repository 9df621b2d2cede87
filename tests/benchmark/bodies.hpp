// Answers to decode: as many records as wanted.
#pragma once

#include <cstddef>
#include <string>

namespace chatapps::testing {

/// A body like the published example of a message that was read, in one line, with `records` steps.
inline std::string body(std::size_t records) {
  std::string json = R"({"data":[)";
  for (std::size_t step = 1; step <= records; ++step) {
    if (step > 1) json += ",";
    json += R"({"umid":"dec02e44-c76f-4a0a-b69f-6ac2a4386eb9","subAccountId":"sub_account_id","channel":"WhatsApp",)"
            R"("channelId":"904d1303-5754-e911-8154-020897df5459","direction":"Outbound","status":{"state":"read",)"
            R"("timestamp":"2020-06-17T04:25:21.06Z"},"contentType":"Text","createdAt":"2020-06-17T04:15:21.06Z",)"
            R"("step":)" +
            std::to_string(step) +
            R"(,"country":"SG","user":{"msisdn":"+63922110xxxx"},"content":"**MASKED**",)"
            R"("clientMessageId":"client message id","clientBatchId":"client batch id",)"
            R"("batchId":"c9c01382-38bf-4e27-8962-ae0684ab56c3"})";
  }
  return json + "]}";
}

}  // namespace chatapps::testing
