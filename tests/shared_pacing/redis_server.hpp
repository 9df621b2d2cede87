// The real redis-server, beside a test.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/listener.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace chatapps::support {

/// Starts redis-server on a free port of loopback, keeping nothing on disk; ends it when this goes.
class RedisServer {
 public:
  /// `arguments` as on its command line, such as {"--requirepass", "secret"}. Throws std::runtime_error when it does
  /// not start.
  explicit RedisServer(std::vector<std::string> arguments = {});

  int port() const { return port_.number(); }
  std::string url() const { return "redis://127.0.0.1:" + std::to_string(port()); }
  const TemporaryFolder& folder() const { return folder_; }

  void start();  ///< again, on the same port, after `signal(SIGKILL)`
  void signal(int number) { process_->signal(number); }
  void kill();  ///< as `kill -9`, and waits for its end

  /// What redis-cli says to one command, without the line break at its end.
  std::string cli(std::vector<std::string> words) const;
  /// Commands of that name that were executed.
  long calls(const std::string& command) const;

 private:
  const std::vector<std::string> arguments_;
  TemporaryFolder folder_;
  ReservedPort port_;
  std::unique_ptr<Process> process_;
};

}  // namespace chatapps::support
