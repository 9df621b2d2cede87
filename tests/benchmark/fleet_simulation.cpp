// A fleet over one shared store, on a virtual clock: the library's own reservations for each process, a model of the
// script, of the network and of an API that counts strictly.
//
//   fleet_simulation [SECONDS]      of virtual time for each line; default 20
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <queue>
#include <random>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pacing/round_trips.hpp"
#include "redis/reservations.hpp"
#include "shared_store.hpp"

namespace {

using namespace std::chrono_literals;
using namespace chatapps;
using chatapps::redis::Duration;
using chatapps::redis::Reservations;
using chatapps::redis::Time;
using chatapps::simulation::SharedStore;

constexpr Duration kInterval = 1s;

/// What happens when, in order.
class Agenda {
 public:
  Time now() const { return now_; }
  void at(Time when, std::function<void()> what) { entries_.push({std::max(when, now_), ++number_, std::move(what)}); }
  void runUntil(Time end) {
    while (!entries_.empty() && entries_.top().when <= end) {
      auto what = std::move(const_cast<Entry&>(entries_.top()).what);
      now_ = entries_.top().when;
      entries_.pop();
      what();
    }
    now_ = end;
  }

 private:
  struct Entry {
    Time when;
    std::uint64_t number;
    std::function<void()> what;
    bool operator<(const Entry& other) const { return when != other.when ? when > other.when : number > other.number; }
  };
  std::priority_queue<Entry> entries_;
  std::uint64_t number_ = 0;
  Time now_{1h};
};

struct Tally {
  std::uint64_t requests = 0, rejected = 0;
  std::vector<std::uint64_t> ofProcess;
};

class Fleet {
 public:
  explicit Fleet(int processes) : processes_(static_cast<std::size_t>(processes)) {
    tally.ofProcess.resize(processes_.size());
    for (std::size_t i = 0; i < processes_.size(); ++i) {
      Reservations::Settings settings;
      settings.processes = processes;
      settings.replyTimeout = 100ms;
      settings.random = [this] { return even_(random_); };
      settings.newGrant = [this] { return std::to_string(++grants_); };
      processes_[i].reservations = std::make_unique<Reservations>(std::move(settings));
    }
  }

  /// One call of a process for a lane; `done` when its answer is there.
  void call(std::size_t process, const std::string& lane, std::function<void()> done) {
    processes_[process].reservations->reserve(
        lane, kInterval + spread(process),
        [=, this_ = this](Duration wait) { this_->confirmAt(process, lane, this_->agenda.now() + wait, done); },
        agenda.now());
    drive(process);
  }

  Agenda agenda;
  SharedStore store;
  Tally tally;

 private:
  struct Process {
    std::unique_ptr<Reservations> reservations;
    pacing::RoundTrips roundTrips;
    Time wakesAt = Time::max();
  };

  Duration spread(std::size_t process) const {
    const auto& trips = processes_[process].roundTrips;
    return std::max(trips.typical() - trips.low(), Duration::zero());
  }
  // One way, log-normal.
  Duration way(double milliseconds, double deviation) {
    const double ratio = deviation / milliseconds, sigma = std::sqrt(std::log(1 + ratio * ratio));
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>(
        milliseconds * std::exp(sigma * normal_(random_) - sigma * sigma / 2)));
  }
  Duration toStore() { return way(0.2, 0.1); }
  Duration toApi() { return way(15, 2); }

  void confirmAt(std::size_t process, const std::string& lane, Time when, std::function<void()> done) {
    agenda.at(when, [=, this_ = this] {
      const auto more = this_->processes_[process].reservations->confirm(lane, this_->agenda.now());
      if (!more) return this_->call(process, lane, done);
      if (*more > Duration::zero()) return this_->confirmAt(process, lane, this_->agenda.now() + *more, done);
      this_->send(process, lane, done);
    });
  }

  void send(std::size_t process, const std::string& lane, std::function<void()> done) {
    const Time sentAt = agenda.now();
    passOn(process, lane, kInterval, true);
    agenda.at(sentAt + toApi(), [=, this_ = this] {
      const Time now = this_->agenda.now();
      Time& next = this_->api_[lane];
      const bool rejected = now < next;
      if (!rejected) next = now + kInterval;
      ++this_->tally.requests;
      ++this_->tally.ofProcess[process];
      if (rejected) ++this_->tally.rejected;
      this_->agenda.at(now + this_->toApi(), [=] {
        auto& trips = this_->processes_[process].roundTrips;
        const Duration roundTrip = this_->agenda.now() - sentAt;
        const Duration slack = std::max(roundTrip - trips.low(), Duration::zero());
        this_->passOn(process, lane, sentAt + kInterval + slack - this_->agenda.now(), false);
        trips.add(roundTrip);
        if (rejected) this_->processes_[process].reservations->hold(lane, 1s, this_->agenda.now());
        this_->drive(process);
        done();
      });
    });
  }

  void passOn(std::size_t process, const std::string& lane, Duration untilNext, bool awaited) {
    processes_[process].reservations->passOn(lane, untilNext, awaited, agenda.now());
    drive(process);
  }

