// Several processes that share one limit, and what the server saw of them.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/sandbox_log.hpp"
#include "support/sandbox_server.hpp"

namespace chatapps::support {

/// What the sandbox's log says about the requests of a fleet.
struct FleetTally {
  std::size_t requests = 0, rejected = 0;
  double used = 0;                       ///< share of the limit, from the first request to the last
  std::chrono::nanoseconds smallestGap;  ///< between any two requests
  double largestShare = 0;               ///< of the busiest process, in fair shares
  double smallestShare = 0;
};

/// Processes of `chatapps_pacing_worker`, all ready to begin at once. They end with this.
class Fleet {
 public:
  struct Size {
    int processes = 8, threads = 8;
  };

  /// `pacing` as on the worker's command line, such as {"host", "/tmp/file"}.
  Fleet(std::string rate, std::chrono::seconds runTime, const std::vector<std::string>& pacing, Size size);

  void begin();
  Process& process(std::size_t index) { return *processes_.at(index); }
  SandboxServer& sandbox() { return sandbox_; }

  /// Waits for all processes that live; their last lines.
  std::vector<std::string> finish();

  FleetTally tally() const;
  /// The same, as a line on standard output.
  FleetTally tellTally(const char* name) const;

 private:
  const std::string rate_;
  SandboxServer sandbox_;
  std::vector<std::unique_ptr<Process>> processes_;
};

}  // namespace chatapps::support
