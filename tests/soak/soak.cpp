// soak [SECONDS [RATE [SEED]]]: calls at that rate (200 a second, for half an hour) through the real client against a
// server that meets them with every fault at random. Some are cancelled, some have hardly any time, some go to a port
// where nobody listens, some run on their caller's thread. Memory does not creep up, no descriptor is left,
// each call ends once and in time, and what the client says of each fits what the server saw.
#include <malloc.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <utility>
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

long long millisecondsSince(steady_clock::time_point time) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - time).count();
}

std::size_t descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

/// The lowest and the highest value in each quarter of the run. What leaks raises the lowest one; the highest is for
/// load.
class Level {
 public:
  void add(std::size_t value, std::size_t quarter) {
    auto& [lowest, highest] = quarters_.at(std::min(quarter, quarters_.size() - 1));
    lowest = lowest == 0 ? value : std::min(lowest, value);
    highest = std::max(highest, value);
  }
  std::size_t lowest(std::size_t quarter) const { return quarters_.at(quarter).first; }
  std::size_t highest(std::size_t quarter) const { return quarters_.at(quarter).second; }

 private:
  std::array<std::pair<std::size_t, std::size_t>, 4> quarters_{};
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
    const std::size_t before = descriptors();
    for (int i = 0; i < 4; ++i) clients_.emplace_back(soakOptions(server_.url(), ledger_));
    clients_.emplace_back(soakOptions(nobody_.url(), ledger_));
    begin_ = steady_clock::now();
    std::vector<std::thread> blocking;
    for (std::size_t i = 0; i < kBlockingThreads; ++i) blocking.emplace_back([this, i] { callOneByOne(i); });
    callAtOnce();
    for (std::thread& thread : blocking) thread.join();
    for (auto& cancellation : cancellations_) cancellation.second.cancel();
    while (ledger_->endedCalls() < calls() && steady_clock::now() < begin_ + length_ + 60s)
      std::this_thread::sleep_for(10ms);
    clients_.clear();
    return report(descriptors() - before);
  }

 private:
  std::size_t calls() const { return unhurried_ + kBlockingThreads * each_; }

  void callAtOnce() {
    for (std::size_t call = 0; call < unhurried_; ++call) {
      std::this_thread::sleep_until(begin_ + std::chrono::nanoseconds(1s) * call / rate_);
      lateness_ = std::max(lateness_, millisecondsSince(begin_ + std::chrono::nanoseconds(1s) * call / rate_));
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
      const ChatAppsClient& client = chance == 8 ? clients_.back() : clients_[call % 4];
      const auto due = steady_clock::now() + options.timeout.value_or(kTimeout);
      client.getMessageDetailsAsync(subAccount(call), umidNumber(static_cast<int>(call)), options,
                                    [this, call, due](const auto& outcome) { ended(call, outcome, due); });
    }
  }

  void callOneByOne(std::size_t thread) {
    for (std::size_t i = 0; i < each_; ++i) {
      std::this_thread::sleep_until(begin_ + std::chrono::nanoseconds(1s) * i / kBlockingRate);
      const std::size_t call = unhurried_ + thread * each_ + i;
      if (steady_clock::now() > begin_ + length_) {  // on a machine that is too slow for its rate
        ledger_->notMade(call);
        continue;
      }
      const auto due = steady_clock::now() + kTimeout;
      try {
        const auto details = clients_[call % 4].getMessageDetails(subAccount(call), umidNumber(static_cast<int>(call)));
        ended(call, Outcome<MessageDetails>(details), due);
      } catch (...) {
        ended(call, Outcome<MessageDetails>(std::current_exception()), due);
      }
    }
  }

  void ended(std::size_t call, const Outcome<MessageDetails>& outcome, steady_clock::time_point due) {
    const long long late = millisecondsSince(due);
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
    const auto quarter = static_cast<std::size_t>(4 * (steady_clock::now() - begin_) / length_);
    ::malloc_trim(0);
    memory_.add(support::residentMemoryBytes(), quarter);
    const auto heap = ::mallinfo2();
    heap_.add(heap.uordblks + heap.hblkhd, quarter);
    descriptors_.add(descriptors(), quarter);
  }

  bool report(std::size_t descriptorsLeft) {
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
    std::printf("own lateness, that of a busy machine: %lld ms\n", static_cast<long long>(lateness_));
    for (std::size_t quarter = 0; quarter < 4; ++quarter) {
      std::printf("quarter %zu: memory %.1f to %.1f MiB, allocated %.2f to %.2f MiB, descriptors %zu to %zu\n",
                  quarter + 1, mebibytes(memory_.lowest(quarter)), mebibytes(memory_.highest(quarter)),
                  mebibytes(heap_.lowest(quarter)), mebibytes(heap_.highest(quarter)), descriptors_.lowest(quarter),
                  descriptors_.highest(quarter));
    }
    std::printf("descriptors left by the clients: %zu\n", descriptorsLeft);
    for (const auto& [ending, count] : ledger_->endings()) std::printf("  %-22s %zu\n", ending.c_str(), count);

    const bool isLong = length_ >= 60s;
    // What leaks stays allocated. How much is resident depends on what the kernel takes back as well, by some MiB.
    const bool leaked = heap_.lowest(3) > heap_.lowest(1) + (isLong ? 1u : 4u) * 1024 * 1024;
    const bool grew = memory_.lowest(3) > memory_.lowest(1) + (isLong ? 4u : 8u) * 1024 * 1024 * support::kMemoryScale;
    const bool inTime = latest_ < 2000 + 2 * lateness_;
    return ended == calls() && contradictions == 0 && inTime && !leaked && !grew && descriptorsLeft == 0 &&
           (!isLong || missing == 0);
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
  std::atomic<long long> latest_{0};     // end of a call after its deadline, in ms
  long long lateness_ = 0;               // of our own thread, in ms
  Level memory_, heap_, descriptors_;    // resident memory; what of it is allocated
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
