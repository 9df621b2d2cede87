/// @file track_run.hpp
/// One run of `chatapps track`.
#pragma once

#include <chatapps/client.hpp>
#include <chatapps/tracker.hpp>
#include <optional>
#include <string>
#include <vector>

#include "output/live_table.hpp"
#include "surroundings.hpp"

namespace chatapps::cli {

struct TrackSettings {
  std::string file;          ///< `-`: standard input
  std::string subAccountId;  ///< of lines that hold a umid alone; empty: such lines are wrong
  TrackerOptions tracking;   ///< all but `onChange`
  bool live = false;         ///< a table that is drawn in place, instead of a line for each change
};

/// A message and where it stands in the file.
struct ListedMessage {
  MessageRef ref;
  std::string place;  ///< `line 7`
};

class TrackRun {
 public:
  /// Reads the whole file. Throws InvalidArgumentError that names the line which can not be right.
  TrackRun(const TrackSettings& settings, Surroundings& around);

  /// Gives the exit code. Throws CancelledError when interrupted, and what `DeliveryTracker` throws.
  int run(const ChatAppsClient& client);

  /// Writes a line above the live table. Thread-safe.
  void keep(const std::string& line) { table_.keep(line + "\n"); }

 private:
  void changed(const TrackedChange& change);
  void follow(DeliveryTracker& tracker);
  std::vector<std::string> picture(const DeliveryTracker& tracker) const;
  void countIn(Ending ending);  ///< for the exit code

  TrackSettings settings_;
  Surroundings& around_;
  std::vector<ListedMessage> messages_;
  LiveTable table_;
  int exitCode_ = 0;  ///< by the endings so far
};

}  // namespace chatapps::cli
