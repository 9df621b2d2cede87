// A program whose client has static storage and paces through Redis, and which calls exit() with calls under way. Row 55
// of the fault matrix.
//   redis_static_client REDIS-URL [CA-FILE]        says "ready", and reads a line of standard input before it exits
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "chatapps/redis_pacer.hpp"
#include "chatapps/testing/sandbox.hpp"
#include "support/quick_client.hpp"

namespace {

using namespace std::chrono_literals;

#ifdef __SANITIZE_THREAD__
constexpr int kOfTheSanitizer = 1;
#else
constexpr int kOfTheSanitizer = 0;
#endif

/// Says at its end, which is after that of what was made later, how many threads there are.
struct LastWord {
  ~LastWord() {
    const std::filesystem::directory_iterator threads("/proc/self/task");
    const auto all = static_cast<int>(std::distance(begin(threads), end(threads)));
    std::printf("%d thread(s)\n", all - kOfTheSanitizer);
  }
} lastWord;

std::optional<chatapps::ChatAppsClient> client;

std::atomic<int> calls{0};
std::atomic<bool> enough{false};

/// Something else that takes its time to end, before the client does and after OpenSSL. Calls go on for most of it.
struct Slow {
  ~Slow() {
    std::this_thread::sleep_for(100ms);
    enough = true;
    std::this_thread::sleep_for(50ms);
  }
} slow;

void askAgain(const std::string& subAccount) {
  client->getMessageDetailsAsync(subAccount, chatapps::testing::Sandbox::kReadOnWhatsApp, {},
                                 [subAccount](const auto& outcome) {
                                   ++calls;
                                   if (outcome.ok() && !enough) askAgain(subAccount);
                                 });
}

}  // namespace

int main(int count, char** arguments) {
  chatapps::RedisPacerOptions redis;
  redis.url = arguments[1];
  if (count > 2) redis.caFile = arguments[2];
  redis.processes = 1;
  // Never destroyed, as in a program that ends in another way than by its own destructors.
  static auto& pacer = *new std::shared_ptr<chatapps::Pacer>(chatapps::makeRedisPacer(redis));
  chatapps::testing::SandboxOptions api;
  api.requestsPerSecond = 0;
  api.subAccounts = {"*"};
  chatapps::ClientOptions options = chatapps::support::quickOptions("");
  options.apiKey = "sandbox-key";
  options.transport = std::make_shared<chatapps::testing::Sandbox>(api);  // so that exit() does not end the calls
  options.pacing = chatapps::Pacing::shared(pacer);
  options.pacing.requestsPerSecond = 200;
  client.emplace(options);
  for (int i = 0; i < 20; ++i) askAgain("sub" + std::to_string(i));
  while (calls < 100) std::this_thread::sleep_for(1ms);
  std::puts("ready");
  std::fflush(stdout);
  std::getchar();
  std::exit(0);
}
