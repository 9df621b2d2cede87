// How the cost of one thing grows with how many there are; prints one line of JSON.
//   growth waiting N   calls that wait in one lane
//   growth lanes N     lanes, each with a call that waits
//   growth records N   records in an answer
// Of calls: the CPU time of one, from asking to its answer, and the memory that it takes while it waits. They run over
// virtual time, with a transport that answers at once, so nothing but the library is measured.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "benchmark/bodies.hpp"
#include "benchmark/cpu_time.hpp"
#include "chatapps/chatapps.hpp"
#include "chatapps/testing/fake_clock.hpp"
#include "decode/message_details.hpp"
#include "sleeper.hpp"
#include "support/memory.hpp"
#include "support/umid_number.hpp"

namespace chatapps::testing {
namespace {

using namespace std::chrono_literals;

class AnswersAtOnce final : public Transport {
 public:
  Reply send(const HttpRequest&, const Clock&) override {
    HttpResponse response;
    response.status = 200;
    response.body = R"({"data":[]})";
    return {std::move(response), Clock::duration::zero()};
  }
};

/// Time stands still as long as this lives.
class TimeStands {
 public:
  explicit TimeStands(FakeClock& clock) : clock_(clock) { clock_.enter(sleeper_); }
  TimeStands(const TimeStands&) = delete;
  TimeStands& operator=(const TimeStands&) = delete;
  ~TimeStands() { clock_.leave(sleeper_); }

 private:
  FakeClock& clock_;
  Sleeper sleeper_;
};

struct Cost {
  double cpuMicroseconds = 0, bytes = 0;
};

/// Two calls in each of `lanes` lanes, or else all in one: all but the first of each lane wait.
Cost ofCalls(long calls, long lanes) {
  const auto clock = std::make_shared<FakeClock>();
  ClientOptions options;
  options.apiKey = "benchmark-key";
  options.clock = clock;
  options.transport = std::make_shared<AnswersAtOnce>();
  options.timeout = std::chrono::hours(24 * 30);
  options.pacing.maxWaiting = static_cast<std::size_t>(calls);
  const ChatAppsClient client(options);
  std::atomic<long> ended{0};
  std::promise<void> over;
  const std::size_t memoryBefore = support::residentMemoryBytes();
  const double cpuBefore = cpuMicroseconds();
  Cost cost;
  {
    const TimeStands still(*clock);
    for (long i = 0; i < calls; ++i) {
      client.getMessageDetailsAsync("account-" + std::to_string(i % lanes), support::umidNumber(static_cast<int>(i)),
                                    {}, [&](const auto& outcome) {
                                      if (!outcome.ok()) std::abort();
                                      if (++ended == calls) over.set_value();
                                    });
    }
    // The loop takes them one after the other, so the last one waits when its lane says so.
    const std::string last = "account-" + std::to_string((calls - 1) % lanes);
    const auto wait = std::chrono::seconds(calls / lanes);
    while (client.estimate(last, 0) + 1s < wait) std::this_thread::sleep_for(1ms);
    cost.bytes = static_cast<double>(support::residentMemoryBytes() - memoryBefore) / static_cast<double>(calls);
  }
  over.get_future().wait();
  cost.cpuMicroseconds = (cpuMicroseconds() - cpuBefore) / static_cast<double>(calls);
  return cost;
}

double ofRecord(long records) {
  const std::string json = body(static_cast<std::size_t>(records));
  const long times = 200'000 / records;
  const double before = cpuMicroseconds();
  for (long i = 0; i < times; ++i) {
    if (!std::holds_alternative<MessageDetails>(decode::messageDetails(json))) std::abort();
  }
  return (cpuMicroseconds() - before) / static_cast<double>(times * records);
}

/// A few calls are too short to be timed: so many times.
Cost meanOfCalls(long calls, long lanes) {
  const long times = std::max(1L, 2000 / calls);
  Cost sum;
  for (long i = 0; i < times; ++i) {
    const Cost once = ofCalls(calls, lanes);
    sum.cpuMicroseconds += once.cpuMicroseconds / static_cast<double>(times);
    if (i == 0) sum.bytes = once.bytes;  // later ones use what was allocated before
  }
  return sum;
}

void print(const char* what, long count, const Cost& cost) {
  std::printf(R"({"growth": "%s", "count": %ld, "cpuMicroseconds": %.3f)", what, count, cost.cpuMicroseconds);
  // Memory comes in pages: of a few calls it says nothing.
  if (cost.bytes > 0 && count >= 1000) std::printf(R"(, "bytes": %.0f)", cost.bytes);
  std::printf("}\n");
}

}  // namespace
}  // namespace chatapps::testing

int main(int argc, char** argv) {
  using namespace chatapps::testing;
  const std::string what = argc > 2 ? argv[1] : "";
  const long count = argc > 2 ? std::atol(argv[2]) : 0;
  if (count < 1) return 2;
  if (what == "waiting") {
    print("waiting", count, meanOfCalls(count, 1));
  } else if (what == "lanes") {
    print("lanes", count, meanOfCalls(2 * count, count));
  } else if (what == "records") {
    print("records", count, {ofRecord(count), 0});
  } else {
    return 2;
  }
  return 0;
}
