// One process of several that share a limit: calls from some threads until its time is over.
//   chatapps_pacing_worker URL RATE THREADS SECONDS UMID process|host FILE|redis URL PROCESSES
// Says "ready", begins when it reads a line, and ends with "SUCCEEDED FAILED alone|shared".
#include <atomic>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/event_log.hpp"
#include "support/quick_client.hpp"
#ifdef CHATAPPS_HAS_REDIS
#include "chatapps/redis_pacer.hpp"
#endif

namespace {

using namespace std::chrono_literals;
using chatapps::Pacing;

Pacing pacingOf(const std::vector<std::string>& words) {
  if (words.at(0) == "host") return Pacing::host(words.at(1));
#ifdef CHATAPPS_HAS_REDIS
  if (words.at(0) == "redis") {
    chatapps::RedisPacerOptions options;
    options.url = words.at(1);
    options.processes = std::stoi(words.at(2));
    return Pacing::shared(chatapps::makeRedisPacer(options));
  }
#endif
  return Pacing::process();
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> arguments(values + 1, values + count);
  const double rate = std::stod(arguments.at(1));
  const int threads = std::stoi(arguments.at(2));
  const auto runTime = std::chrono::duration<double>(std::stod(arguments.at(3)));
  const std::string umid = arguments.at(4);

  const auto events = std::make_shared<chatapps::support::EventLog>();
  chatapps::ClientOptions options = chatapps::support::pacedOptions(arguments.at(0), rate, events);
  options.apiKey = "sandbox-key";
  options.timeout = 60s;
  options.pacing = pacingOf({arguments.begin() + 5, arguments.end()});
  options.pacing.requestsPerSecond = rate;
  const chatapps::ChatAppsClient client(options);

  std::puts("ready");
  std::fflush(stdout);
  std::string line;
  std::getline(std::cin, line);

  const auto end = std::chrono::steady_clock::now() + runTime;
  std::atomic<int> succeeded{0}, failed{0};
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&] {
      while (std::chrono::steady_clock::now() < end) {
        try {
          client.getMessageDetails("sandbox", umid);
          ++succeeded;
        } catch (const chatapps::NotFoundError&) {
          ++succeeded;  // an answer like any other
        } catch (const chatapps::ChatAppsError& error) {
          ++failed;
          std::fprintf(stderr, "%s\n", error.what());
        }
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  std::printf("%d %d %s\n", succeeded.load(), failed.load(), events->alone().empty() ? "shared" : "alone");
  return 0;
}
