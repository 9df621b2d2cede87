#include "shared_pacing/redis_server.hpp"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>
#include <utility>

namespace chatapps::support {

RedisServer::RedisServer(std::vector<std::string> arguments) : arguments_(std::move(arguments)) { start(); }

void RedisServer::start() {
  Command command{{"redis-server", "--port", std::to_string(port()), "--bind", "127.0.0.1", "--save", "",
                   "--appendonly", "no", "--dir", folder_.path().string(), "--daemonize", "no"},
                  {}};
  command.argv.insert(command.argv.end(), arguments_.begin(), arguments_.end());
  process_ = std::make_unique<Process>(command);
  for (int tries = 0;; ++tries) {
    const int socket = connectTo(port());
    if (socket >= 0) {
      ::close(socket);
      return;
    }
    if (tries == 1000) throw std::runtime_error("redis-server does not start");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void RedisServer::kill() {
  process_->signal(SIGKILL);
  process_->wait();
}

std::string RedisServer::cli(std::vector<std::string> words) const {
  Command command{{"redis-cli", "-p", std::to_string(port())}, {}};
  command.argv.insert(command.argv.end(), words.begin(), words.end());
  std::string said = run(command).out;
  while (!said.empty() && said.back() == '\n') said.pop_back();
  return said;
}

long RedisServer::calls(const std::string& command) const {
  const std::string stats = cli({"INFO", "commandstats"});
  const std::string start = "cmdstat_" + command + ":calls=";
  const auto at = stats.find(start);
  return at == std::string::npos ? 0 : std::stol(stats.substr(at + start.size()));
}

}  // namespace chatapps::support
