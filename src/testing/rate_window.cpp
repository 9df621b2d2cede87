#include "testing/rate_window.hpp"

namespace chatapps::testing {

RateWindow::RateWindow(Window kind, Clock::duration interval, bool rejectedRequestsCount)
    : kind_(kind), interval_(interval), rejectedRequestsCount_(rejectedRequestsCount) {}

std::optional<Clock::duration> RateWindow::request(Clock::time_point now) {
  const bool accepted = !last_ || now >= opensAt();
  if (accepted || rejectedRequestsCount_) last_ = now;
  if (accepted) return std::nullopt;
  return opensAt() - now;
}

Clock::time_point RateWindow::opensAt() const {
  switch (kind_) {
    case Window::Fixed: return *last_ - last_->time_since_epoch() % interval_ + interval_;
    // A limit of one request and no tolerance make these three the same rule: GCRA's theoretical arrival time, the
    // moment at which the log's one entry is old enough, and the moment at which the bucket's one token is back.
    case Window::Gcra:
    case Window::Sliding:
    case Window::Bucket: break;
  }
  return *last_ + interval_;
}

}  // namespace chatapps::testing
