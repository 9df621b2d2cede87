#include "http/precise_wait.hpp"

#include <algorithm>

#ifdef __linux__
#include <sys/timerfd.h>
#include <unistd.h>
#endif

namespace chatapps::http {
namespace {

constexpr std::chrono::milliseconds kLongest = std::chrono::hours(1);
constexpr Clock::duration kFine = std::chrono::milliseconds(2);  // below this a whole millisecond matters

#ifdef __linux__
class FineTimer {
 public:
  FineTimer() : descriptor_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {}
  FineTimer(const FineTimer&) = delete;
  FineTimer& operator=(const FineTimer&) = delete;
  ~FineTimer() {
    if (descriptor_ >= 0) close(descriptor_);
  }

  bool start(Clock::duration wait) const {
    itimerspec setting{};
    setting.it_value.tv_nsec = static_cast<long>(std::max<Clock::duration::rep>(wait.count(), 1));
    return descriptor_ >= 0 && timerfd_settime(descriptor_, 0, &setting, nullptr) == 0;
  }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

bool waitFinely(CURLM* multi, Clock::duration wait) {
  const FineTimer timer;
  if (!timer.start(wait)) return false;
  curl_waitfd extra{timer.descriptor(), CURL_WAIT_POLLIN, 0};
  curl_multi_poll(multi, &extra, 1, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(wait).count()),
                  nullptr);
  return true;
}
#else
bool waitFinely(CURLM*, Clock::duration) { return false; }
#endif

}  // namespace

void preciseWait(CURLM* multi, Clock::duration atMost) {
  if (atMost > Clock::duration::zero() && atMost < kFine && waitFinely(multi, atMost)) return;
  // Rounded down while the time is long, so that the rest can be waited for finely; up where it can't.
  const auto whole = atMost < kFine ? std::chrono::ceil<std::chrono::milliseconds>(atMost)
                                    : std::chrono::floor<std::chrono::milliseconds>(atMost);
  curl_multi_poll(multi, nullptr, 0, static_cast<int>(std::min(whole, kLongest).count()), nullptr);
}

}  // namespace chatapps::http
