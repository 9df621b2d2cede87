#include "table.hpp"

#include <algorithm>
#include <chatapps/printable.hpp>
#include <ctime>
#include <vector>

#include "display_width.hpp"

namespace chatapps::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowestReason = 20;
constexpr std::size_t kLabel = 12;

struct Row {
  std::string step, channel, state, time, reason;
};

/// `2020-06-17 04:17:21` in UTC; a text that is no time, as it came.
std::string showTime(const Timestamp& timestamp) {
  const auto time = timestamp.time();
  if (!time) return printable(timestamp.text(), 40);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count();
  const auto asTimeT = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&asTimeT, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  return text;
}

void append(std::string& text, const std::string& separator, const std::string& more) {
  if (!text.empty() && !more.empty()) text += separator;
  text += more;
}

/// `Not a Viber user (code 2008), undelivered_to_recipient`.
std::string reasonOf(const Status& status) {
  std::string reason = status.errorMessage ? printable(*status.errorMessage) : std::string();
  if (status.errorCode) append(reason, " ", "(code " + std::to_string(*status.errorCode) + ")");
  if (status.detail) append(reason, ", ", printable(status.detail->text()));
  return reason;
}

Row rowOf(const MessageDetail& record) {
  const auto& status = record.status;
  return {std::to_string(record.step), printable(record.channel.text(), 40),
          status.state.text().empty() ? "-" : printable(status.state.text(), 40),
          status.timestamp ? showTime(*status.timestamp) : "-", reasonOf(status)};
}

const char* colourOf(const std::string& state) {
  const State known{state};
  if (known == State::Delivered || known == State::Read || known == State::Ok) return "\x1b[32m";
  if (known == State::Undelivered || known == State::Failed || known == State::Rejected || known == State::Error) {
    return "\x1b[31m";
  }
  return "\x1b[33m";
}

std::size_t widest(const std::vector<Row>& rows, std::string Row::*column) {
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, displayWidth(row.*column));
  return width;
}

/// A line of a label and what it stands for; nothing where there is nothing.
std::string labelled(const char* label, const std::string& text, const TableStyle& style) {
  if (text.empty()) return {};
  const auto room = static_cast<std::size_t>(std::max(style.columns, 40)) - kLabel;
  return padded(label, kLabel) + shortened(text, room) + "\n";
}

std::string personOf(const MessageDetail& record) {
  std::string person;
  if (record.user && record.user->msisdn) person = printable(*record.user->msisdn);
  if (record.user && record.user->channelUserId) append(person, ", ", printable(*record.user->channelUserId));
  if (record.country) append(person, ", ", printable(*record.country));
  return person;
}

std::string headOf(const MessageDetail& record, const TableStyle& style) {
  const bool inbound = record.direction == Direction::Inbound;
  std::string content = printable(record.contentType.text());
  if (record.content) append(content, ": ", printable(*record.content));
  return labelled("message", printable(record.umid), style) +
         labelled("subaccount", printable(record.subAccountId), style) +
         labelled(inbound ? "from" : "to", personOf(record), style) + labelled("content", content, style) +
         labelled("created", showTime(record.createdAt) + (record.createdAt.time() ? " UTC" : ""), style) +
         labelled("client id", printable(record.clientMessageId.value_or("")), style) +
         labelled("batch", printable(record.batchId.value_or("")), style) +
         labelled("your batch", printable(record.clientBatchId.value_or("")), style);
}

std::string rowsOf(const std::vector<Row>& rows, const TableStyle& style) {
  const auto step = widest(rows, &Row::step), channel = widest(rows, &Row::channel), state = widest(rows, &Row::state),
             time = widest(rows, &Row::time);
  const auto before = step + channel + state + time + 4 * kGap;
  const auto columns = static_cast<std::size_t>(std::max(style.columns, 0));
  const auto room = columns > before + kNarrowestReason ? columns - before : kNarrowestReason;
  const std::string gap(kGap, ' ');

  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[i];
    const bool colour = style.colour && i > 0;
    const auto reason = wrapped(row.reason, room);
    std::string line = padded(row.step, step);
    line.append(gap).append(padded(row.channel, channel)).append(gap);
    line.append(colour ? colourOf(row.state) : "").append(padded(row.state, state)).append(colour ? "\x1b[0m" : "");
    line.append(gap).append(padded(row.time, time)).append(gap).append(reason.front());
    line.erase(line.find_last_not_of(' ') + 1);
    text.append(line).append("\n");
    for (std::size_t more = 1; more < reason.size(); ++more) text.append(before, ' ').append(reason[more]).append("\n");
  }
  return text;
}

}  // namespace

std::string table(const MessageDetails& details, TableStyle style) {
  if (details.empty()) return "The message is known, and no channel has been tried yet.\n";
  std::vector<Row> rows = {{"STEP", "CHANNEL", "STATE", "TIME (UTC)", "REASON"}};
  for (const auto& record : details) rows.push_back(rowOf(record));
  return headOf(details.front(), style) + "\n" + rowsOf(rows, style);
}

}  // namespace chatapps::cli
