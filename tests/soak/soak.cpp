// soak [SECONDS [RATE [SEED]]]: calls at that rate (200 a second, for half an hour) through the real client against a
// server that meets them with every fault at random. Some are cancelled, some have hardly any time, some go to a port
// where nobody listens, some run on their caller's thread. At the end memory and descriptors are where they were once
// all was warm, each call has ended once and in time, and what the client says of each fits what the server saw.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "ledger.hpp"
#include "server_process.hpp"
#include "support/memory.hpp"
#include "support/quick_client.hpp"
#include "support/umid_number.hpp"

namespace chatapps::soak {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using support::umidNumber;

constexpr int kSubaccounts = 40;
constexpr int kBlockingThreads = 2;
constexpr int kBlockingRate = 10;  // calls a second of each
constexpr milliseconds kTimeout = 3s;

std::string subAccount(std::size_t call) { return "account-" + std::to_string(call % kSubaccounts); }

/// A port where nobody listens, nor will.
class ClosedPort {
 public:
  ClosedPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address_;
    auto* const any = reinterpret_cast<sockaddr*>(&address_);
    if (::bind(socket_, any, length) != 0 || ::getsockname(socket_, any, &length) != 0)
      throw std::runtime_error("no port");
  }
  ClosedPort(const ClosedPort&) = delete;
  ClosedPort& operator=(const ClosedPort&) = delete;
  ~ClosedPort() { ::close(socket_); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(ntohs(address_.sin_port)); }

 private:
  int socket_;
  sockaddr_in address_{};
};

std::size_t descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

/// The highest value of what goes up and down, before all was warm, and since.
struct Level {
  std::size_t warm = 0, since = 0;
  void add(std::size_t value, bool isWarm) {
    std::size_t& highest = isWarm ? since : warm;
    highest = std::max(highest, value);
  }
};

ClientOptions soakOptions(const std::string& url, const std::shared_ptr<Observer>& observer) {
  ClientOptions options = support::pacedOptions(url, 20, observer);
  options.timeout = kTimeout;
  options.retry.maxDelay = 200ms;
  return options;
}

class Soak {
 public:
  Soak(std::chrono::seconds length, int rate, std::uint64_t seed)
      : length_(length),
        rate_(rate - kBlockingThreads * kBlockingRate),
        unhurried_(static_cast<std::size_t>(length.count()) * static_cast<std::size_t>(rate_)),
        each_(static_cast<std::size_t>(length.count()) * kBlockingRate),
        server_(seed),
        random_(seed),
        ledger_(std::make_shared<Ledger>(calls())) {}

  bool run() {
    for (int i = 0; i < 4; ++i) clients_.emplace_back(soakOptions(server_.url(), ledger_));
    const ChatAppsClient refused(soakOptions(nobody_.url(), ledger_));
    begin_ = steady_clock::now();
    std::vector<std::thread> blocking;
    for (std::size_t i = 0; i < kBlockingThreads; ++i) blocking.emplace_back([this, i] { callOneByOne(i); });
    callAtOnce(refused);
    for (std::thread& thread : blocking) thread.join();
    for (auto& cancellation : cancellations_) cancellation.second.cancel();
    while (ledger_->endedCalls() < calls() && steady_clock::now() < begin_ + length_ + 60s)
      std::this_thread::sleep_for(10ms);
    return report();
  }

 private:
  std::size_t calls() const { return unhurried_ + kBlockingThreads * each_; }

  void callAtOnce(const ChatAppsClient& refused) {
    for (std::size_t call = 0; call < unhurried_; ++call) {
      std::this_thread::sleep_until(begin_ + std::chrono::nanoseconds(1s) * call / rate_);
      cancelThoseDue();
      if (call % static_cast<std::size_t>(rate_) == 0) measure();
      CallOptions options;
      const unsigned chance = static_cast<unsigned>(random_() % 100);
      if (chance < 3) options.timeout = milliseconds(1 + random_() % 60);
      if (chance >= 3 && chance < 8) {
        CancellationSource source;
        options.cancellation = source.token();
        cancellations_.emplace(steady_clock::now() + milliseconds(random_() % 40), source);
      }
      const ChatAppsClient& client = chance == 8 ? refused : clients_[call % clients_.size()];
      const auto due = steady_clock::now() + options.timeout.value_or(kTimeout);
      client.getMessageDetailsAsync(subAccount(call), umidNumber(static_cast<int>(call)), options,
                                    [this, call, due](const auto& outcome) { ended(call, outcome, due); });
    }
  }

