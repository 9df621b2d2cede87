/// @file live_table.hpp
/// Rows that are drawn again and again in place, below lines that stay.
#pragma once

#include <chatapps/tracker.hpp>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace chatapps::cli {

/// One followed message.
struct LiveRow {
  std::string umid;
  TrackedState state;
};

/// The head of the table, and one row: state, channel, age and next look, no wider than `columns`. Text that a terminal
/// could act on is escaped.
std::string liveHead(std::size_t columns);
std::string liveRow(const LiveRow& row, std::size_t columns);

/// What is on the screen. Thread-safe: lines come from one thread, the drawing is done by another.
class LiveTable {
 public:
  explicit LiveTable(std::function<void(std::string_view)> write) : write_(std::move(write)) {}

  /// Writes a line that stays, above the table.
  void keep(const std::string& line);
  /// Draws the lines in place of those that were drawn last. None: takes the table away.
  void draw(std::vector<std::string> lines);

 private:
  std::string erased() const;

  const std::function<void(std::string_view)> write_;
  std::mutex mutex_;
  std::vector<std::string> drawn_;
};

}  // namespace chatapps::cli
