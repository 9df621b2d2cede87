// What pacing makes of a real network: the client through a proxy that delays each message, against chatapps-sandbox
// with each of its windows, eight subaccounts at one request a second each.
//   pacing_over_proxy [SECONDS (default 60)] [lan|regional|wan|calm-wan (default wan)] [SEED]
// Prints one table: accepted requests a second of a subaccount, and the share of 429.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <functional>
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
#include "support/temporary_folder.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;

const std::map<std::string, Link> kLinks = {
    {"lan", {200us, 100us, 0, 0us}},
    {"regional", {15ms, 2ms, 0.002, 200ms}},
    {"wan", {80ms, 20ms, 0.01, 300ms}},
    {"calm-wan", {80ms, 20ms, 0, 0us}},
};

constexpr int kSubAccounts = 8;  // of one client, each at the limit

struct Track {
  Track(const char* windowName, const std::string& scenario, const Link& link, unsigned seed)
      : window(windowName),
        sandbox({"--rate", "1", "--window", windowName, "--scenario", scenario}),
        proxy(sandbox.port(), link, seed) {
    ClientOptions options = pacedOptions(proxy.url(), 1);
    options.apiKey = "sandbox-key";
    client = std::make_unique<const ChatAppsClient>(options);
  }

  const char* window;
  SandboxServer sandbox;
  DelayingProxy proxy;
  std::unique_ptr<const ChatAppsClient> client;
  std::vector<std::thread> threads;
};

std::string nameOf(int subAccount) { return "sandbox" + std::to_string(subAccount); }

/// Asks for one message after another from `start` to `end`; so the lane is never empty.
void keepAsking(const ChatAppsClient& client, const std::string& subAccount,
                std::chrono::steady_clock::time_point start, std::chrono::steady_clock::time_point end) {
  std::this_thread::sleep_until(start);
  const CancellationSource over;
  BulkOptions bulk;
  bulk.cancellation = over.token();
  bulk.maxPending = 8;
  int number = 0;
  client.getMany(
      [&]() -> std::optional<MessageRef> {
        if (std::chrono::steady_clock::now() >= end) return std::nullopt;
        // Messages that differ, since equal ones would share a request.
        return MessageRef{subAccount, "a0000000-0000-4000-8000-00000000000" + std::to_string(1 + number++ % 7)};
      },
      [&](const BulkResult&) {
        if (std::chrono::steady_clock::now() >= end) over.cancel();
      },
      bulk);
}

void printRow(const Track& track) {
  struct Seen {
    std::chrono::nanoseconds first{}, last{};
    long accepted = 0;
  };
  std::map<std::string, Seen> seen;
  const std::vector<LoggedRequest> requests = sandboxLog(track.sandbox.port());
  long rejected = 0;
  for (const LoggedRequest& request : requests) {
    Seen& ofOne = seen.try_emplace(request.subAccountId, Seen{request.at, {}}).first->second;
    ofOne.last = request.at;
    ++(request.status == 429 ? rejected : ofOne.accepted);
  }
  double rate = 0;
  for (const auto& [name, ofOne] : seen) {
    rate += static_cast<double>(ofOne.accepted - 1) / std::chrono::duration<double>(ofOne.last - ofOne.first).count() /
            static_cast<double>(seen.size());
  }
  std::printf("%-8s %8zu %10.4f %8.2f %%\n", track.window, requests.size(), rate,
              100.0 * static_cast<double>(rejected) / static_cast<double>(requests.size()));
}

void measure(std::chrono::seconds time, const std::string& linkName, unsigned seed) {
  const TemporaryFolder folder;
  const std::string scenario = folder.file("any-subaccount.json");
  std::ofstream(scenario) << R"({"subAccounts": ["*"]})";
  std::vector<std::unique_ptr<Track>> tracks;
  for (const char* window : {"gcra", "sliding", "bucket", "fixed"})
    tracks.push_back(std::make_unique<Track>(window, scenario, kLinks.at(linkName), seed++));
  auto start = std::chrono::steady_clock::now();
  const auto end = start + time;
  for (int i = 0; i < kSubAccounts; ++i) {
    for (const auto& track : tracks) {
      track->threads.emplace_back(keepAsking, std::cref(*track->client), nameOf(i), start, end);
      start += 1000ms / (kSubAccounts * tracks.size());  // so that they don't meet
    }
  }
  for (const auto& track : tracks) {
    for (std::thread& thread : track->threads) thread.join();
  }
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
