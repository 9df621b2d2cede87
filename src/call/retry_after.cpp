#include "call/retry_after.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "call/http_date.hpp"
#include "chatapps/open_enum.hpp"

namespace chatapps::call {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kMaxHeaderSeconds = 1'000'000'000;
constexpr std::int64_t kMaxMessageSeconds = 86'400;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Takes all digits from the front of `text`; nullopt where there are none, or their number is larger than `max`.
std::optional<seconds> takeSeconds(std::string_view& text, std::int64_t max) {
  const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
  std::int64_t number = 0;
  for (const char digit : text.substr(0, count)) {
    number = number * 10 + (digit - '0');
    if (number > max) return std::nullopt;
  }
  text.remove_prefix(count);
  return count == 0 ? std::nullopt : std::make_optional(seconds(number));
}

std::optional<milliseconds> fromHeader(std::string_view value, milliseconds answered) {
  std::string_view rest = trimmed(value);
  if (const std::optional<milliseconds> date = httpDate(rest)) {
    return std::clamp<milliseconds>(*date - answered, milliseconds(0), seconds(kMaxHeaderSeconds));
  }
  const std::optional<seconds> delay = takeSeconds(rest, kMaxHeaderSeconds);
  return delay && rest.empty() ? delay : std::nullopt;
}

std::optional<milliseconds> fromMessage(std::string_view message) {
  constexpr std::string_view kBefore = "try again in ";
  for (; message.size() > kBefore.size(); message.remove_prefix(1)) {
    if (!equalIgnoringCase(message.substr(0, kBefore.size()), kBefore)) continue;
    std::string_view rest = message.substr(kBefore.size());
    const std::optional<seconds> delay = takeSeconds(rest, kMaxMessageSeconds);
    if (delay && equalIgnoringCase(rest.substr(0, 7), " second")) return delay;
  }
  return std::nullopt;
}

}  // namespace

std::optional<milliseconds> retryAfter(const HttpResponse& response, const std::optional<std::string>& message,
                                       SystemTime utcNow) {
  const std::string* date = response.header("Date");
  const std::optional<milliseconds> said = date ? httpDate(trimmed(*date)) : std::nullopt;
  const milliseconds answered = said.value_or(std::chrono::duration_cast<milliseconds>(utcNow.time_since_epoch()));
  std::optional<milliseconds> longest = message ? fromMessage(*message) : std::nullopt;
  for (const Header& header : response.headers) {
    if (!equalIgnoringCase(header.first, "Retry-After")) continue;
    longest = std::max(longest, fromHeader(header.second, answered));  // no value is less than any
  }
  return longest;
}

}  // namespace chatapps::call
