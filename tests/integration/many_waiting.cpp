// 10,000 calls that wait in 1,000 lanes, in a process of their own: threads, memory, idle CPU, and the time to cancel
// all.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <thread>

#include "chatapps/chatapps.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/memory.hpp"
#include "support/quick_client.hpp"
#include "support/umid_number.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

#if defined(__SANITIZE_THREAD__)
constexpr int kMostThreads = 2;  // one is ThreadSanitizer's own
#else
constexpr int kMostThreads = 1;
#endif
constexpr int kLanes = 1000;
constexpr int kCalls = 10'000;

/// A server in a process of its own, so that its threads and memory are not counted here.
class ServerProcess {
 public:
  ServerProcess() {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    child_ = ::fork();
    if (child_ == 0) {
      ::close(ends[0]);
      FaultServer server(answerEach(detailsAnswer));
      const int port = server.port();
      if (::write(ends[1], &port, sizeof port) == sizeof port) ::pause();
      ::_exit(1);
    }
    ::close(ends[1]);
    if (::read(ends[0], &port_, sizeof port_) != sizeof port_) throw std::runtime_error("the server does not start");
    ::close(ends[0]);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  pid_t child_ = -1;
  int port_ = 0;
};

std::string laneNumber(int number) { return "account-" + std::to_string(number % kLanes); }

Seconds cpuTime() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return std::chrono::seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         std::chrono::microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

std::size_t threads() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& task : std::filesystem::directory_iterator("/proc/self/task")) ++count;
  return count;
}

/// How calls end.
struct Endings {
  std::atomic<int> succeeded{0}, cancelled{0}, others{0};

  void add(const Outcome<MessageDetails>& outcome) {
    try {
      outcome.value();
      ++succeeded;
    } catch (const CancelledError&) {
      ++cancelled;
    } catch (const std::exception& error) {
      if (++others == 1) std::fprintf(stderr, "a call ended in: %s\n", error.what());
    }
  }
  int all() const { return succeeded + cancelled + others; }
  bool waitFor(int count) const {
    const auto deadline = steady_clock::now() + 60s;
    while (all() < count && steady_clock::now() < deadline) std::this_thread::sleep_for(1ms);
    return all() == count;
  }
};

bool check(const char* what, double value, double bound, const char* unit) {
  const bool holds = value <= bound;
  std::printf("%-34s %9.2f %s (at most %g)%s\n", what, value, unit, bound, holds ? "" : "  TOO MUCH");
  return holds;
}

bool run() {
  const ServerProcess server;
  ClientOptions options = pacedOptions(server.url(), 0.001);
  options.timeout = std::chrono::hours(24);
  CancellationSource source;
  CallOptions call;
  call.cancellation = source.token();
  const ChatAppsClient client(options);

  Endings first;  // takes the free slot of each lane
  for (int i = 0; i < kLanes; ++i) {
    client.getMessageDetailsAsync(laneNumber(i), kUmid, call, [&](const auto& outcome) { first.add(outcome); });
  }
  if (!first.waitFor(kLanes) || first.succeeded != kLanes) return false;

  Endings endings;
  auto start = steady_clock::now();
  for (int i = 0; i < kCalls; ++i) {
    client.getMessageDetailsAsync(laneNumber(i), umidNumber(i), call,
                                  [&](const auto& outcome) { endings.add(outcome); });
  }
  std::this_thread::sleep_for(500ms);
  std::printf("%d calls wait in %d lanes\n", kCalls - endings.all(), kLanes);
  bool good = endings.all() == 0;
  good &= check("threads beside the main one", static_cast<double>(threads() - 1), kMostThreads, "");
  good &=
      check("resident memory", static_cast<double>(residentMemoryBytes()) / (1024 * 1024), 60 * kMemoryScale, "MiB");

  const Seconds cpuBefore = cpuTime();
  start = steady_clock::now();
  std::this_thread::sleep_for(3s);
  good &= check("CPU while idle", 100 * (cpuTime() - cpuBefore) / Seconds(steady_clock::now() - start), 2 * kTimeScale,
                "%");

  start = steady_clock::now();
  source.cancel();
  good &= endings.waitFor(kCalls) && endings.cancelled == kCalls;
  good &= check("time to cancel them all", Seconds(steady_clock::now() - start).count(), kTimeScale, "s");
  return good;
}

}  // namespace
}  // namespace chatapps::support

int main() {
  try {
    return chatapps::support::run() ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
