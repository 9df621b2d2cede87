#include "decode/message_details.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "decode/json_reader.hpp"
#include "decode/status_and_user.hpp"

namespace chatapps::decode {
namespace {

struct Document {
  MessageDetails data;
};

constexpr Field kRecordFields[] = {
    required(text<&MessageDetail::umid>("umid")),
    required(text<&MessageDetail::subAccountId>("subAccountId")),
    required(text<&MessageDetail::channel>("channel")),
    required(text<&MessageDetail::channelId>("channelId")),
    required(text<&MessageDetail::direction>("direction")),
    text<&MessageDetail::country>("country"),
    required(object<&MessageDetail::status>("status", kStatus)),
    object<&MessageDetail::user>("user", kUser),
    required(text<&MessageDetail::contentType>("contentType")),
    text<&MessageDetail::content>("content"),
    required(text<&MessageDetail::createdAt>("createdAt")),
    text<&MessageDetail::clientMessageId>("clientMessageId"),
    text<&MessageDetail::clientBatchId>("clientBatchId"),
    text<&MessageDetail::batchId>("batchId"),
    required(integer<&MessageDetail::step>("step")),
};
constexpr Shape kRecord(kRecordFields);

constexpr Field kDocumentFields[] = {required(array<&Document::data>("data", kRecord))};
constexpr Shape kDocument(kDocumentFields);

/// Those of one step stay as they came.
MessageDetails inOrder(MessageDetails& records) {
  std::vector<MessageDetail*> order;
  order.reserve(records.size());
  for (MessageDetail& record : records) order.push_back(&record);
  std::sort(order.begin(), order.end(), [](const MessageDetail* a, const MessageDetail* b) {
    return a->step != b->step ? a->step < b->step : std::less<>()(a, b);
  });
  MessageDetails sorted;
  sorted.reserve(records.size());
  for (MessageDetail* record : order) sorted.push_back(std::move(*record));
  return sorted;
}

}  // namespace

std::variant<MessageDetails, Problem> messageDetails(std::string_view json) {
  Document document;
  if (std::optional<Problem> problem = readJson(json, kDocument, &document)) return std::move(*problem);
  const auto earlier = [](const MessageDetail& a, const MessageDetail& b) { return a.step < b.step; };
  if (!std::is_sorted(document.data.begin(), document.data.end(), earlier)) return inOrder(document.data);
  return std::move(document.data);
}

}  // namespace chatapps::decode
