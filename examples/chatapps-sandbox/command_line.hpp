// The command line of chatapps-sandbox.
#pragma once

#include <chatapps/testing/sandbox.hpp>
#include <optional>

#include "receipts_sender.hpp"

namespace chatapps::sandbox {

struct CommandLine {
  testing::SandboxScenario scenario;
  int port = 0;
  bool verbose = false;
  std::optional<ReceiptsTarget> receipts;
};

/// What to run, or the exit code where there is nothing to run: 0 after --help, 2 after a mistake. Has told about
/// either.
struct Parsed {
  std::optional<CommandLine> commandLine;
  int exitCode = 0;
};

Parsed parseCommandLine(int argc, char** argv);

}  // namespace chatapps::sandbox
