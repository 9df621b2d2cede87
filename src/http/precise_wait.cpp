#include "http/precise_wait.hpp"

#include <algorithm>
#include <thread>

#ifdef __linux__
#include <sys/timerfd.h>
#include <unistd.h>
#endif

namespace chatapps::http {
namespace {

constexpr std::chrono::milliseconds kLongest = std::chrono::hours(1);
constexpr Clock::duration kFine = std::chrono::milliseconds(2);  // below this a whole millisecond matters

// A wait that libcurl can not do, as without memory, must not become a busy loop.
void poll(CURLM* multi, curl_waitfd* extra, std::chrono::milliseconds atMost) {
  const int most = static_cast<int>(atMost.count());
  if (curl_multi_poll(multi, extra, extra ? 1 : 0, most, nullptr) != CURLM_OK && most > 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

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
  poll(multi, &extra, std::chrono::ceil<std::chrono::milliseconds>(wait));
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
  poll(multi, nullptr, std::min(whole, kLongest));
}

}  // namespace chatapps::http
