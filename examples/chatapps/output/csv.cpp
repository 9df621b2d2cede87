#include "csv.hpp"

#include <string_view>

#include "active_text.hpp"

namespace chatapps::cli {
namespace {

constexpr const char* kLineEnd = "\r\n";

/// One line, field by field.
class Line {
 public:
  Line& add(std::string_view text) {
    if (!first_) line_ += ',';
    first_ = false;
    const auto shown = escapeActiveText(text);
    if (shown.find_first_of(",\"\r\n") == std::string::npos) {
      line_ += shown;
      return *this;
    }
    line_ += '"';
    for (const char c : shown) {
      if (c == '"') line_ += '"';
      line_ += c;
    }
    line_ += '"';
    return *this;
  }
  Line& add(const std::optional<std::string>& text) { return add(text ? std::string_view(*text) : std::string_view()); }
  Line& add(const std::optional<std::int64_t>& number) { return add(number ? std::to_string(*number) : std::string()); }
  Line& add(const std::string& text) { return add(std::string_view(text)); }

  std::string end() { return line_ + kLineEnd; }

 private:
  std::string line_;
  bool first_ = true;
};

std::string csvLine(const MessageDetail& record) {
  const auto& status = record.status;
  const User user = record.user.value_or(User{});
  return Line()
      .add(record.subAccountId)
      .add(record.umid)
      .add(std::to_string(record.step))
      .add(record.channel.text())
      .add(record.channelId)
      .add(record.direction.text())
      .add(record.country)
      .add(status.state.text())
      .add(status.detail ? status.detail->text() : std::string())
      .add(status.errorCode)
      .add(status.errorMessage)
      .add(status.timestamp ? status.timestamp->text() : std::string())
      .add(user.msisdn)
      .add(user.channelUserId)
      .add(record.contentType.text())
      .add(record.content)
      .add(record.createdAt.text())
      .add(record.clientMessageId)
      .add(record.clientBatchId)
      .add(record.batchId)
      .end();
}

}  // namespace

std::string csvHeader() {
  return std::string(
             "subAccountId,umid,step,channel,channelId,direction,country,state,detail,errorCode,errorMessage,"
             "statusTimestamp,msisdn,channelUserId,contentType,content,createdAt,clientMessageId,clientBatchId,"
             "batchId") +
         kLineEnd;
}

std::string csvLines(const MessageDetails& records) {
  std::string lines;
  for (const auto& record : records) lines += csvLine(record);
  return lines;
}

}  // namespace chatapps::cli
