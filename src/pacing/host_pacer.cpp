#include "pacing/host_pacer.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <ctime>
#include <mutex>
#include <optional>
#include <utility>

#include "pacing/host_file.hpp"

namespace chatapps::pacing {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// All processes count on one clock, which goes on while the machine sleeps.
std::uint64_t nowOfMachine() noexcept {
#ifdef CLOCK_BOOTTIME
  constexpr clockid_t kClock = CLOCK_BOOTTIME;
#else
  constexpr clockid_t kClock = CLOCK_MONOTONIC;
#endif
  timespec time{};
  clock_gettime(kClock, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

// Slots of different processes lie so much further apart: each wakes and sends with a delay of its own.
Clock::duration safety(Clock::duration interval) noexcept {
  return std::min<Clock::duration>(std::max<Clock::duration>(interval / 100, microseconds(250)), interval);
}

std::uint64_t spaced(Clock::duration interval) noexcept {
  interval = std::clamp<Clock::duration>(interval, Clock::duration::zero(), std::chrono::hours(24));
  return static_cast<std::uint64_t>((interval + safety(interval)).count());
}

class HostPacer final : public Pacer {
 public:
  HostPacer(std::string path, std::function<void(const std::string&)> onTrouble)
      : path_(std::move(path)), onTrouble_(std::move(onTrouble)) {}

  void reserve(const LaneName& lane, Clock::duration interval, std::function<void(Clock::duration)> done) override {
    std::optional<std::uint64_t> due;
    std::uint64_t now = 0;
    if (const auto file = usable()) {
      now = nowOfMachine();
      due = file->slots().reserve(HostSlots::hashOf(lane.origin, lane.subAccountId), spaced(interval), now);
      if (!due) tell("the pacing file is full");
    }
    done(due ? Clock::duration(static_cast<Clock::duration::rep>(*due - now)) : Clock::duration::zero());
  }

  void hold(const LaneName& lane, Clock::duration pause) override {
    const auto file = usable();
    if (!file) return;
    pause = std::clamp<Clock::duration>(pause, Clock::duration::zero(), seconds(60));
    const std::uint64_t now = nowOfMachine();
    const std::uint64_t until = now + static_cast<std::uint64_t>(pause.count());
    if (!file->slots().hold(HostSlots::hashOf(lane.origin, lane.subAccountId), until, now))
      tell("the pacing file is full");
  }

  bool stillHolds(const LaneName& lane, Clock::duration interval, Clock::duration late) override {
    if (late > kTooLate) return false;
    const auto file = usable();
    if (!file) return true;
    const std::uint64_t name = HostSlots::hashOf(lane.origin, lane.subAccountId);
    const std::uint64_t now = nowOfMachine();
    if (file->slots().isHeld(name, now)) return false;
    // What is usual on this machine is usual for the others as well, and does no harm.
    const auto usual = Clock::duration(usualLateness_.load(std::memory_order_relaxed));
    usualLateness_.store((usual + (late - usual) / 8).count(), std::memory_order_relaxed);
    return late <= usual + safety(interval) / 2 || file->slots().postpone(name, spaced(interval), now);
  }

 private:
  static constexpr Clock::duration kTooLate = milliseconds(250);
  static constexpr std::uint64_t kRetryAfter = 1'000'000'000;

  // The file, opened anew where it was deleted; null where that can't be done.
  std::shared_ptr<HostFile> usable() {
    std::string trouble;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (file_ && file_->isStillThere()) return file_;
      file_.reset();
      const std::uint64_t now = nowOfMachine();
      if (now < tryAgainAt_) return nullptr;
      try {
        file_ = std::make_shared<HostFile>(path_);
        return file_;
      } catch (const std::exception& error) {
        trouble = error.what();
        tryAgainAt_ = now + kRetryAfter;
      }
    }
    tell(trouble);
    return nullptr;
  }

  void tell(const std::string& trouble) {
    if (!told_.exchange(true) && onTrouble_) onTrouble_("pacing is not shared with other processes: " + trouble);
  }

  const std::string path_;
  const std::function<void(const std::string&)> onTrouble_;
  std::mutex mutex_;
  std::shared_ptr<HostFile> file_;
  std::uint64_t tryAgainAt_ = 0;
  std::atomic<bool> told_{false};
  std::atomic<Clock::duration::rep> usualLateness_{0};
};

}  // namespace

std::shared_ptr<Pacer> makeHostPacer(std::string file, std::function<void(const std::string&)> onTrouble) {
  return std::make_shared<HostPacer>(std::move(file), std::move(onTrouble));
}

}  // namespace chatapps::pacing
