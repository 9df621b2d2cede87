/// @file timestamp.hpp
/// A moment as the server wrote it, and the instant that it means.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "chatapps/export.hpp"

namespace chatapps {

/// UTC with nanoseconds, as `Timestamp::time()` gives it. The same type in C++17, 20 and 23.
using SystemTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

/// An ISO 8601 date and time. A plain value: copyable, not synchronised.
///
/// Seen from the API: `2020-06-17T04:17:21.06Z`, `2020-12-22T01:24:30.6030893Z`, `2018-08-04T09:25:40.9235752+00:00`.
class Timestamp {
 public:
  /// No timestamp: `text()` is empty, `time()` is nullopt.
  Timestamp() = default;
  explicit Timestamp(std::string text) noexcept : text_(std::move(text)) {}  ///< Any text, as it came.

  /// The text exactly as it came.
  const std::string& text() const noexcept { return text_; }

  /// The instant, or nullopt where the text is not a full date and time with a zone (`Z` or an offset), or lies beyond
  /// what nanoseconds since 1970 can hold (1677-09-21 to 2262-04-11). Digits beyond the ninth are cut off. A leap second
  /// `:60` is the second after `:59`. Parsed at each call.
  CHATAPPS_EXPORT std::optional<SystemTime> time() const noexcept;

  friend bool operator==(const Timestamp& a, const Timestamp& b) noexcept { return a.text_ == b.text_; }  ///< By text.
  friend bool operator!=(const Timestamp& a, const Timestamp& b) noexcept { return !(a == b); }           ///< By text.

 private:
  std::string text_;
};

}  // namespace chatapps
