// What pacing makes of a real network: the client through a proxy that delays each message, against chatapps-sandbox
// with each of its windows, all at one request a second.
//   pacing_over_proxy [SECONDS (default 60)] [lan|regional|wan|calm-wan (default wan)] [SEED]
// Prints one table: accepted requests a second, and the share of 429.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "chatapps/chatapps.hpp"
#include "support/delaying_proxy.hpp"
#include "support/quick_client.hpp"
#include "support/sandbox_log.hpp"
#include "support/sandbox_server.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;

const std::map<std::string, Link> kLinks = {
    {"lan", {200us, 100us, 0, 0us}},
    {"regional", {15ms, 2ms, 0.002, 200ms}},
    {"wan", {80ms, 20ms, 0.01, 300ms}},
    {"calm-wan", {80ms, 20ms, 0, 0us}},
};

struct Track {
  Track(const char* windowName, const Link& link, unsigned seed)
      : window(windowName), sandbox({"--rate", "1", "--window", windowName}), proxy(sandbox.port(), link, seed) {}

  const char* window;
  SandboxServer sandbox;
  DelayingProxy proxy;
  std::thread thread;
};

/// Asks for one message after another until `end`; so the lane is never empty.
void keepAsking(const Track& track, std::chrono::steady_clock::time_point end) {
  ClientOptions options = pacedOptions(track.proxy.url(), 1);
  options.apiKey = "sandbox-key";
  const ChatAppsClient client(options);
  const CancellationSource over;
  BulkOptions bulk;
  bulk.cancellation = over.token();
  bulk.maxPending = 8;
  int number = 0;
  client.getMany(
      [&]() -> std::optional<MessageRef> {
        if (std::chrono::steady_clock::now() >= end) return std::nullopt;
        // Messages that differ, since equal ones would share a request.
        return MessageRef{"sandbox", "a0000000-0000-4000-8000-00000000000" + std::to_string(1 + number++ % 7)};
      },
      [&](const BulkResult&) {
        if (std::chrono::steady_clock::now() >= end) over.cancel();
      },
      bulk);
}

void printRow(const Track& track) {
  const std::vector<LoggedRequest> requests = sandboxLog(track.sandbox.port());
  const auto accepted = std::count_if(requests.begin(), requests.end(),
                                      [](const LoggedRequest& request) { return request.status == 200; });
  const auto rejected = std::count_if(requests.begin(), requests.end(),
                                      [](const LoggedRequest& request) { return request.status == 429; });
  const double seconds = std::chrono::duration<double>(requests.back().at - requests.front().at).count();
  std::printf("%-8s %8zu %10.4f %8.2f %%\n", track.window, requests.size(), static_cast<double>(accepted - 1) / seconds,
              100.0 * static_cast<double>(rejected) / static_cast<double>(requests.size()));
}

void measure(std::chrono::seconds time, const std::string& linkName, unsigned seed) {
  std::vector<std::unique_ptr<Track>> tracks;
  for (const char* window : {"gcra", "sliding", "bucket", "fixed"})
    tracks.push_back(std::make_unique<Track>(window, kLinks.at(linkName), seed++));
  const auto end = std::chrono::steady_clock::now() + time;
  for (const auto& track : tracks) track->thread = std::thread([&track = *track, end] { keepAsking(track, end); });
  for (const auto& track : tracks) track->thread.join();
  std::printf("%s, %lld s\n%-8s %8s %10s %10s\n", linkName.c_str(), static_cast<long long>(time.count()), "window",
              "requests", "accepted/s", "429");
  for (const auto& track : tracks) printRow(*track);
}

}  // namespace
}  // namespace chatapps::support

int main(int argc, char** argv) {
  try {
    chatapps::support::measure(std::chrono::seconds(argc > 1 ? std::atol(argv[1]) : 60), argc > 2 ? argv[2] : "wan",
                               argc > 3 ? static_cast<unsigned>(std::atol(argv[3])) : 1u);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pacing_over_proxy: %s\n", error.what());
    return 1;
  }
}
