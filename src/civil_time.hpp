// A date and a time of day as people write them, and the seconds they stand for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "chatapps/timestamp.hpp"

namespace chatapps {

struct CivilTime {
  int year = 0;  ///< 0 to 9999, Gregorian
  int month = 0;
  int day = 0;
  int hour = 0;  ///< to 24, which is the next day's midnight
  int minute = 0;
  int second = 0;  ///< to 60: a leap second, counted as the second after it
};

/// Seconds since 1970 of a time that is `offset` seconds ahead of UTC, or nullopt where there is no such day or time.
std::optional<std::int64_t> secondsSince1970(const CivilTime& time, std::int64_t offset = 0) noexcept;

/// Nullopt beyond what nanoseconds since 1970 can hold.
std::optional<SystemTime> systemTime(std::int64_t secondsSince1970, std::int64_t nanoseconds = 0) noexcept;

/// Takes exactly `count` digits, at most 9, from the front of `text`. False leaves it as it was.
bool takeDigits(std::string_view& text, std::size_t count, int& value) noexcept;

/// Takes one of `characters` from the front of `text`.
bool takeOneOf(std::string_view& text, std::string_view characters) noexcept;

}  // namespace chatapps
