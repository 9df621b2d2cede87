#include "pacing/host_pacer.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <mutex>
#include <optional>
#include <utility>

#include "pacing/host_file.hpp"

namespace chatapps::pacing {

namespace {

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

std::uint64_t nanoseconds(Clock::duration duration) noexcept {
  constexpr Clock::duration kLongest = std::chrono::hours(24 * 365);
  return static_cast<std::uint64_t>(std::clamp(duration, Clock::duration::zero(), kLongest).count());
}

Clock::duration duration(std::uint64_t nanoseconds) noexcept {
  return Clock::duration(static_cast<Clock::duration::rep>(nanoseconds));
}

std::uint64_t hashOf(const LaneName& lane) noexcept { return HostSlots::hashOf(lane.origin, lane.subAccountId); }

/// The slot that a lane reserved last, and what it did at the gate.
struct Taken {
  HostSlots::Reserved slot{};
  HostSlots::Passed passed{};
};

class HostPacer final : public Pacer {
 public:
  HostPacer(std::string path, std::function<void(const std::string&)> onTrouble)
      : path_(std::move(path)), onTrouble_(std::move(onTrouble)) {}

  void reserve(const LaneName& lane, Clock::duration interval, std::function<void(Clock::duration)> done) override {
    Clock::duration wait{0};
    if (const auto file = usable()) {
      const std::uint64_t now = nowOfMachine();
      if (const auto slot = file->slots().reserve(hashOf(lane), nanoseconds(interval), now)) {
        wait = duration(slot->due - now);
        remember(hashOf(lane), {*slot, {}});
      } else {
        tell("the pacing file is full");
      }
    }
    done(wait);
  }

  std::optional<Clock::duration> confirm(const LaneName& lane, Clock::duration interval,
                                         Clock::duration late) override {
    const auto file = usable();
    if (!file) return Clock::duration::zero();
    HostSlots::Passed passed{};
    const Clock::duration wait =
        duration(file->slots().pass(hashOf(lane), nanoseconds(interval), nanoseconds(late), nowOfMachine(), &passed));
    if (wait == Clock::duration::zero()) notePassed(hashOf(lane), passed);
    return wait;
  }

  void giveBack(const LaneName& lane) noexcept override {
    const auto taken = take(hashOf(lane));
    const auto file = usable();
    if (taken && file) file->slots().giveBack(hashOf(lane), taken->slot, taken->passed);
  }

  void passOn(const LaneName& lane, Clock::duration untilNext, bool answerAwaited) noexcept override {
    forgetUsed(hashOf(lane));
    const auto file = usable();
    if (!file) return;
    const std::uint64_t now = nowOfMachine();
    file->slots().note(hashOf(lane), now + nanoseconds(untilNext), answerAwaited, now);
  }

  void hold(const LaneName& lane, Clock::duration pause) override {
    const auto file = usable();
    if (!file) return;
    const std::uint64_t now = nowOfMachine();
    if (!file->slots().hold(hashOf(lane), now + nanoseconds(pause), now)) tell("the pacing file is full");
  }

 private:
  static constexpr std::uint64_t kRetryAfter = 1'000'000'000;  // nanoseconds
  static constexpr std::size_t kRemembered = 256;

  // Of two lanes that want the same place the later one gets it: the other can't give its slot back.
  void remember(std::uint64_t lane, const Taken& taken) noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    remembered_[lane % kRemembered] = {lane, taken};
  }

  void notePassed(std::uint64_t lane, HostSlots::Passed passed) noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto& [owner, taken] = remembered_[lane % kRemembered];
    if (owner == lane) taken.passed = passed;
  }

  // A request left, or was answered. A slot that the next one has reserved since is kept until it has passed the gate; one
  // that has passed it by the time of an answer can not be given back.
  void forgetUsed(std::uint64_t lane) noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto& [owner, taken] = remembered_[lane % kRemembered];
    if (owner == lane && taken.passed.to != 0) owner = 0;
  }

  std::optional<Taken> take(std::uint64_t lane) noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto& [owner, taken] = remembered_[lane % kRemembered];
    if (owner != lane) return std::nullopt;
    owner = 0;
    return taken;
  }

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

  void tell(const std::string& trouble) noexcept {
    if (told_.exchange(true) || !onTrouble_) return;
    try {
      onTrouble_(trouble);
    } catch (...) {  // NOLINT(bugprone-empty-catch): the calls go on all the same
    }
  }

  const std::string path_;
  const std::function<void(const std::string&)> onTrouble_;
  std::mutex mutex_;
  std::shared_ptr<HostFile> file_;
  std::array<std::pair<std::uint64_t, Taken>, kRemembered> remembered_{};  // by lane
  std::uint64_t tryAgainAt_ = 0;
  std::atomic<bool> told_{false};
};

}  // namespace

std::shared_ptr<Pacer> makeHostPacer(std::string file, std::function<void(const std::string&)> onTrouble) {
  return std::make_shared<HostPacer>(std::move(file), std::move(onTrouble));
}

}  // namespace chatapps::pacing
