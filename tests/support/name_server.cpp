#include "name_server.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace chatapps::support {

NameServer::NameServer(Answer answer)
    : answer_(answer), socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)), stop_(::eventfd(0, EFD_CLOEXEC)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(53);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    throw std::system_error(errno, std::generic_category(), "port 53: does the test run inside of dns_namespace.sh?");
  }
  thread_ = std::thread([this] { serve(); });
}

NameServer::~NameServer() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(stop_, &one, sizeof one);
  thread_.join();
  ::close(socket_);
  ::close(stop_);
}

void NameServer::serve() {
  for (;;) {
    pollfd waits[] = {{socket_, POLLIN, 0}, {stop_, POLLIN, 0}};
    if (::poll(waits, 2, -1) < 0) continue;
    if (waits[1].revents != 0) return;
    unsigned char message[512];
    sockaddr_in client{};
    socklen_t size = sizeof client;
    const ssize_t got = ::recvfrom(socket_, message, sizeof message, 0, reinterpret_cast<sockaddr*>(&client), &size);
    if (got < 12) continue;
    ++queries_;
    if (answer_ == Answer::None) continue;
    // The query itself with two bits changed: an answer, and its response code.
    message[2] |= 0x80;
    message[3] = static_cast<unsigned char>(0x80 | (answer_ == Answer::NoSuchName ? 3 : 2));
    ::sendto(socket_, message, static_cast<std::size_t>(got), 0, reinterpret_cast<sockaddr*>(&client), size);
  }
}

}  // namespace chatapps::support
