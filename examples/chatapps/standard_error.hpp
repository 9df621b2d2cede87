/// @file standard_error.hpp
/// Standard error: whole lines, and below them at most one bar that is drawn again and again.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

namespace chatapps::cli {

/// Thread-safe: events are told from the client's thread, the bar is drawn from the main one.
class StandardError {
 public:
  /// Writes lines, with their line breaks, above the bar.
  void write(std::string_view lines);

  /// Draws the bar, or draws it anew.
  void drawBar(std::string bar);
  /// Takes the bar away, as for output that goes to the same terminal; the next `drawBar` shows it again.
  void eraseBar();

 private:
  std::mutex mutex_;
  std::string bar_;
};

}  // namespace chatapps::cli
