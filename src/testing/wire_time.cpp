#include "testing/wire_time.hpp"

#include <chrono>
#include <cstddef>
#include <ctime>

namespace chatapps::testing {
namespace {

constexpr std::chrono::nanoseconds kTick{100};  // the API counts in these

std::tm civil(std::chrono::seconds sinceEpoch) {
  const auto seconds = static_cast<std::time_t>(sinceEpoch.count());
  std::tm parts{};
#ifdef _WIN32
  gmtime_s(&parts, &seconds);
#else
  gmtime_r(&seconds, &parts);
#endif
  return parts;
}

std::string padded(int number, std::size_t width) {
  std::string digits = std::to_string(number);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return digits;
}

std::string timeOfDay(const std::tm& parts) {
  return padded(parts.tm_hour, 2) + ":" + padded(parts.tm_min, 2) + ":" + padded(parts.tm_sec, 2);
}

std::string year(const std::tm& parts) { return padded(parts.tm_year + 1900, 4); }

}  // namespace

std::string isoTime(SystemTime moment, const char* zone) {
  const auto second = std::chrono::floor<std::chrono::seconds>(moment);
  const std::tm parts = civil(second.time_since_epoch());
  std::string fraction = padded(static_cast<int>((moment - second) / kTick), 7);
  while (fraction.size() > 2 && fraction.back() == '0') fraction.pop_back();
  return year(parts) + "-" + padded(parts.tm_mon + 1, 2) + "-" + padded(parts.tm_mday, 2) + "T" + timeOfDay(parts) +
         "." + fraction + zone;
}

std::string httpDate(SystemTime moment) {
  // Not strftime: its names of days and months follow the program's locale.
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::tm parts = civil(std::chrono::floor<std::chrono::seconds>(moment).time_since_epoch());
  return kDays[parts.tm_wday] + std::string(", ") + padded(parts.tm_mday, 2) + " " + kMonths[parts.tm_mon] + " " +
         year(parts) + " " + timeOfDay(parts) + " GMT";
}

}  // namespace chatapps::testing
