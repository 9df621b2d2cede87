#include "server_process.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

namespace chatapps::soak {
namespace {

bool writeAll(int descriptor, const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t written = ::write(descriptor, bytes, count);
    if (written <= 0) return false;
    bytes += written;
    count -= static_cast<std::size_t>(written);
  }
  return true;
}

std::string readAll(int descriptor) {
  std::string all;
  char part[65536];
  for (ssize_t got; (got = ::read(descriptor, part, sizeof part)) > 0;) all.append(part, static_cast<std::size_t>(got));
  return all;
}

/// Serves until the other end closes its side, and then says what it saw.
void serveAndReport(int channel, std::uint64_t seed) {
  FaultMix mix(seed);
  const support::FaultServer server([&mix](support::Connection& connection) { mix.serve(connection); });
  const int port = server.port();
  if (!writeAll(channel, reinterpret_cast<const char*>(&port), sizeof port)) return;
  readAll(channel);
  const std::vector<Seen> seen = mix.seen();
  writeAll(channel, reinterpret_cast<const char*>(seen.data()), seen.size() * sizeof(Seen));
}

}  // namespace

ServerProcess::ServerProcess(std::uint64_t seed) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) throw std::runtime_error("no socket pair");
  child_ = ::fork();
  if (child_ == 0) {
    ::close(ends[0]);
    serveAndReport(ends[1], seed);
    ::_exit(0);
  }
  ::close(ends[1]);
  channel_ = ends[0];
  if (::read(channel_, &port_, sizeof port_) != sizeof port_) throw std::runtime_error("the server does not start");
}

ServerProcess::~ServerProcess() {
  ::close(channel_);
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
}

std::vector<Seen> ServerProcess::stop() {
  ::shutdown(channel_, SHUT_WR);
  const std::string bytes = readAll(channel_);
  std::vector<Seen> seen(bytes.size() / sizeof(Seen));
  bytes.copy(reinterpret_cast<char*>(seen.data()), seen.size() * sizeof(Seen));
  return seen;
}

}  // namespace chatapps::soak
