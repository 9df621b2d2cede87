#include "output/live_table.hpp"

#include <algorithm>
#include <chatapps/printable.hpp>

#include "duration.hpp"
#include "output/display_width.hpp"

namespace chatapps::cli {
namespace {

constexpr std::size_t kUmid = 36, kChannel = 12, kState = 12, kAge = 6;

std::string rowOf(const std::string& umid, const std::string& channel, const std::string& state, const std::string& age,
                  const std::string& next, std::size_t columns) {
  const auto cell = [](const std::string& text, std::size_t width) {
    return padded(shortened(text, width), width) + ' ';
  };
  const std::string row = cell(umid, kUmid) + cell(channel, kChannel) + cell(state, kState) + cell(age, kAge) + next;
  return shortened(row, std::max<std::size_t>(columns, 20));
}

std::string nextLookOf(const TrackedState& state) {
  if (!state.nextLook) return "-";
  return state.nextLook->count() == 0 ? "now" : showDuration(*state.nextLook);
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

}  // namespace

std::string liveHead(std::size_t columns) { return rowOf("MESSAGE", "CHANNEL", "STATE", "AGE", "NEXT LOOK", columns); }

std::string liveRow(const LiveRow& row, std::size_t columns) {
  const DeliveryReport& report = row.state.report;
  const auto orNone = [](const std::string& text) { return text.empty() ? "-" : printable(text); };
  return rowOf(row.umid, orNone(report.channel.text()), orNone(report.state.text()), showDuration(row.state.age),
               nextLookOf(row.state), columns);
}

void LiveTable::keep(const std::string& line) {
  const std::lock_guard lock(mutex_);
  write_(erased() + line + joined(drawn_));
}

void LiveTable::draw(std::vector<std::string> lines) {
  const std::lock_guard lock(mutex_);
  if (lines == drawn_) return;
  const std::string before = erased();
  drawn_ = std::move(lines);
  write_(before + joined(drawn_));
}

// To the first of the drawn lines, and all from there on away.
std::string LiveTable::erased() const {
  return drawn_.empty() ? std::string() : "\x1b[" + std::to_string(drawn_.size()) + "A\x1b[J";
}

}  // namespace chatapps::cli
