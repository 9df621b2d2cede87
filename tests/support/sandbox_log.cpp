#include "sandbox_log.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "listener.hpp"

namespace chatapps::support {
namespace {

/// The answer to one GET, head included.
std::string fetch(int port, const std::string& path) {
  const int socket = connectTo(port);
  if (socket < 0) throw std::runtime_error("no connection to the sandbox");
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
  std::string answer;
  if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
    char buffer[65536];
    for (ssize_t got; (got = ::recv(socket, buffer, sizeof buffer, 0)) > 0;)
      answer.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(socket);
  return answer;
}

/// What stands after `"name":` from `from` on, to the next comma or brace, without quotes.
std::string valueOf(const std::string& json, const std::string& name, std::size_t from) {
  const std::string key = "\"" + name + "\":";
  std::size_t start = json.find(key, from);
  if (start == std::string::npos) throw std::runtime_error("the sandbox's log has no " + name);
  start += key.size();
  const std::string value = json.substr(start, json.find_first_of(",}", start) - start);
  return value.front() == '"' ? value.substr(1, value.size() - 2) : value;
}

}  // namespace

std::vector<LoggedRequest> sandboxLog(int port) {
  const std::string answer = fetch(port, "/sandbox/requests");
  std::size_t at = answer.find("{\"requests\":[");
  if (at == std::string::npos) throw std::runtime_error("the sandbox tells no requests: " + answer.substr(0, 200));
  std::vector<LoggedRequest> requests;
  for (at = answer.find('{', at + 1); at != std::string::npos; at = answer.find('{', at + 1)) {
    requests.push_back({std::chrono::nanoseconds(std::stoll(valueOf(answer, "time", at))),
                        valueOf(answer, "subAccountId", at), valueOf(answer, "umid", at),
                        std::stoi(valueOf(answer, "status", at))});
  }
  return requests;
}

}  // namespace chatapps::support