  void callOneByOne(std::size_t thread) {
    for (std::size_t i = 0; i < each_; ++i) {
      std::this_thread::sleep_until(begin_ + std::chrono::nanoseconds(1s) * i / kBlockingRate);
      const std::size_t call = unhurried_ + thread * each_ + i;
      const auto due = steady_clock::now() + kTimeout;
      try {
        const auto details =
            clients_[call % clients_.size()].getMessageDetails(subAccount(call), umidNumber(static_cast<int>(call)));
        ended(call, Outcome<MessageDetails>(details), due);
      } catch (...) {
        ended(call, Outcome<MessageDetails>(std::current_exception()), due);
      }
    }
  }

  void ended(std::size_t call, const Outcome<MessageDetails>& outcome, steady_clock::time_point due) {
    const auto late = std::chrono::duration_cast<milliseconds>(steady_clock::now() - due).count();
    for (auto latest = latest_.load(); late > latest && !latest_.compare_exchange_weak(latest, late);) {
    }
    ledger_->ended(call, outcome);
  }

  void cancelThoseDue() {
    while (!cancellations_.empty() && cancellations_.begin()->first <= steady_clock::now()) {
      cancellations_.begin()->second.cancel();
      cancellations_.erase(cancellations_.begin());
    }
  }

  void measure() {
    const bool isWarm = steady_clock::now() > begin_ + std::min<steady_clock::duration>(length_ / 2, 2min);
    memory_.add(support::residentMemoryBytes(), isWarm);
    descriptors_.add(descriptors(), isWarm);
  }

  bool report() {
    const std::size_t ended = ledger_->endedCalls();
    const std::vector<Seen> seen = server_.stop();
    const std::size_t contradictions = ledger_->contradictions(seen);
    std::size_t met[kFaults] = {};
    for (const Seen& request : seen) ++met[static_cast<int>(request.fault)];
    const auto missing = static_cast<std::size_t>(std::count(std::begin(met), std::end(met), 0u));
    const auto mebibytes = [](std::size_t bytes) { return static_cast<double>(bytes) / (1024 * 1024); };

    std::printf("%zu calls, %zu ended; the server saw %zu requests, %zu of them met a fault\n", calls(), ended,
                seen.size(), seen.size() - met[0]);
    std::printf("faults of %d kinds that no request met: %zu\n", kFaults - 1, missing);
    std::printf("calls that contradict the server's log: %zu\n", contradictions);
    std::printf("latest end after a deadline: %lld ms\n", static_cast<long long>(latest_.load()));
    std::printf("memory at most %.1f MiB until warm, %.1f MiB since\n", mebibytes(memory_.warm),
                mebibytes(memory_.since));
    std::printf("descriptors at most %zu until warm, %zu since\n", descriptors_.warm, descriptors_.since);
    for (const auto& [ending, count] : ledger_->endings()) std::printf("  %-22s %zu\n", ending.c_str(), count);

    const bool isLong = length_ >= 60s;
    const bool grew = memory_.since > memory_.warm + (isLong ? 4u : 8u) * 1024 * 1024 * support::kMemoryScale ||
                      descriptors_.since > descriptors_.warm + (isLong ? 32 : 64);
    return ended == calls() && contradictions == 0 && latest_ < 2000 && !grew && (!isLong || missing == 0);
  }

  const std::chrono::seconds length_;
  const int rate_;
  const std::size_t unhurried_;  // calls that nobody waits for
  const std::size_t each_;       // calls of each thread that waits
  ServerProcess server_;
  const ClosedPort nobody_;
  std::mt19937_64 random_;
  const std::shared_ptr<Ledger> ledger_;
  steady_clock::time_point begin_;
  std::multimap<steady_clock::time_point, CancellationSource> cancellations_;
  std::atomic<long long> latest_{0};
  Level memory_, descriptors_;
  std::vector<ChatAppsClient> clients_;  // last: they end before what their calls write to
};

}  // namespace
}  // namespace chatapps::soak

int main(int count, char** arguments) {
  const auto number = [&](int which, int standard) { return count > which ? std::stoi(arguments[which]) : standard; };
  try {
    chatapps::soak::Soak soak(std::chrono::seconds(number(1, 1800)), number(2, 200),
                              static_cast<unsigned>(number(3, 1)));
    return soak.run() ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
