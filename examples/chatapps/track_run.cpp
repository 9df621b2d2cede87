#include "track_run.hpp"

#include <algorithm>
#include <cctype>
#include <chatapps/errors.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include "bulk_line.hpp"
#include "exit_code.hpp"
#include "line_reader.hpp"
#include "output/change_text.hpp"
#include "standard_output.hpp"
#include "terminal.hpp"

namespace chatapps::cli {
namespace {

constexpr std::chrono::milliseconds kBetweenPictures{250};
constexpr std::size_t kOtherLines = 3;  // of the screen: the head, the summary, the cursor's own

std::string lowerCase(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// Each message once, at the first line that names it.
std::vector<ListedMessage> readMessages(const TrackSettings& settings, Interrupt& interrupt) {
  std::vector<ListedMessage> messages;
  std::unordered_map<std::string, std::size_t> known;  // by umid, without regard to case
  const InputFile input(settings.file);
  LineReader lines(input.descriptor(), interrupt.descriptor());
  while (lines.next(true) == LineReader::Got::Line) {
    const std::string place = "line " + std::to_string(lines.number());
    if (isSkippedBulkLine(lines.line(), lines.tooLong())) continue;
    if (lines.tooLong()) throw InvalidArgumentError(place, "is too long");
    ListedMessage message{{}, place};
    try {
      message.ref = parseBulkLine(lines.line(), settings.subAccountId);
    } catch (const InvalidArgumentError&) {
      throw InvalidArgumentError(place, "must be 'subaccount,umid'; a umid alone needs --subaccount");
    }
    const auto [before, isNew] = known.emplace(lowerCase(message.ref.umid), messages.size());
    if (isNew) {
      messages.push_back(std::move(message));
    } else if (messages[before->second].ref.subAccountId != message.ref.subAccountId) {
      throw InvalidArgumentError(place, "names another subaccount for the umid of " + messages[before->second].place);
    }
  }
  return messages;
}

}  // namespace

TrackRun::TrackRun(const TrackSettings& settings, Surroundings& around)
    : settings_(settings), around_(around), messages_(readMessages(settings, around.interrupt)), table_(writeOutput) {}

int TrackRun::run(const ChatAppsClient& client) {
  TrackerOptions options = settings_.tracking;
  options.onChange = [this](const TrackedChange& change) { changed(change); };
  DeliveryTracker tracker(client, options);
  follow(tracker);

  std::mutex mutex;
  std::condition_variable over;
  bool isOver = false;
  std::thread painter;
  if (settings_.live) {
    painter = std::thread([&] {
      std::unique_lock lock(mutex);
      try {
        do {
          table_.draw(picture(tracker));
        } while (!over.wait_for(lock, kBetweenPictures, [&] { return isOver; }));
        table_.draw({});
      } catch (const std::exception&) {  // nobody sees it any more: the next line that is written says so
      }
    });
  }
  const auto endPainter = [&] {
    {
      const std::lock_guard lock(mutex);
      isOver = true;
    }
    over.notify_all();
    if (painter.joinable()) painter.join();
  };
  bool allEnded = false;
  try {
    allEnded = tracker.run(around_.interrupt.token());
  } catch (...) {
    endPainter();
    throw;
  }
  endPainter();
  if (!allEnded) {
    const auto ended = std::count_if(messages_.begin(), messages_.end(), [&](const ListedMessage& message) {
      const auto state = tracker.find(message.ref.umid);
      return state && state->ending != Ending::None;
    });
    throw CancelledError("interrupted: " + std::to_string(ended) + " of " + std::to_string(messages_.size()) +
                             (messages_.size() == 1 ? " message has ended" : " messages have ended"),
                         {});
  }
  // What a checkpoint knew to have ended was told by the run before, and counts here as well.
  for (const auto& [ref, place] : messages_) {
    if (const auto state = tracker.find(ref.umid)) countIn(state->ending);
  }
  return exitCode_;
}

void TrackRun::follow(DeliveryTracker& tracker) {
  for (const auto& [ref, place] : messages_) {
    // What a checkpoint knows to have ended was told then; the others are not followed anew in any case.
    const auto state = tracker.find(ref.umid);
    if (state && (state->ending == Ending::TimedOut || state->ending == Ending::Refused)) continue;
    try {
      tracker.follow({ref.subAccountId, ref.umid});
    } catch (const InvalidArgumentError& error) {
      const std::string problem = error.what();
      throw InvalidArgumentError(place + ":", problem.substr(std::min(problem.find(": ") + 2, problem.size())));
    }
  }
}

void TrackRun::changed(const TrackedChange& change) {
  countIn(change.ending);
  if (!settings_.live) return writeOutput(changeLine(change));
  if (change.ending != Ending::None) table_.keep(endingLine(change));
}

std::vector<std::string> TrackRun::picture(const DeliveryTracker& tracker) const {
  const auto columns = static_cast<std::size_t>(std::max(terminalColumns(1) - 1, 20));
  const auto lines = static_cast<std::size_t>(std::max(terminalLines(1), 8));
  std::vector<std::string> picture{liveHead(columns)};
  for (const auto& [ref, place] : messages_) {
    if (picture.size() + kOtherLines > lines) break;
    auto state = tracker.find(ref.umid);
    if (state && state->ending == Ending::None) picture.push_back(liveRow({ref.umid, std::move(*state)}, columns));
  }
  const std::size_t following = tracker.following();
  const std::size_t shown = picture.size() - 1;
  std::string summary = std::to_string(following) + " followed";
  if (following > shown) summary += ", " + std::to_string(following - shown) + " of them not shown";
  picture.push_back(summary.substr(0, columns));
  return picture;
}

void TrackRun::countIn(Ending ending) {
  if (ending == Ending::None || ending == Ending::Reached || exitCode_ == kTimeout) return;
  exitCode_ = ending == Ending::TimedOut ? kTimeout : kEndedOtherwise;
}

}  // namespace chatapps::cli
