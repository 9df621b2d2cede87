// What a checkpoint and `Tracking` make of each other.
#include <algorithm>
#include <iterator>
#include <utility>

#include "delivery/attempts.hpp"
#include "lower_case.hpp"
#include "track/checkpoint_line.hpp"
#include "track/tracking.hpp"

namespace chatapps::track {

Tracking::Resumed Tracking::resume(std::string_view text, Moment at) {
  const std::string& file = options_.checkpointFile;
  const std::size_t lastEnd = text.rfind('\n');
  const std::size_t whole = lastEnd == std::string_view::npos ? 0 : lastEnd + 1;
  const std::string flaw = flawOfHeader(text.substr(0, whole == 0 ? 0 : text.find('\n')), options_.goal);
  if (!flaw.empty()) throw CheckpointError(file, 1, flaw);

  Resumed resumed{whole, options_.kept};
  written_ = 1;
  for (std::size_t begin = text.find('\n') + 1; begin < whole;) {
    const std::size_t end = text.find('\n', begin);
    CheckpointLine line = readCheckpointLine(text.substr(begin, end - begin));
    ++written_;
    if (!line.isGood) throw CheckpointError(file, written_, "is damaged: restore it, or move it away and follow anew");
    begin = end + 1;
    lastNumber_ = (std::max)(lastNumber_, line.number);
    if (!line.message) {
      resumed.told = (std::max)(resumed.told, line.number);
      if (resumed.told == lastNumber_) news_.changes.clear();
      continue;
    }
    if (line.number > resumed.told) news_.changes.push_back(changeOf(*line.message));
    // Of several lines about one message the last one counts.
    const std::string key = lowerCase(line.message->umid);
    messages_[key] = std::move(line.message);
  }
  for (auto& entry : messages_) restore(static_cast<Followed&>(*entry.second), at);
  return resumed;
}

void Tracking::restore(Followed& message, Moment at) {
  prepare(message);
  enter(message, at);
  if (message.ended()) {
    message.known = {};
    message.plan = {};
    return;
  }
  serverTime_.saw(message.known, at.now, at.utc);
  if (message.number > 0) message.told = fingerprintOf(reportOf(message), Ending::None);
  message.owesLook = message.deadline.at <= at.now;
  place(message, at.now);
}

// When it was judged is told by the server's clock, which may be behind ours: rather too late than too early.
bool Tracking::isForgotten(const Followed& message, Moment at) const {
  return message.ended() && message.of->looking != &message &&
         at.utc - message.judgedAt > options_.rememberEnded + delivery::ServerTime::kTrustedWithin;
}

std::string Tracking::tidy(Moment at, std::uint64_t told) {
  std::string text = checkpointHeader(options_.goal);
  for (auto entry = messages_.begin(); entry != messages_.end();) {
    const auto& message = static_cast<const Followed&>(*entry->second);
    const bool isOld = isForgotten(message, at);
    if (!isOld) text += messageLine(message);
    entry = isOld ? messages_.erase(entry) : std::next(entry);
  }
  written_ = messages_.size() + 1;
  return text += toldLine(told);
}

}  // namespace chatapps::track
