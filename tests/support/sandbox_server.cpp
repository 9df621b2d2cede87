#include "sandbox_server.hpp"

#include <stdexcept>
#include <utility>

namespace chatapps::support {
namespace {

Command sandboxCommand(std::vector<std::string> arguments) {
  Command command{{SandboxServer::program()}, {}};
  for (auto& argument : arguments) command.argv.push_back(std::move(argument));
  return command;
}

}  // namespace

SandboxServer::SandboxServer(std::vector<std::string> arguments) : process_(sandboxCommand(std::move(arguments))) {
  const std::string kPrefix = "listening on ";
  const auto line = process_.readLine();
  if (line.compare(0, kPrefix.size(), kPrefix) != 0) throw std::runtime_error("unexpected first line: " + line);
  baseUrl_ = line.substr(kPrefix.size());
}

std::string SandboxServer::program() { return CHATAPPS_SANDBOX_PROGRAM; }

int SandboxServer::port() const { return std::stoi(baseUrl_.substr(baseUrl_.rfind(':') + 1)); }

}  // namespace chatapps::support
