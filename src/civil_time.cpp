#include "civil_time.hpp"

#include <chrono>
#include <limits>

namespace chatapps {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr std::int64_t kSecondsPerDay = 86'400;

bool isLeap(int year) noexcept { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int daysIn(int month, int year) noexcept {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[month - 1] + (month == 2 && isLeap(year) ? 1 : 0);
}

/// The year is taken to begin in March, so that the leap day is its last.
std::int64_t daysSince1970(int year, int month, int day) noexcept {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t monthsSinceMarch = (month + 9) % 12;
  const std::int64_t dayOfYear = (153 * monthsSinceMarch + 2) / 5 + day - 1;
  const std::int64_t leapDays = y >= 0 ? y / 4 - y / 100 + y / 400 : -1;
  constexpr std::int64_t kDaysFromYear0ToMarch = 719'468;
  return y * 365 + leapDays + dayOfYear - kDaysFromYear0ToMarch;
}

}  // namespace

std::optional<std::int64_t> secondsSince1970(const CivilTime& time, std::int64_t offset) noexcept {
  if (time.month < 1 || time.month > 12 || time.day < 1 || time.day > daysIn(time.month, time.year))
    return std::nullopt;
  if (time.hour > 24 || time.minute > 59 || time.second > 60) return std::nullopt;
  if (time.hour == 24 && (time.minute != 0 || time.second != 0)) return std::nullopt;
  const std::int64_t seconds = daysSince1970(time.year, time.month, time.day) * kSecondsPerDay +
                               (std::int64_t{time.hour} * 60 + time.minute) * 60 + time.second - offset;
  // A leap second is only ever the last of a day, by UTC.
  if (time.second == 60 && seconds % kSecondsPerDay != 0) return std::nullopt;
  return seconds;
}

std::optional<SystemTime> systemTime(std::int64_t secondsSince1970, std::int64_t nanoseconds) noexcept {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kMaxSeconds = kMax / kNanosecondsPerSecond;
  if (secondsSince1970 < -kMaxSeconds || secondsSince1970 > kMaxSeconds) return std::nullopt;
  if (secondsSince1970 == kMaxSeconds && nanoseconds > kMax % kNanosecondsPerSecond) return std::nullopt;
  return SystemTime(std::chrono::nanoseconds(secondsSince1970 * kNanosecondsPerSecond + nanoseconds));
}

bool takeDigits(std::string_view& text, std::size_t count, int& value) noexcept {
  if (text.size() < count) return false;
  int read = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return false;
    read = read * 10 + (c - '0');
  }
  text.remove_prefix(count);
  value = read;
  return true;
}

bool takeOneOf(std::string_view& text, std::string_view characters) noexcept {
  if (text.empty() || characters.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace chatapps
