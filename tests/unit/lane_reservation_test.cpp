// A lane whose slots are reserved elsewhere as well: the reservation is the lane's, not a ticket's.
#include "unit/lane_fixture.hpp"

namespace chatapps::pacing {
namespace {

class LaneReservation : public LaneTest {
 protected:
  std::shared_ptr<Caller> enterShared(Priority priority = Priority::Normal, Duration timeout = 24h) {
    auto caller = make("", timeout);
    caller->priority = priority;
    caller->pacer = this;
    EXPECT_TRUE(enter(caller));
    return caller;
  }
  std::uint64_t reserve(const std::shared_ptr<Caller>& caller) {
    const Turn turn = lane.ask(*caller, now);
    EXPECT_EQ(turn.kind, Kind::Reserve);
    return turn.number;
  }
  /// It stands at the head, and has a slot so long from now.
  void reserveIn(const std::shared_ptr<Caller>& caller, Duration wait) { lane.reserved(reserve(caller), now + wait); }
};

TEST_F(LaneReservation, theHeadReservesAndWaitsUntilTheSlotFallsDue) {
  const auto caller = enterShared();
  const std::uint64_t number = reserve(caller);
  EXPECT_EQ(ask(caller), Kind::Wait) << "it was asked for already";
  const int before = caller->calls;
  lane.reserved(number, now + 3s);
  EXPECT_EQ(caller->calls, before + 1);
  EXPECT_EQ(later(caller), 3s);
  now += 4s;
  const Turn turn = lane.ask(*caller, now);
  EXPECT_EQ(turn.kind, Kind::Go);
  EXPECT_EQ(turn.at, now - 1s) << "how late it is";
}

TEST_F(LaneReservation, itsOwnIntervalHoldsAllTheSame) {
  goAndFinish(enter());
  const auto caller = enterShared();
  EXPECT_EQ(later(caller), 1s);
  now += 1s;
  reserveIn(caller, -5s);
  EXPECT_EQ(ask(caller), Kind::Go);
  lane.sent(now);
  EXPECT_EQ(later(enterShared()), 1s + 250ms) << "nor is the next slot reserved yet";
}

TEST_F(LaneReservation, whoeverStandsAtTheHeadUsesIt) {
  const auto run = enterShared(Priority::Low);
  reserveIn(run, 3s);
  EXPECT_EQ(later(run), 3s);
  const auto direct = enterShared();
  EXPECT_EQ(later(direct), 3s);
  EXPECT_EQ(ask(run), Kind::Wait);
  now += 3s;
  goAndFinish(direct);
  EXPECT_EQ(later(run), 1s);
  now += 1s;
  reserveIn(run, 0s);
  goAndSend(run);
}

TEST_F(LaneReservation, theAnswerIsForTheHeadOfThen) {
  const auto run = enterShared(Priority::Low);
  const std::uint64_t number = reserve(run);
  const auto direct = enterShared();
  EXPECT_EQ(ask(direct), Kind::Wait);
  const int before = direct->calls, runBefore = run->calls;
  lane.reserved(number, now);
  EXPECT_EQ(direct->calls, before + 1);
  EXPECT_EQ(run->calls, runBefore);
  goAndSend(direct);
}

TEST_F(LaneReservation, aHeadThatLeavesGivesItBackBeforeTheNextReserves) {
  const auto first = enterShared(), second = enterShared();
  const std::uint64_t number = reserve(first);
  EXPECT_FALSE(lane.leave(*enterShared())) << "that one stands behind";
  const int before = second->calls;
  EXPECT_TRUE(lane.leave(*first));
  EXPECT_EQ(ask(second), Kind::Wait);
  EXPECT_EQ(second->calls, before);
  lane.unsent();
  EXPECT_EQ(second->calls, before + 1);
  const std::uint64_t next = reserve(second);
  lane.reserved(number, now);
  EXPECT_EQ(ask(second), Kind::Wait) << "that was the answer to the first one";
  lane.reserved(next, now);
  lane.reserved(next, now + 5s);  // a pacer that answers twice
  goAndSend(second);
  EXPECT_FALSE(lane.leave(*second));
}

TEST_F(LaneReservation, aHeadThatHasNoneLeavesAtOnce) {
  const auto first = enterShared(), second = enterShared();
  const int before = second->calls;
  EXPECT_FALSE(lane.leave(*first));
  EXPECT_EQ(second->calls, before + 1);
  reserve(second);
}

TEST_F(LaneReservation, oneThatIsNotThereYetIsAskedForAgain) {
  const auto run = enterShared(Priority::Low);
  reserveIn(run, 0s);
  const Time due = now;
  ASSERT_EQ(ask(run), Kind::Go);
  lane.postponed(now + 100ms);
  EXPECT_EQ(later(run), 100ms);
  const auto direct = enterShared();
  now += 100ms;
  EXPECT_EQ(ask(run), Kind::Wait);
  const Turn turn = lane.ask(*direct, now);
  EXPECT_EQ(turn.kind, Kind::Go);
  EXPECT_EQ(turn.at, due) << "it is late by so much";
  lane.postponed(std::nullopt);
  reserveIn(direct, 0s);
  goAndSend(direct);
}

TEST_F(LaneReservation, oneThatIsPostponedStandsBeforeTheOthers) {
  const auto first = enterShared(), second = enterShared();
  reserveIn(first, 0s);
  ASSERT_EQ(ask(first), Kind::Go);
  const int before = first->calls;
  lane.postponed(std::nullopt);
  EXPECT_EQ(first->calls, before + 1);
  EXPECT_EQ(ask(second), Kind::Wait);
  reserve(first);
}

TEST_F(LaneReservation, aSlotBeyondTheDeadlineIsGivenBack) {
  const auto hasty = enterShared(Priority::Normal, 2s), patient = enterShared();
  reserveIn(hasty, 3s);
  EXPECT_EQ(ask(hasty), Kind::WontFit);
  EXPECT_TRUE(lane.leave(*hasty));
  lane.unsent();
  reserve(patient);
}

TEST_F(LaneReservation, aDirectCallThatDoesNotFitLeavesTheRunItsSlot) {
  const auto run = enterShared(Priority::Low);
  reserveIn(run, 3s);
  const auto hasty = enterShared(Priority::Normal, 2s);
  EXPECT_EQ(ask(hasty), Kind::WontFit);
  EXPECT_FALSE(lane.leave(*hasty));
  EXPECT_EQ(later(run), 3s);
  now += 3s;
  goAndSend(run);
}

TEST_F(LaneReservation, whoIsLeftAloneWithItGivesItBack) {
  const auto run = enterShared(Priority::Low);
  reserveIn(run, 3s);
  const auto direct = enterShared();
  EXPECT_FALSE(lane.leave(*run));
  EXPECT_EQ(later(direct), 3s);
  EXPECT_TRUE(lane.leave(*direct));
  lane.unsent();
  reserve(enterShared());
}

TEST_F(LaneReservation, whatNeverComesNobodyWaitsFor) {
  const auto first = enterShared(), second = enterShared();
  first->deadline = second->deadline = Time::max();
  lane.reserved(reserve(first), Time::max());
  EXPECT_EQ(ask(first), Kind::WontFit);
  EXPECT_TRUE(lane.leave(*first));
  lane.unsent();
  reserveIn(second, 0s);
  goAndSend(second);
}

TEST_F(LaneReservation, whatCouldNotBeAskedTheNextHeadAsksAnew) {
  const auto run = enterShared(Priority::Low);
  const std::uint64_t number = reserve(run);
  const auto direct = enterShared();
  EXPECT_EQ(ask(direct), Kind::Wait);
  const int before = direct->calls;
  lane.reserved(number, std::nullopt);
  EXPECT_EQ(direct->calls, before + 1);
  reserveIn(direct, 0s);
  goAndSend(direct);
}

TEST_F(LaneReservation, isOfOnePacer) {
  const auto run = enterShared(Priority::Low);
  const std::uint64_t number = reserve(run);
  lane.reserved(number, now + 3s);
  const auto elsewhere = make();
  elsewhere->pacer = &now;
  EXPECT_TRUE(enter(elsewhere));
  const std::uint64_t other = reserve(elsewhere);
  EXPECT_NE(other, number);
  const auto alone = enter();
  EXPECT_EQ(ask(alone), Kind::Wait) << "it came later";
  lane.reserved(other, now);
  goAndFinish(elsewhere);
  now += 1s;
  goAndSend(alone);
}

TEST_F(LaneReservation, whoJoinsTheHeadWithALaterDeadlineUsesIt) {
  const auto shared = [&](Duration timeout) {
    auto caller = make("message", timeout);
    caller->pacer = this;
    EXPECT_TRUE(enter(caller));
    return caller;
  };
  const auto first = shared(10s);
  reserveIn(first, 3s);
  const auto longer = shared(20s);
  EXPECT_EQ(later(longer), 3s);
  EXPECT_FALSE(lane.leave(*first));
  now += 3s;
  goAndSend(longer);
}

TEST_F(LaneReservation, a429HoldsTheHeadBeyondIt) {
  const auto caller = enterShared();
  reserveIn(caller, 3s);
  EXPECT_EQ(later(caller), 3s);
  lane.rejected(10s, now);
  now += 3s;
  EXPECT_EQ(later(caller), 7s);
}

TEST_F(LaneReservation, endsWithTheLastThatA429PutsOut) {
  const auto hasty = enterShared(Priority::Normal, 5s);
  reserveIn(hasty, 3s);
  lane.rejected(10s, now);
  EXPECT_EQ(ask(hasty), Kind::WontFit);
  EXPECT_FALSE(lane.leave(*hasty));
  now += 10s;
  reserve(enterShared());
}

}  // namespace
}  // namespace chatapps::pacing
