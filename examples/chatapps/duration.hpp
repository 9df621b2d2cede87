/// @file duration.hpp
/// Durations as people type them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace chatapps::cli {

/// `500ms`, `30s`, `1.5m`, `2h`. Nullopt for anything else: a unit is needed, a sign is not allowed.
std::optional<std::chrono::milliseconds> parseDuration(std::string_view text);

/// For people: `0.4s`, `12s`, `3m05s`, `2h10m`, `3d04h`.
std::string showDuration(std::chrono::milliseconds duration);

}  // namespace chatapps::cli
