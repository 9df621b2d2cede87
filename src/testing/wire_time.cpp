#include "testing/wire_time.hpp"

#include <chrono>
#include <cstdio>
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

}  // namespace

std::string isoTime(SystemTime moment, const char* zone) {
  const auto second = std::chrono::floor<std::chrono::seconds>(moment);
  const std::tm parts = civil(second.time_since_epoch());
  char text[96];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%07d", parts.tm_year + 1900, parts.tm_mon + 1,
                parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, static_cast<int>((moment - second) / kTick));
  std::string iso = text;
  while (iso.back() == '0' && iso[iso.size() - 3] != '.') iso.pop_back();
  return iso + zone;
}

std::string httpDate(SystemTime moment) {
  // Not strftime: its names of days and months follow the program's locale.
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::tm parts = civil(std::chrono::floor<std::chrono::seconds>(moment).time_since_epoch());
  char text[96];
  std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[parts.tm_wday], parts.tm_mday,
                kMonths[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return text;
}

}  // namespace chatapps::testing
