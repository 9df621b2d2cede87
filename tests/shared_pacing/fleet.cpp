#include "shared_pacing/fleet.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

#include "support/umid_number.hpp"

namespace chatapps::support {

Fleet::Fleet(std::string rate, std::chrono::seconds runTime, const std::vector<std::string>& pacing, Size size)
    : rate_(std::move(rate)), sandbox_({"--rate", rate_, "--window", "gcra"}) {
  for (int i = 0; i < size.processes; ++i) {
    Command command{{CHATAPPS_PACING_WORKER, sandbox_.baseUrl(), rate_, std::to_string(size.threads),
                     std::to_string(runTime.count()), umidNumber(i)},
                    {}};
    command.argv.insert(command.argv.end(), pacing.begin(), pacing.end());
    processes_.push_back(std::make_unique<Process>(command));
  }
  for (const auto& process : processes_) process->readLine();
}

void Fleet::begin() {
  for (const auto& process : processes_) process->write("go\n");
}

std::vector<std::string> Fleet::finish() {
  std::vector<std::string> lines;
  for (const auto& process : processes_) {
    const Finished finished = process->wait(std::chrono::minutes(2));
    std::string line = finished.out.substr(std::min(finished.out.size(), finished.out.find('\n') + 1));
    lines.push_back(line.substr(0, line.find('\n')));
    if (!finished.err.empty()) std::fprintf(stderr, "%s", finished.err.substr(0, 2000).c_str());
  }
  return lines;
}

FleetTally Fleet::tally() const {
  FleetTally tally;
  std::map<std::string, double> ofProcess;
  std::vector<std::chrono::nanoseconds> all, accepted;
  for (const LoggedRequest& request : sandboxLog(sandbox_.port())) {
    ++tally.requests;
    ++ofProcess[request.umid];
    all.push_back(request.at);
    if (request.status == 429) {
      ++tally.rejected;
    } else {
      accepted.push_back(request.at);
    }
  }
  tally.smallestGap = std::chrono::nanoseconds::max();
  for (std::size_t i = 1; i < all.size(); ++i) tally.smallestGap = std::min(tally.smallestGap, all[i] - all[i - 1]);
  if (accepted.size() > 1) {
    const std::chrono::duration<double> took = accepted.back() - accepted.front();
    tally.used = static_cast<double>(accepted.size() - 1) / (took.count() * std::stod(rate_));
  }
  const double fair = static_cast<double>(tally.requests) / static_cast<double>(processes_.size());
  tally.smallestShare = ofProcess.size() < processes_.size() ? 0 : 1e9;
  for (const auto& [umid, count] : ofProcess) {
    tally.largestShare = std::max(tally.largestShare, count / fair);
    tally.smallestShare = std::min(tally.smallestShare, count / fair);
  }
  return tally;
}

FleetTally Fleet::tellTally(const char* name) const {
  const FleetTally tally = this->tally();
  std::printf(
      "  %s at %s a second: %zu requests, %zu of 429, smallest gap %.3f ms, %.2f %% of the limit, "
      "shares from %.2f to %.2f\n",
      name, rate_.c_str(), tally.requests, tally.rejected, static_cast<double>(tally.smallestGap.count()) / 1e6,
      100 * tally.used, tally.smallestShare, tally.largestShare);
  return tally;
}

}  // namespace chatapps::support
