/// @file sandbox_server.hpp
/// The `chatapps-sandbox` program, running beside a test.
#pragma once

#include <string>
#include <vector>

#include "process.hpp"

namespace chatapps::support {

/// Starts `chatapps-sandbox` on a free port of loopback; ends it when this goes.
class SandboxServer {
 public:
  /// `arguments` as on its command line, such as {"--rate", "50"}. Throws std::runtime_error when it does not start.
  explicit SandboxServer(std::vector<std::string> arguments = {});

  /// Where the program is, for a test that starts it by itself.
  static std::string program();

  const std::string& baseUrl() const noexcept { return baseUrl_; }  ///< such as `http://127.0.0.1:34567`
  int port() const;
  Process& process() noexcept { return process_; }

 private:
  Process process_;
  std::string baseUrl_;
};

}  // namespace chatapps::support
