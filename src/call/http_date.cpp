#include "call/http_date.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "chatapps/open_enum.hpp"
#include "civil_time.hpp"

namespace chatapps::call {
namespace {

constexpr std::string_view kDays[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool take(std::string_view& text, std::string_view expected) {
  if (!equalIgnoringCase(text.substr(0, expected.size()), expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

/// A day's name, short or whole. Whether it fits the date is not looked at: the date says it all.
bool takeDay(std::string_view& text) {
  return std::any_of(std::begin(kDays), std::end(kDays),
                     [&text](std::string_view day) { return take(text, day) || take(text, day.substr(0, 3)); });
}

bool takeMonth(std::string_view& text, CivilTime& time) {
  for (const std::string_view month : kMonths) {
    ++time.month;
    if (take(text, month)) return true;
  }
  return false;
}

bool takeTime(std::string_view& text, CivilTime& time) {
  return takeDigits(text, 2, time.hour) && take(text, ":") && takeDigits(text, 2, time.minute) && take(text, ":") &&
         takeDigits(text, 2, time.second);
}

/// "Sun, 06 Nov 1994 08:49:37 GMT"
bool takeFixed(std::string_view text, CivilTime& time) {
  return take(text, ", ") && takeDigits(text, 2, time.day) && take(text, " ") && takeMonth(text, time) &&
         take(text, " ") && takeDigits(text, 4, time.year) && take(text, " ") && takeTime(text, time) &&
         take(text, " GMT") && text.empty();
}

/// "Sunday, 06-Nov-94 08:49:37 GMT"
bool takeRfc850(std::string_view text, CivilTime& time) {
  if (!(take(text, ", ") && takeDigits(text, 2, time.day) && take(text, "-") && takeMonth(text, time) &&
        take(text, "-") && takeDigits(text, 2, time.year) && take(text, " ") && takeTime(text, time) &&
        take(text, " GMT") && text.empty())) {
    return false;
  }
  time.year += time.year < 70 ? 2000 : 1900;
  return true;
}

/// "Sun Nov  6 08:49:37 1994"
bool takeAsctime(std::string_view text, CivilTime& time) {
  return take(text, " ") && takeMonth(text, time) && take(text, " ") &&
         (take(text, " ") ? takeDigits(text, 1, time.day) : takeDigits(text, 2, time.day)) && take(text, " ") &&
         takeTime(text, time) && take(text, " ") && takeDigits(text, 4, time.year) && text.empty();
}

}  // namespace

std::optional<std::chrono::seconds> httpDate(std::string_view text) {
  if (!takeDay(text)) return std::nullopt;
  for (const auto form : {takeFixed, takeRfc850, takeAsctime}) {
    CivilTime time;
    if (!form(text, time)) continue;
    const std::optional<std::int64_t> seconds = secondsSince1970(time);
    return seconds ? std::make_optional(std::chrono::seconds(*seconds)) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace chatapps::call
