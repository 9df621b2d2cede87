/// @file pacing.hpp
/// How a client keeps to the rate limit of a subaccount.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "chatapps/export.hpp"

namespace chatapps {

class Pacer;

/// The API allows one request a second per subaccount. All clients of a host in one process share a lane per subaccount;
/// `scope` says whether other processes are counted too. A plain value.
struct CHATAPPS_EXPORT Pacing {
  /// Who is counted.
  enum class Scope {
    Process,  ///< this process alone
    Host,     ///< all processes of this user on this machine, through a small file
    Shared,   ///< whatever the given Pacer covers, such as a fleet through Redis
    Off,      ///< no waiting at all: for tests and for accounts without a limit
  };

  static Pacing process();  ///< The default.
  /// `file` names the shared file; empty: a file of the user's own in the runtime directory.
  static Pacing host(const std::string& file = "");
  /// `pacer` is asked before each request; not null.
  static Pacing shared(std::shared_ptr<Pacer> pacer);
  /// No waiting at all.
  static Pacing off();

  Scope scope = Scope::Process;         ///< who is counted
  double requestsPerSecond = 1.0;       ///< the limit of each subaccount; 0.00001 to 1,000,000
  std::chrono::microseconds margin{0};  ///< added to every interval, 0 to 60 s; the lane learns its own besides
  /// Calls that may wait in one lane, at least 1; one more fails as `TimeoutError::wouldWait`. Waits, trackers and bulk
  /// runs are bounded by their own options: they are let in all the same, and are not counted.
  std::size_t maxWaiting = 100'000;
  std::string hostFile;          ///< with `Scope::Host`
  std::shared_ptr<Pacer> pacer;  ///< with `Scope::Shared`
};

}  // namespace chatapps
