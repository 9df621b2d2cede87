#include "pacing/lane.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "later.hpp"

namespace chatapps::pacing {

using std::chrono::hours;
using std::chrono::milliseconds;

namespace {
// Longer intervals are all the same; sums of a few of them stay far from overflow.
constexpr Duration kLongestInterval = hours(24 * 365);
// What 429s taught is kept so long in a lane that nobody uses.
constexpr Duration kMemory = std::chrono::seconds(60);

Duration bounded(Duration interval) noexcept { return std::clamp(interval, Duration::zero(), kLongestInterval); }

Duration times(Duration pace, std::size_t count) noexcept {
  if (pace <= Duration::zero() || count == 0) return Duration::zero();
  const auto most = static_cast<std::size_t>(Duration::max() / pace);
  return count > most ? Duration::max() : pace * static_cast<Duration::rep>(count);
}

Queue::Rank rankOf(const Ticket& ticket, Lane::End end) noexcept {
  const bool again = end == Lane::End::Front;
  if (ticket.priority == Priority::Low) return again ? Queue::Rank::LowAgain : Queue::Rank::Low;
  return again ? Queue::Rank::NormalAgain : Queue::Rank::Normal;
}

void call(const std::shared_ptr<Ticket>& ticket) noexcept {
  if (ticket && ticket->onTurn) ticket->onTurn();
}
}  // namespace

Lane::Lane(std::shared_ptr<RoundTrips> roundTrips) : roundTrips_(std::move(roundTrips)) {}

bool Lane::enter(const std::shared_ptr<Ticket>& ticket, End end, std::size_t maxWaiting, Time now) {
  std::shared_ptr<Ticket> mustAsk;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (Queue::contains(*ticket)) return true;
    const Queue::Rank rank = rankOf(*ticket, end);
    ticket->standing.wontFit = false;
    if (rank == Queue::Rank::Normal && queue_.tickets(rank) >= maxWaiting) return false;
    Place* const shared = queue_.placeFor(*ticket);
    ticket->standing.wontFit =
        !(shared != nullptr && shared->rank <= rank ? fitsIn(*shared, *ticket, now)
                                                    : fitsAfter(queue_.placesBefore(rank), *ticket, now));
    if (ticket->standing.wontFit) return false;
    if (shared != nullptr) {
      queue_.join(ticket, *shared, rank);
    } else {
      queue_.append(ticket, rank);
    }
    if (queue_.head() == ticket.get()) {  // it asks next, as everyone who enters does
      expected_ = ticket.get();
      expectedAt_ = Time::min();
    }
    mustAsk = whoMustAsk();
  }
  call(mustAsk);
  return true;
}

Turn Lane::ask(Ticket& ticket, Time now) {
  Turn turn;
  std::shared_ptr<Ticket> self;  // let go of after the mutex
  std::shared_ptr<Ticket> mustAsk;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!Queue::contains(ticket)) {
      if (ticket.standing.wontFit) turn.kind = Turn::Kind::WontFit;
      return turn;
    }
    if (queue_.head() != &ticket) return turn;
    expected_ = nullptr;
    if (!underWay_.empty()) return turn;
    const bool isReserved = isReservedFor(ticket);
    const Time granted = notBefore(ticket);
    const Time due = std::max(dueTime(ticket.interval), granted);
    const bool never = granted == Time::max();
    if (never || (due > now && std::max(likelyDueTime(ticket.interval), granted) > ticket.deadline)) {
      turn.kind = Turn::Kind::WontFit;
      if (isReserved) return turn;
      ticket.standing.wontFit = true;
      self = queue_.remove(ticket);
      mustAsk = whoMustAsk();
    } else if (due > now) {
      turn.kind = Turn::Kind::Later;
      // An answer that is awaited may bring it nearer, so it isn't given up before the deadline.
      turn.at = ticket.deadline > now ? std::min(due, ticket.deadline) : due;
      expected_ = &ticket;
      expectedAt_ = turn.at;
    } else if (ticket.pacer != nullptr && !(isReserved && reservation_.isAnswered)) {
      expected_ = &ticket;  // `reserved` calls it
      expectedAt_ = Time::min();
      if (isReserved) return turn;
      turn.kind = Turn::Kind::Reserve;
      turn.number = reservation_.number + 1;
      reservation_ = {ticket.pacer, &ticket, turn.number};
    } else {
      turn.kind = Turn::Kind::Go;
      turn.at = reservation_.due;
      underWay_ = queue_.removePlaceOf(ticket);
      underWayInterval_ = bounded(ticket.interval);
    }
  }
  call(mustAsk);
  return turn;
}

