#include "fault_server.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace chatapps::support {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool Connection::waitReadable() {
  pollfd waits[] = {{socket_, POLLIN, 0}, {server_.stop_, POLLIN, 0}};
  while (::poll(waits, 2, -1) < 0) {
  }
  return waits[1].revents == 0;
}

std::string Connection::readSome() {
  if (socket_ < 0 || !waitReadable()) return {};
  char buffer[16384];
  const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
  if (got <= 0) return {};
  server_.bytesReceived_ += static_cast<std::size_t>(got);
  return std::string(buffer, static_cast<std::size_t>(got));
}

bool Connection::readRequest() {
  std::size_t end;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
    const std::string more = readSome();
    if (more.empty()) return false;
    unread_ += more;
  }
  request_.connection = number_;
  request_.onConnection = requests_++;
  request_.at = steady_clock::now();
  request_.raw = unread_.substr(0, end + 4);
  unread_.erase(0, end + 4);
  server_.record(request_);
  return true;
}

bool Connection::waitForClientToLeave() {
  if (socket_ < 0) return true;
  while (waitReadable()) {
    char byte[4096];
    if (::recv(socket_, byte, sizeof byte, 0) <= 0) return true;
  }
  return false;
}

bool Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    if (socket_ < 0) return false;
    pollfd waits[] = {{socket_, POLLOUT, 0}, {server_.stop_, POLLIN, 0}};
    if (::poll(waits, 2, -1) < 0) continue;
    if (waits[1].revents != 0) return false;
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (sent <= 0) return false;
    server_.bytesSent_ += static_cast<std::size_t>(sent);
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Connection::sendSlowly(std::string_view bytes, milliseconds gap, std::size_t slice) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min(slice, bytes.size()))) {
    if (!send(bytes.substr(0, slice)) || !pause(gap)) return false;
  }
  return true;
}

bool Connection::pause(milliseconds time) {
  pollfd stop{server_.stop_, POLLIN, 0};
  return ::poll(&stop, 1, static_cast<int>(time.count())) == 0;
}

void Connection::finish() {
  if (socket_ >= 0) ::shutdown(socket_, SHUT_WR);
}

void Connection::reset() {
  if (socket_ < 0) return;
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(socket_, -1));
}

FaultServer::FaultServer(Script script) : script_(std::move(script)), stop_(::eventfd(0, EFD_CLOEXEC)) {
  acceptor_ = std::thread([this] { acceptAll(); });
}

FaultServer::~FaultServer() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(stop_, &one, sizeof one);
  acceptor_.join();
  for (auto& server : servers_) server.second.join();
  ::close(stop_);
}

void FaultServer::acceptAll() {
  for (;;) {
    pollfd waits[] = {{listener_.descriptor(), POLLIN, 0}, {stop_, POLLIN, 0}};
    if (::poll(waits, 2, -1) < 0) continue;
    if (waits[1].revents != 0) return;
    const int socket = ::accept4(listener_.descriptor(), nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) {
      std::this_thread::sleep_for(milliseconds(1));  // the process may have run out of descriptors
      continue;
    }
    sendAtOnce(socket);
    joinEnded();
    const std::lock_guard<std::mutex> lock(mutex_);
    const std::size_t number = connections_++;
    servers_[number] = std::thread([this, socket, number] { serve(socket, number); });
    changed_.notify_all();
  }
}

/// Thousands of connections must not leave thousands of stacks behind.
void FaultServer::joinEnded() {
  std::vector<std::thread> ended;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const std::size_t number : ended_) {
      ended.push_back(std::move(servers_.at(number)));
      servers_.erase(number);
    }
    ended_.clear();
  }
  for (std::thread& server : ended) server.join();
}

void FaultServer::serve(int socket, std::size_t number) {
  Connection connection(*this, socket, number);
  script_(connection);
  if (connection.socket_ >= 0) ::close(connection.socket_);
  const std::lock_guard<std::mutex> lock(mutex_);
  ++closed_;
  ended_.push_back(number);
  changed_.notify_all();
}

void FaultServer::record(SeenRequest& request) {
  const std::lock_guard<std::mutex> lock(mutex_);
  request.number = requests_.size();
  requests_.push_back(request);
  changed_.notify_all();
}

std::string FaultServer::url(const std::string& scheme, const std::string& host) const {
  return scheme + "://" + host + ":" + std::to_string(port());
}

std::size_t FaultServer::connections() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return connections_;
}

std::size_t FaultServer::closedConnections() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return closed_;
}

std::vector<SeenRequest> FaultServer::requests() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return requests_;
}

std::size_t FaultServer::requestCount() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return requests_.size();
}

std::size_t FaultServer::requestsOn(std::size_t connection) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<std::size_t>(std::count_if(requests_.begin(), requests_.end(), [&](const SeenRequest& request) {
    return request.connection == connection;
  }));
}

template <class Condition>
bool FaultServer::waitUntil(Condition condition) const {
  std::unique_lock<std::mutex> lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(10), condition);
}

bool FaultServer::waitForRequests(std::size_t count) const {
  return waitUntil([&] { return requests_.size() >= count; });
}

bool FaultServer::waitForConnections(std::size_t count) const {
  return waitUntil([&] { return connections_ >= count; });
}

bool FaultServer::waitForClosedConnections(std::size_t count) const {
  return waitUntil([&] { return closed_ >= count; });
}

Script answerEach(std::function<std::string(const SeenRequest&)> answer) {
  return [answer = std::move(answer)](Connection& connection) {
    while (connection.readRequest()) {
      const std::string bytes = answer(connection.request());
      if (bytes.empty() || !connection.send(bytes)) return;
    }
  };
}

Script inTurn(std::vector<Script> scripts) {
  return [scripts = std::move(scripts)](Connection& connection) {
    scripts[std::min(connection.number(), scripts.size() - 1)](connection);
  };
}

}  // namespace chatapps::support
