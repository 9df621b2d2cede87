#include "progress.hpp"

#include <algorithm>
#include <cstdio>

#include "duration.hpp"
#include "output/display_width.hpp"

namespace chatapps::cli {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr Seconds kRecent{20};
constexpr std::size_t kWidestBar = 30;
constexpr std::size_t kNarrowestBar = 5;

std::string showRate(double perSecond) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f/s", perSecond < 100 ? 1 : 0, perSecond);
  return text;
}

std::string drawn(double share, std::size_t width) {
  const auto full = std::min(width, static_cast<std::size_t>(share * static_cast<double>(width)));
  return "[" + std::string(full, '#') + std::string(width - full, '.') + "]";
}

}  // namespace

double Progress::recentRate(Time now) {
  samples_.push_back({now, done_});
  while (samples_.size() > 2 && now - samples_[1].at >= kRecent) samples_.pop_front();
  const double seconds = Seconds(now - samples_.front().at).count();
  return seconds > 0 ? static_cast<double>(done_ - samples_.front().done) / seconds : 0;
}

std::string Progress::bar(Time now, int columns) {
  drawn_ = now;
  const double rate = recentRate(now);
  std::string counts = std::to_string(done_) + (total_ ? "/" + std::to_string(*total_) : "") + " done, " +
                       std::to_string(failed_) + " failed, " + showRate(rate);
  if (!total_) return shortened(counts, static_cast<std::size_t>(std::max(columns - 1, 10)));

  const auto left = *total_ - std::min(done_, *total_);
  if (rate > 0) {
    const double milliseconds = std::min(1000.0 * static_cast<double>(left) / rate, 1e15);
    counts += ", " + showDuration(std::chrono::milliseconds(static_cast<long long>(milliseconds))) + " left";
  }
  const auto room = static_cast<std::size_t>(std::max(columns - 1, 10));  // the last column would wrap the line
  const double share = *total_ == 0 ? 1 : static_cast<double>(done_) / static_cast<double>(*total_);
  char percent[16];
  std::snprintf(percent, sizeof percent, "%3d%%", std::min(100, static_cast<int>(share * 100)));
  const auto taken = counts.size() + sizeof " 100% [] " - 1;
  if (room < taken + kNarrowestBar) return shortened(counts, room);
  return drawn(share, std::min(room - taken, kWidestBar)) + " " + percent + "  " + counts;
}

std::string Progress::summary(Time now) const {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(now - start_);
  const double seconds = Seconds(now - start_).count();
  std::string text = std::to_string(done_) + " done, " + std::to_string(failed_) + " failed in " + showDuration(took);
  if (seconds > 0) text += ", " + showRate(static_cast<double>(done_) / seconds);
  return text;
}

}  // namespace chatapps::cli