void Lane::reserved(std::uint64_t number, std::optional<Time> due) {
  std::shared_ptr<Ticket> mustAsk;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (reservation_.pacer == nullptr || reservation_.number != number || reservation_.isAnswered) return;
    if (due) {
      reservation_.isAnswered = true;
      reservation_.due = reservation_.at = *due;
    } else {
      reservation_.pacer = nullptr;
    }
    expected_ = nullptr;
    mustAsk = whoMustAsk();
  }
  call(mustAsk);
}

void Lane::postponed(std::optional<Time> at) {
  std::shared_ptr<Ticket> mustAsk;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    queue_.putBack(underWay_);
    if (at) {
      reservation_.at = *at;
    } else {
      reservation_.pacer = nullptr;
    }
    mustAsk = whoMustAsk();
  }
  call(mustAsk);
}

bool Lane::leave(Ticket& ticket) {
  std::shared_ptr<Ticket> self;  // let go of after the mutex
  std::shared_ptr<Ticket> mustAsk;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (Queue::contains(ticket)) {
      if (expected_ == &ticket) expected_ = nullptr;
      const bool nobodyUsesIt = reservation_.by == &ticket || queue_.tickets() == 1 || notBefore(ticket) == Time::max();
      if (queue_.head() == &ticket && underWay_.empty() && isReservedFor(ticket) && nobodyUsesIt) {
        underWay_ = queue_.removePlaceOf(ticket);
        return true;
      }
      self = queue_.remove(ticket);
    } else if (ticket.standing.where == Ticket::Where::UnderWay && underWay_.front().first.get() != &ticket) {
      self = underWay_.front().remove(ticket);
    }
    mustAsk = whoMustAsk();
  }
  call(mustAsk);
  return false;
}

Tickets Lane::sent(Time now) {
  std::list<Place> left;  // let go of after the mutex
  std::shared_ptr<Ticket> mustAsk;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    left.splice(left.end(), underWay_);
    left.front().nowIs(Ticket::Where::Outside);
    lastSent_ = now;
    reservation_.pacer = nullptr;
    longestInterval_ = std::max(longestInterval_, underWayInterval_);
    awaited_ = true;
    slack_ = patience(underWayInterval_);
    mustAsk = whoMustAsk();
  }
  call(mustAsk);
  return std::move(left.front().others);
}

void Lane::unsent() {
  std::shared_ptr<Ticket> self;  // let go of after the mutex
  std::shared_ptr<Ticket> mustAsk;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    reservation_.pacer = nullptr;
    Place& place = underWay_.front();
    self = place.remove(*place.first);
    if (place.first) {
      queue_.putBack(underWay_);
    } else {
      underWay_.clear();
    }
    mustAsk = whoMustAsk();
  }
  call(mustAsk);
}

void Lane::answered(Time sentAt, Time now) {
  const Duration roundTrip = now - sentAt;
  std::shared_ptr<Ticket> mustAsk;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (lastSent_ && sentAt >= *lastSent_) {  // else a later request has left: only that one's answer counts
      awaited_ = false;
      slack_ = std::max(roundTrip - roundTrips_->low(), Duration::zero());
      mustAsk = whoMustAsk();
    }
  }
  call(mustAsk);
  roundTrips_->add(roundTrip);
}

Duration Lane::rejected(Duration pause, Time now) {
  Duration held;
  std::vector<std::shared_ptr<Ticket>> mustAsk;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    // An answer that comes while the lane is held belongs to a request that left before.
    const Duration hold = rejections_.rejected(pause, now < holdUntil_);
    holdUntil_ = std::max(holdUntil_, later(now, hold));
    held = holdUntil_ - now;
    mustAsk.reserve(queue_.tickets());  // beforehand: nobody is put out without being told
    std::size_t ahead = 0;
    queue_.forEachPlace([&](const Place& place) {
      bool anyStays = false;
      const auto look = [&](const std::shared_ptr<Ticket>& ticket) {
        ticket->standing.wontFit = !fitsAfter(ahead, *ticket, now);
        if (ticket->standing.wontFit) {
          mustAsk.push_back(ticket);
        } else {
          anyStays = true;
        }
      };
      look(place.first);
      for (const auto& sharer : place.others) look(sharer);
      if (anyStays) ++ahead;
    });
    for (const auto& ticket : mustAsk) {
      if (expected_ == ticket.get()) expected_ = nullptr;
      queue_.remove(*ticket);
    }
    if (queue_.head() == nullptr && underWay_.empty()) reservation_.pacer = nullptr;
    if (auto head = whoMustAsk()) mustAsk.push_back(std::move(head));
  }
  for (const auto& ticket : mustAsk) call(ticket);
  return held;
}

