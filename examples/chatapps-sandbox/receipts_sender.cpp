#include "receipts_sender.hpp"

#include <httplib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <iostream>
#include <map>
#include <system_error>
#include <thread>
#include <utility>

namespace chatapps::sandbox {
namespace {

using namespace std::chrono_literals;

// Receipts of a message that is asked for the first time become known at any moment.
constexpr Clock::duration kBetweenLooks = 20ms;
constexpr std::array<Clock::duration, 4> kRetries{1s, 10s, 30s, 90s};

bool isPort(std::string_view text) {
  unsigned short port = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() && port > 0;
}

struct Posting {
  std::string body;
  std::size_t failures = 0;
};

bool post(httplib::Client& client, const ReceiptsTarget& target, const Posting& posting, bool verbose) {
  httplib::Headers headers;
  if (!target.authorization.empty()) headers.emplace("Authorization", target.authorization);
  const auto answer = client.Post(target.url.path, headers, posting.body, "application/json");
  const bool taken = answer && answer->status >= 200 && answer->status < 300;
  if (verbose)
    std::cerr << "POST " + target.url.path + (answer ? " " + std::to_string(answer->status) : " no answer") + "\n";
  return taken;
}

}  // namespace

std::optional<ReceiptsUrl> readReceiptsUrl(std::string_view url) {
  for (const std::string_view host : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
    if (url.substr(0, host.size()) != host) continue;
    const std::string_view rest = url.substr(host.size());
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view port = rest.substr(0, slash);
    if (!port.empty() && (port[0] != ':' || !isPort(port.substr(1)))) return std::nullopt;
    const std::string path(rest.substr(slash));
    return ReceiptsUrl{std::string(url.substr(0, host.size() + slash)), path.empty() ? "/" : path};
  }
  return std::nullopt;
}

void sendReceipts(testing::Sandbox& sandbox, const ReceiptsTarget& target, bool verbose) {
  httplib::Client client(target.url.origin);
  client.set_keep_alive(true);
  client.set_connection_timeout(5s);
  client.set_read_timeout(5s);
  std::multimap<Clock::time_point, Posting> due;
  const auto clock = Clock::system();
  while (true) {
    for (testing::SandboxReceipt& receipt : sandbox.takeReceipts(clock->now()))
      due.emplace(receipt.at, Posting{std::move(receipt.body)});
    while (!due.empty() && due.begin()->first <= clock->now()) {
      Posting posting = std::move(due.extract(due.begin()).mapped());
      if (post(client, target, posting, verbose) || posting.failures == kRetries.size()) continue;
      const auto again = clock->now() + kRetries[posting.failures++];
      due.emplace(again, std::move(posting));
    }
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

}  // namespace chatapps::sandbox
