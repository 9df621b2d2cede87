#include "name_server.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>
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

// Makes the answer of a query: the same with two bits and the response code changed, and maybe an address behind it.
void NameServer::answer(std::string& message) const {
  using namespace std::string_literals;
  message[2] = static_cast<char>(message[2] | 0x80);
  message[3] = static_cast<char>(0x80 | (answer_ == Answer::NoSuchName ? 3 : answer_ == Answer::Failure ? 2 : 0));
  if (answer_ != Answer::Loopback) return;
  const std::size_t nameEnd = message.find('\0', 12);
  message.resize(nameEnd + 5);  // without the additional records of the query
  const bool ipv6 = message[nameEnd + 2] == 28;
  message.replace(6, 6, "\0\1\0\0\0\0"s);  // one answer, and nothing else
  message += "\xC0\x0C"s + message.substr(nameEnd + 1, 4) + "\0\0\0\x3C"s;
  message += ipv6 ? "\0\x10"s + std::string(15, '\0') + "\1" : "\0\4\x7F\0\0\1"s;
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
    std::string reply(reinterpret_cast<const char*>(message), static_cast<std::size_t>(got));
    answer(reply);
    ::sendto(socket_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&client), size);
  }
}

}  // namespace chatapps::support
