// Lines of a checkpoint without their checksums, which are added here: no fuzzer would find them.
#include <cstdint>
#include <string>

#include "chatapps/tracker.hpp"
#include "fuzz_target.hpp"
#include "track/checkpoint_line.hpp"
#include "track/tracking.hpp"

namespace chatapps::fuzz {
namespace {

std::string withChecksum(std::string_view rest) {
  std::uint32_t hash = 2'166'136'261u;
  for (const char c : rest) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619u;
  std::string line;
  for (int i = 0; i < 8; ++i, hash >>= 4) line += "0123456789abcdef"[hash & 15];
  return (line += '\t').append(rest);
}

void lookAtLine(const std::string& line) {
  const track::CheckpointLine read = track::readCheckpointLine(line);
  if (!read.isGood || !read.message) return;
  std::string again = track::messageLine(*read.message);
  promise(!again.empty() && again.find('\n') == again.size() - 1, "a message is one line");
  again.pop_back();
  const track::CheckpointLine readAgain = track::readCheckpointLine(again);
  promise(readAgain.isGood && readAgain.message && track::messageLine(*readAgain.message) == again + '\n',
          "what was read can be written and read again");
  const DeliveryReport report = track::reportOf(*read.message);
  static_cast<void>(track::fingerprintOf(report, read.message->ending));
}

void resume(const std::string& text) {
  const TrackerOptions options;
  const track::Moment now{Clock::time_point(std::chrono::hours(5)), SystemTime(std::chrono::hours(24 * 365 * 56))};
  track::Tracking tracking(options, std::chrono::seconds(1), [] { return 0.5; });
  try {
    const auto resumed = tracking.resume(text, now);
    promise(resumed.bytes <= text.size(), "it read no more than there was");
    track::Tracking::News news;
    tracking.takeNews(news);
    while (track::Followed* const message = tracking.nextLook(now))
      static_cast<void>(tracking.looked(*message, Outcome<MessageDetails>(MessageDetails()), now));
    const std::string tidy = tracking.tidy(now, resumed.told);
    track::Tracking next(options, std::chrono::seconds(1), [] { return 0.5; });
    promise(next.resume(tidy, now).bytes == tidy.size(), "what was tidied up can be read");
    promise(next.following() == tracking.following(), "and follows the same messages");
  } catch (const CheckpointError& error) {
    promisePrintable(error.what());
  }
}

void run(std::string_view input) {
  static_cast<void>(track::readCheckpointLine(input));
  promisePrintable(track::flawOfHeader(input, Goal::Final));
  std::string text = track::checkpointHeader(Goal::Final);
  while (!input.empty()) {
    const std::string line = withChecksum(takeLine(input));
    lookAtLine(line);
    text += line + '\n';
  }
  resume(text);
}

const Registered registered("checkpoint", run);

}  // namespace
}  // namespace chatapps::fuzz
