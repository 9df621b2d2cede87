#include "chatapps/timestamp.hpp"

#include <cstdint>
#include <string_view>

#include "civil_time.hpp"

namespace chatapps {
namespace {

bool takeDateTime(std::string_view& text, CivilTime& time) noexcept {
  return takeDigits(text, 4, time.year) && takeOneOf(text, "-") && takeDigits(text, 2, time.month) &&
         takeOneOf(text, "-") && takeDigits(text, 2, time.day) && takeOneOf(text, "Tt ") &&
         takeDigits(text, 2, time.hour) && takeOneOf(text, ":") && takeDigits(text, 2, time.minute) &&
         takeOneOf(text, ":") && takeDigits(text, 2, time.second);
}

/// Any number of digits; those beyond the ninth are cut off.
bool takeFraction(std::string_view& text, std::int64_t& nanoseconds) noexcept {
  if (!takeOneOf(text, ".,")) return true;
  int digit = 0;
  if (!takeDigits(text, 1, digit)) return false;
  std::int64_t unit = 100'000'000;
  do {
    nanoseconds += digit * unit;
    unit /= 10;
  } while (takeDigits(text, 1, digit));
  return true;
}

/// `Z`, `+hh:mm`, `+hhmm` or `+hh`.
bool takeZone(std::string_view& text, std::int64_t& offset) noexcept {
  if (takeOneOf(text, "Zz")) return true;
  const bool west = takeOneOf(text, "-");
  if (!west && !takeOneOf(text, "+")) return false;
  int hours = 0, minutes = 0;
  if (!takeDigits(text, 2, hours)) return false;
  if (takeOneOf(text, ":") ? !takeDigits(text, 2, minutes) : !text.empty() && !takeDigits(text, 2, minutes))
    return false;
  if (hours > 23 || minutes > 59) return false;
  offset = (std::int64_t{hours} * 60 + minutes) * (west ? -60 : 60);
  return true;
}

}  // namespace

std::optional<SystemTime> Timestamp::time() const noexcept {
  std::string_view rest = text_;
  CivilTime civil;
  std::int64_t nanoseconds = 0, offset = 0;
  if (!takeDateTime(rest, civil) || !takeFraction(rest, nanoseconds) || !takeZone(rest, offset) || !rest.empty()) {
    return std::nullopt;
  }
  if (civil.hour == 24 && nanoseconds != 0) return std::nullopt;
  const std::optional<std::int64_t> seconds = secondsSince1970(civil, offset);
  return seconds ? systemTime(*seconds, nanoseconds) : std::nullopt;
}

}  // namespace chatapps