  // What the process's thread would do.
  void drive(std::size_t process) {
    Process& mine = processes_[process];
    for (redis::Command& command : mine.reservations->takeCommands(agenda.now())) {
      agenda.at(agenda.now() + toStore(), [=, this_ = this, command = std::move(command)] {
        const redis::SlotAnswer answer = this_->store.answer(command.question, this_->agenda.now());
        this_->agenda.at(this_->agenda.now() + this_->toStore(), [=] {
          this_->processes_[process].reservations->answered(command, answer, this_->agenda.now());
          this_->drive(process);
        });
      });
    }
    for (const auto& call : mine.reservations->takeCalls()) call();
    const Time next = mine.reservations->nextAt();
    if (next >= mine.wakesAt || next == Time::max()) return;
    mine.wakesAt = next;
    agenda.at(next, [=, this_ = this] {
      if (this_->processes_[process].wakesAt != next) return;
      this_->processes_[process].wakesAt = Time::max();
      this_->drive(process);
    });
  }

  std::vector<Process> processes_;
  std::unordered_map<std::string, Time> api_;  // when the strict API takes the next one
  std::mt19937_64 random_{1};
  std::normal_distribution<double> normal_;
  std::uniform_real_distribution<double> even_;
  std::uint64_t grants_ = 0;
};

std::string laneName(std::size_t number) { return "chatapps:1:{h/" + std::to_string(number) + '}'; }

void tell(const char* name, const Fleet& fleet, std::size_t lanes, double seconds, bool saturated) {
  const Tally& tally = fleet.tally;
  const auto& asked = fleet.store.questions;
  const auto all = static_cast<double>(asked[0] + asked[1] + asked[2] + asked[3]);
  const auto requests = static_cast<double>(tally.requests);
  const auto [least, most] = std::minmax_element(tally.ofProcess.begin(), tally.ofProcess.end());
  const double fair = requests / static_cast<double>(tally.ofProcess.size());
  std::printf("| %s | %.0f | %.0f | %.2f | %zu | %.4f | ", name, requests / seconds, all / seconds, all / requests,
              fleet.store.keys(fleet.agenda.now()), 100 * static_cast<double>(tally.rejected) / requests);
  if (saturated) {
    std::printf("%.2f | ", 100 * requests / seconds / static_cast<double>(lanes));
  } else {
    std::printf("- | ");
  }
  std::printf("%.2f to %.2f |\n", static_cast<double>(*least) / fair, static_cast<double>(*most) / fair);
  std::fflush(stdout);
}

/// Calls come by chance, each in any process and any lane.
void byChance(const char* name, int processes, std::size_t lanes, double perSecond, double seconds) {
  Fleet fleet(processes);
  std::mt19937_64 random(7);
  std::exponential_distribution<double> gap(perSecond);
  std::uniform_int_distribution<std::size_t> anyProcess(0, static_cast<std::size_t>(processes) - 1),
      anyLane(0, lanes - 1);
  const Time end = fleet.agenda.now() + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
  std::function<void()> next = [&] {
    if (fleet.agenda.now() >= end) return;
    fleet.call(anyProcess(random), laneName(anyLane(random)), [] {});
    fleet.agenda.at(
        fleet.agenda.now() + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(gap(random))), next);
  };
  next();
  fleet.agenda.runUntil(end);
  tell(name, fleet, lanes, seconds, false);
}

/// So many processes in each lane always have another call.
void saturated(const char* name, int processes, std::size_t lanes, std::size_t perLane, double seconds) {
  Fleet fleet(processes);
  std::vector<std::function<void()>> again(lanes * perLane);
  for (std::size_t i = 0; i < again.size(); ++i) {
    const std::size_t lane = i / perLane, process = (lane + i % perLane * 97) % static_cast<std::size_t>(processes);
    again[i] = [&fleet, &again, i, lane, process] { fleet.call(process, laneName(lane), [&again, i] { again[i](); }); };
  }
  for (const auto& begin : again) begin();
  fleet.agenda.runUntil(fleet.agenda.now() +
                        std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds)));
  tell(name, fleet, lanes, seconds, true);
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::max(1.0, std::atof(argv[1])) : 20;
  std::printf(
      "| load | requests/s | calls to Redis/s | calls a request | keys | 429 %% | used %% | share of a process |\n");
  std::printf("|---|---|---|---|---|---|---|---|\n");
  byChance("1,000 processes, 100,000 subaccounts, 10,000 requests a second by chance", 1000, 100'000, 10'000, seconds);
  byChance("the same, 30,000 a second", 1000, 100'000, 30'000, seconds);
  saturated("1,000 processes, 10,000 subaccounts, 4 processes always want each", 1000, 10'000, 4, seconds);
  saturated("50 processes always want one subaccount", 50, 1, 50, std::max(seconds, 200.0));
  saturated("1,000 processes always want one subaccount", 1000, 1, 1000, std::max(seconds, 4000.0));
  return 0;
}
