#include "decode/message_details.hpp"

#include <algorithm>
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

}  // namespace

std::variant<MessageDetails, Problem> messageDetails(std::string_view json) {
  Document document;
  if (std::optional<Problem> problem = readJson(json, kDocument, &document)) return std::move(*problem);
  MessageDetails& records = document.data;
  const auto earlier = [](const MessageDetail& a, const MessageDetail& b) { return a.step < b.step; };
  // A stable sort allocates even where there is nothing to sort.
  if (!std::is_sorted(records.begin(), records.end(), earlier)) {
    std::stable_sort(records.begin(), records.end(), earlier);
  }
  return std::move(records);
}

}  // namespace chatapps::decode
