#include "duration.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace chatapps::cli {
namespace {

constexpr double kLongest = 1e15;  // milliseconds: 30,000 years, and far from overflow

std::optional<double> millisecondsOf(std::string_view unit) {
  if (unit == "ms") return 1;
  if (unit == "s") return 1'000;
  if (unit == "m") return 60'000;
  if (unit == "h") return 3'600'000;
  return std::nullopt;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// `12` or `1.5`: no sign, no exponent, a digit on each side of a point.
bool isPlainNumber(std::string_view text) {
  bool point = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (isDigit(text[i])) continue;
    if (text[i] != '.' || point || i == 0 || i + 1 == text.size()) return false;
    point = true;
  }
  return !text.empty();
}

}  // namespace

std::optional<std::chrono::milliseconds> parseDuration(std::string_view text) {
  const auto end = text.find_first_not_of("0123456789.");
  if (end == std::string_view::npos) return std::nullopt;
  const auto number = text.substr(0, end);
  const auto unit = millisecondsOf(text.substr(end));
  if (!unit || !isPlainNumber(number)) return std::nullopt;
  const double exact = std::strtod(std::string(number).c_str(), nullptr) * *unit;
  if (!(exact <= kLongest)) return std::nullopt;
  // A little is not nothing: 0 means something else than "soon".
  const auto rounded = exact > 0 && exact < 1 ? 1 : std::llround(exact);
  return std::chrono::milliseconds(rounded);
}

std::string showDuration(std::chrono::milliseconds duration) {
  const auto seconds = duration.count() / 1000;
  char text[48];
  if (seconds < 10) {
    std::snprintf(text, sizeof text, "%.1fs", static_cast<double>(duration.count()) / 1000);
  } else if (seconds < 60) {
    std::snprintf(text, sizeof text, "%llds", static_cast<long long>(seconds));
  } else if (seconds < 3600) {
    std::snprintf(text, sizeof text, "%lldm%02llds", static_cast<long long>(seconds / 60),
                  static_cast<long long>(seconds % 60));
  } else if (seconds < 86'400) {
    std::snprintf(text, sizeof text, "%lldh%02lldm", static_cast<long long>(seconds / 3600),
                  static_cast<long long>(seconds / 60 % 60));
  } else {
    std::snprintf(text, sizeof text, "%lldd%02lldh", static_cast<long long>(seconds / 86'400),
                  static_cast<long long>(seconds / 3600 % 24));
  }
  return text;
}

}  // namespace chatapps::cli
