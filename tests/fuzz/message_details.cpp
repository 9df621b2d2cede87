#include "decode/message_details.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "fuzz_target.hpp"
#include "support/dom_decode.hpp"

namespace chatapps::fuzz {
namespace {

bool same(const Status& a, const Status& b) {
  return a.state.text() == b.state.text() && a.detail.has_value() == b.detail.has_value() &&
         (!a.detail || a.detail->text() == b.detail->text()) && a.errorCode == b.errorCode &&
         a.errorMessage == b.errorMessage && a.timestamp == b.timestamp;
}

bool same(const std::optional<User>& a, const std::optional<User>& b) {
  return a.has_value() == b.has_value() && (!a || (a->msisdn == b->msisdn && a->channelUserId == b->channelUserId));
}

bool same(const MessageDetail& a, const MessageDetail& b) {
  const auto texts = [](const MessageDetail& detail) {
    return std::tie(detail.umid, detail.subAccountId, detail.channel.text(), detail.channelId, detail.direction.text(),
                    detail.country, detail.contentType.text(), detail.content, detail.createdAt, detail.clientMessageId,
                    detail.clientBatchId, detail.batchId, detail.step);
  };
  return texts(a) == texts(b) && same(a.status, b.status) && same(a.user, b.user);
}

/// nlohmann's own reading stops at a NUL as if the text ended there, and calls 1e400 a syntax error.
bool isReadAlike(std::string_view json) {
  if (json.find('\0') != std::string_view::npos) return false;
  try {
    [[maybe_unused]] const auto document = nlohmann::json::parse(json.begin(), json.end());
  } catch (const nlohmann::json::out_of_range&) {
    return false;
  } catch (const nlohmann::json::exception&) {
    return true;
  }
  return true;
}

void run(std::string_view json) {
  const auto decoded = decode::messageDetails(json);
  const auto* records = std::get_if<MessageDetails>(&decoded);
  bool tooDeep = false;
  if (const auto* problem = std::get_if<decode::Problem>(&decoded)) {
    promise(!problem->what.empty(), "a problem says what it is");
    promise(problem->where.empty() || problem->where.front() == '/', "where is a JSON pointer");
    promisePrintable(problem->what);
    promisePrintable(problem->where);
    tooDeep = problem->what.find("levels of nesting") != std::string::npos;
  }
  if (records) {
    const auto earlier = [](const MessageDetail& a, const MessageDetail& b) { return a.step < b.step; };
    promise(std::is_sorted(records->begin(), records->end(), earlier), "records come in order of step");
  }
  if (tooDeep || !isReadAlike(json)) return;
  const auto reference = testing::domDecode(json);
  promise((records != nullptr) == reference.has_value(), "what is accepted is what a document tree accepts");
  if (!records) return;
  promise(records->size() == reference->size(), "as many records as in a document tree");
  for (std::size_t i = 0; i < records->size(); ++i) {
    promise(same((*records)[i], (*reference)[i]), "the same records as from a document tree");
  }
}

const Registered registered("message_details", run);

}  // namespace
}  // namespace chatapps::fuzz
