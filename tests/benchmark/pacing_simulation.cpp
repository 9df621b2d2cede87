// Drives the library's own lane over hours of virtual time against models of the server and of the network, and prints
// how much of the limit it uses and how often it meets a 429.
//
//   pacing_simulation [RUNS]      RUNS hours, each with its own seed, for each line; default 5. Exits 1 when a goal is
//   missed.
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "simulated_client.hpp"

namespace {

using namespace std::chrono_literals;
using namespace chatapps::simulation;

int runs = 5;
bool allMet = true;

/// What is asked of a line; zeros where nothing is.
struct Goal {
  double used = 0;  // share of the limit
  double share429 = 1;
};

template <typename Counting>
void line(const char* network, const char* window, const Way& there, const Way& back, Duration interval, bool restarts,
          Goal goal) {
  double used = 0, least = 2, share = 0, most = 0;
  for (int run = 0; run < runs; ++run) {
    Counting counting(interval, restarts);
    Client client(counting, there, back, interval, static_cast<std::uint64_t>(run + 1));
    const Tally tally = client.run(1h);
    const double ofLimit = tally.perSecond * std::chrono::duration<double>(interval).count();
    used += ofLimit / runs;
    least = std::min(least, ofLimit);
    share += tally.share429() / runs;
    most = std::max(most, tally.share429());
  }
  const bool met = used >= goal.used && share <= goal.share429;
  allMet = allMet && met;
  std::printf("%-34s %-26s %7.4f %7.4f %8.3f %8.3f  ", network, window, used, least, 100 * share, 100 * most);
  if (goal.used == 0) {
    std::printf("-\n");
  } else {
    std::printf("%.3f, %.1f %%: %s\n", goal.used, 100 * goal.share429, met ? "met" : "MISSED");
  }
}

void allWindows(const char* network, const Way& there, const Way& back, Duration interval, Goal goal) {
  line<Gcra>(network, "gcra", there, back, interval, false, goal);
  line<SlidingLog>(network, "sliding log", there, back, interval, false, goal);
  line<Bucket>(network, "bucket of one", there, back, interval, false, goal);
  line<FixedWindow>(network, "fixed", there, back, interval, false, goal);
  line<Gcra>(network, "gcra, 429 restarts", there, back, interval, true, goal);
  line<SlidingLog>(network, "sliding log, 429 counts", there, back, interval, true, goal);
  line<Bucket>(network, "bucket, 429 empties", there, back, interval, true, goal);
}

void bothWays(const char* network, const Way& way, Goal goal) { allWindows(network, way, way, 1s, goal); }

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) runs = std::max(1, std::atoi(argv[1]));
  std::printf("%-34s %-26s %7s %7s %8s %8s  %s\n", "network, each way", "window", "used", "least", "429 %", "most %",
              "goal");
  bothWays("LAN 0.2 +- 0.1 ms", logNormal(0.2, 0.1, 0, 0), {0.999, 0.006});
  bothWays("regional 15 +- 2 ms", logNormal(15, 2, 0.002, 200), {0.985, 0.006});
  bothWays("WAN 80 +- 20 ms", logNormal(80, 20, 0.01, 300), {0.93, 0.006});

  const Way wan = logNormal(80, 20, 0.01, 300);
  line<WeightedCounter>("WAN 80 +- 20 ms", "weighted counter", wan, wan, 1s, false, {});
  line<WeightedCounter>("WAN 80 +- 20 ms", "weighted, 429 counts", wan, wan, 1s, true, {});

  const Way evenly = uniform(60, 100, 0.01, 300);
  line<Gcra>("WAN 60 to 100 ms, evenly spread", "gcra", evenly, evenly, 1s, false, {0.93, 0.006});
  const Way bell = normal(80, 20, 0.01, 300);
  line<Gcra>("WAN 80 +- 20 ms, normal", "gcra", bell, bell, 1s, false, {});
  line<Gcra>("WAN, all jitter on the way there", "gcra", logNormal(150, 28, 0.02, 300), constant(10), 1s, false, {});
  line<Gcra>("WAN, all jitter on the way back", "gcra", constant(10), logNormal(150, 28, 0.02, 300), 1s, false, {});
  line<Gcra>("900 ms, then 10 ms, there", "gcra", alternating(899, 9), constant(1), 1s, false, {});
  line<Gcra>("900 ms, then 10 ms, back", "gcra", constant(1), alternating(899, 9), 1s, false, {});
  line<Gcra>("2 s +- 30 ms both ways", "gcra", logNormal(1000, 20, 0, 0), logNormal(1000, 20, 0, 0), 1s, false, {});
  line<Gcra>("15 ms, 0.2 % of 1.5 s", "gcra", logNormal(15, 2, 0.002, 1500), logNormal(15, 2, 0.002, 1500), 1s, false,
             {});

  std::printf("\nAt 50 requests a second, where each 429 costs 50 slots or more:\n");
  const Way loopback = floored(0.075, 0.03, 0.005, 2);
  allWindows("loopback 0.15 to 0.4 ms", loopback, loopback, 20ms, {0.995, 0.00002});
  const Way evenLoopback = uniform(0.075, 0.2, 0.005, 2);
  line<Gcra>("loopback, evenly spread", "gcra", evenLoopback, evenLoopback, 20ms, false, {});
  line<Gcra>("regional 15 +- 2 ms", "gcra", logNormal(15, 2, 0.002, 200), logNormal(15, 2, 0.002, 200), 20ms, false,
             {});
  return allMet ? 0 : 1;
}