void Lane::succeeded() {
  const std::lock_guard<std::mutex> lock(mutex_);
  rejections_.succeeded();
}

Duration Lane::estimate(std::size_t messages, Duration interval, Time now) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::size_t waiting = queue_.places();
  if (waiting == 0 && messages == 0) return Duration::zero();
  const std::size_t before =
      messages > std::numeric_limits<std::size_t>::max() - waiting ? messages : waiting + messages - 1;
  return slotAfter(before, interval, now) - now;
}

Duration Lane::stretched(Duration interval) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return rejections_.stretched(bounded(interval));
}

Duration Lane::spacing(Duration interval) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return rejections_.stretched(bounded(interval)) + spread();
}

Lane::Outlook Lane::outlook(Duration interval, Time now) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const bool inTime = roundTrips_->typical() < bounded(interval);
  const Duration slack = !awaited_ ? slack_ : inTime ? Duration::zero() : spread();
  return {std::max(afterLast(interval, slack), now) - now, awaited_ && inTime};
}

bool Lane::isIdle(Time now) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!underWay_.empty() || queue_.head() != nullptr) return false;
  const Time due = dueTime(longestInterval_);
  return now >= (rejections_.forgotten() ? due : later(due, kMemory));
}

Time Lane::afterLast(Duration interval, Duration slack) const noexcept {
  if (!lastSent_) return holdUntil_;
  return std::max(holdUntil_, later(*lastSent_, rejections_.stretched(bounded(interval)) + slack));
}

Time Lane::notBefore(const Ticket& ticket) const noexcept {
  return isReservedFor(ticket) && reservation_.isAnswered ? reservation_.at : Time::min();
}

// When the next request may leave, by what is known now.
Time Lane::dueTime(Duration interval) const noexcept { return afterLast(interval, slack_); }

// When it will probably leave: an answer that is awaited will be in time.
Time Lane::likelyDueTime(Duration interval) const noexcept { return afterLast(interval, awaited_ ? spread() : slack_); }

// When a ticket with so many places before it will probably go.
Time Lane::slotAfter(std::size_t ahead, Duration interval, Time now) const noexcept {
  const Duration each = rejections_.stretched(bounded(interval)) + spread();
  const Time first =
      !underWay_.empty() ? std::max(holdUntil_, later(now, each)) : std::max(now, likelyDueTime(interval));
  return later(first, times(each, ahead));
}

bool Lane::fitsAfter(std::size_t ahead, const Ticket& ticket, Time now) const noexcept {
  return slotAfter(ahead, ticket.interval, now) <= ticket.deadline;
}

// The places before it are counted only where the last of its rank would be too late.
bool Lane::fitsIn(const Place& place, const Ticket& ticket, Time now) const noexcept {
  return fitsAfter(queue_.placesBefore(place.rank) - 1, ticket, now) ||
         fitsAfter(queue_.placesBefore(place), ticket, now);
}

// What the usual answer takes beyond the quickest, and so the usual time from the end of an interval to the next
// request.
Duration Lane::spread() const noexcept {
  return std::max(roundTrips_->typical() - roundTrips_->low(), Duration::zero());
}

// The head, if it could go sooner than it knows.
std::shared_ptr<Ticket> Lane::whoMustAsk() noexcept {
  const Ticket* const head = queue_.head();
  if (head == nullptr || !underWay_.empty()) return nullptr;
  if (expected_ == head && expectedAt_ <= std::max(dueTime(head->interval), notBefore(*head))) return nullptr;
  expected_ = head;
  expectedAt_ = Time::min();
  return head->standing.place->first;
}

// How long past the interval to wait for the answer of the request that leaves now. Without an answer, the best guess
// is that the request takes its usual time. Where answers usually come within the interval, one that is late by then
// may have been held up on its way to the server, and sending close behind it could cost a 429: then wait a little
// more.
Duration Lane::patience(Duration interval) const noexcept {
  if (roundTrips_->typical() >= interval) return spread();
  return std::max({spread(), interval / 4, Duration(milliseconds(50))});
}

}  // namespace chatapps::pacing
