// Who goes next: order, priorities and shared places.
#include <gtest/gtest.h>

#include "lane_fixture.hpp"

namespace chatapps::pacing {
namespace {

// ---- Order ----

TEST_F(LaneTest, theFirstCallGoesAtOnce) { EXPECT_EQ(ask(enter()), Kind::Go); }

TEST_F(LaneTest, onlyTheHeadIsToldATime) {
  goAndFinish(enter());
  const auto a = enter(), b = enter();
  EXPECT_EQ(later(a), 1s);
  EXPECT_EQ(ask(b), Kind::Wait);
}

TEST_F(LaneTest, callsGoInTheOrderInWhichTheyCame) {
  const std::vector<std::shared_ptr<Caller>> callers{enter(), enter(), enter()};
  for (const auto& caller : callers) {
    goAndFinish(caller);
    now += 1s;
  }
}

TEST_F(LaneTest, nobodyElseGoesUntilTheRequestHasLeft) {
  const auto a = enter(), b = enter();
  ASSERT_EQ(ask(a), Kind::Go);
  now += 10s;
  EXPECT_EQ(ask(b), Kind::Wait);
  lane.sent(now);
  EXPECT_EQ(b->calls, 1);
  EXPECT_GE(later(b), 1s);
}

TEST_F(LaneTest, aRequestThatDoesNotLeaveGivesTheSlotToTheNext) {
  const auto a = enter(), b = enter();
  ASSERT_EQ(ask(a), Kind::Go);
  EXPECT_EQ(ask(b), Kind::Wait);
  lane.unsent();
  EXPECT_EQ(b->calls, 1);
  EXPECT_EQ(ask(b), Kind::Go);
}

TEST_F(LaneTest, row46_aCancelledCallLeavesNoHole) {
  goAndFinish(enter());
  const auto a = enter(), b = enter(), c = enter();
  EXPECT_EQ(later(a), 1s);
  EXPECT_EQ(ask(b), Kind::Wait);
  lane.leave(*b);
  now += 500ms;
  EXPECT_EQ(c->calls, 0);
  lane.leave(*a);
  EXPECT_EQ(c->calls, 1);
  EXPECT_EQ(later(c), 500ms);
  now += 500ms;
  EXPECT_EQ(ask(c), Kind::Go);
}

TEST_F(LaneTest, leavingTwiceOrAfterGoIsHarmless) {
  const auto a = enter(), b = enter();
  ASSERT_EQ(ask(a), Kind::Go);
  lane.leave(*a);
  lane.leave(*b);
  lane.leave(*b);
  EXPECT_EQ(ask(b), Kind::Wait);
  lane.unsent();
  EXPECT_EQ(ask(enter()), Kind::Go);
}

TEST_F(LaneTest, anImpatientQuestionGetsTheSameAnswer) {
  goAndFinish(enter());
  const auto a = enter();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(later(a), 1s);
}

TEST_F(LaneTest, enteringTwiceIsOnce) {
  const auto a = enter(), b = enter();
  EXPECT_TRUE(enter(b));
  EXPECT_EQ(ask(a), Kind::Go);
  lane.unsent();
  EXPECT_EQ(ask(b), Kind::Go);
  lane.unsent();
  EXPECT_EQ(ask(b), Kind::Wait);
}

TEST_F(LaneTest, theLaneKeepsATicketThatItsOwnerForgets) {
  const auto first = enter();
  std::weak_ptr<Ticket> forgotten = enter();
  EXPECT_FALSE(forgotten.expired());
  lane.leave(*forgotten.lock());
  EXPECT_TRUE(forgotten.expired());
}

// ---- Priorities ----

TEST_F(LaneTest, pollsGoWhenNobodyElseWaits) {
  const auto poll = make();
  poll->priority = Priority::Low;
  ASSERT_TRUE(enter(poll));
  const auto a = enter();
  EXPECT_EQ(ask(poll), Kind::Wait);
  goAndFinish(a);
  EXPECT_EQ(later(poll), 1s);
  const auto b = enter();
  EXPECT_EQ(ask(poll), Kind::Wait);
  EXPECT_EQ(later(b), 1s);
}

TEST_F(LaneTest, aCallThatMeetsA429GoesAgainBeforeTheOthersOfItsPriority) {
  const auto a = enter(), b = enter();
  goAndFinish(a);
  lane.rejected(1s, now);
  const auto poll = make();
  poll->priority = Priority::Low;
  ASSERT_TRUE(enter(poll, Lane::End::Front));
  ASSERT_TRUE(enter(a, Lane::End::Front));
  EXPECT_EQ(ask(b), Kind::Wait);
  now += 1s;
  goAndFinish(a);
  now += 1s;
  goAndFinish(b);
  now += 1s;
  goAndFinish(poll);
}

TEST_F(LaneTest, severalThatMetA429KeepTheirOrder) {
  const auto a = make(), b = make();
  ASSERT_TRUE(enter(a, Lane::End::Front));
  ASSERT_TRUE(enter(b, Lane::End::Front));
  goAndFinish(a);
  now += 1s;
  goAndFinish(b);
}

// ---- Sharing ----

TEST_F(LaneTest, callsForOneMessageShareASlot) {
  const auto other = enter("y");
  const auto a = enter("x"), b = enter("x"), c = enter("x");
  goAndFinish(other);
  now += 1s;
  EXPECT_EQ(ask(b), Kind::Wait);
  ASSERT_EQ(ask(a), Kind::Go);
  EXPECT_EQ(ask(b), Kind::Wait);
  EXPECT_EQ(lane.sent(now), (Tickets{b, c}));
  EXPECT_EQ(ask(b), Kind::Wait) << "it has left the lane";
  const auto d = enter("x");
  EXPECT_EQ(b->calls + c->calls, 0);
  EXPECT_EQ(later(d), 1250ms) << "who comes after the request left needs one of its own";
}

TEST_F(LaneTest, whenTheFirstOfAPlaceLeavesTheNextGoesInItsStead) {
  goAndFinish(enter());
  const auto a = enter("x"), b = enter("x"), c = enter("x");
  EXPECT_EQ(later(a), 1s);
  lane.leave(*a);
  EXPECT_EQ(b->calls, 1);
  lane.leave(*c);
  now += 1s;
  ASSERT_EQ(ask(b), Kind::Go);
  EXPECT_TRUE(lane.sent(now).empty());
}

TEST_F(LaneTest, whenTheFirstOfAPlaceDoesNotSendTheOthersAreNext) {
  const auto a = enter("x"), b = enter("x"), c = enter("x"), other = enter();
  ASSERT_EQ(ask(a), Kind::Go);
  EXPECT_EQ(ask(b), Kind::Wait);
  lane.unsent();
  EXPECT_EQ(b->calls, 1);
  EXPECT_EQ(ask(other), Kind::Wait);
  ASSERT_EQ(ask(b), Kind::Go);
  EXPECT_EQ(lane.sent(now), Tickets{c});
  now += 2s;
  EXPECT_EQ(ask(other), Kind::Go);
}

TEST_F(LaneTest, oneThatSharesMayLeaveWhileTheRequestIsUnderWay) {
  const auto a = enter("x"), b = enter("x"), c = enter("x");
  ASSERT_EQ(ask(a), Kind::Go);
  lane.leave(*b);
  lane.leave(*a);  // changes nothing: it says `unsent`
  EXPECT_EQ(lane.sent(now), Tickets{c});
  lane.leave(*c);
}

TEST_F(LaneTest, thoseWhoArePutBackAreNotJoinedAndHarmNobodyWhoIs) {
  const auto a = enter("x"), b = enter("x"), other = enter("y");
  ASSERT_EQ(ask(a), Kind::Go);
  const auto d = enter("x");  // while the request is on its way to the wire
  lane.unsent();
  lane.leave(*b);
  const auto e = enter("x");
  goAndFinish(other);
  now += 1s;
  ASSERT_EQ(ask(d), Kind::Go);
  EXPECT_EQ(lane.sent(now), Tickets{e});
}

TEST_F(LaneTest, oneThatGoesAgainTakesAlongWhoAsksForTheSame) {
  const auto first = enter(), a = enter("x");
  const auto again = make("x");
  ASSERT_TRUE(enter(again, Lane::End::Front));
  EXPECT_EQ(ask(first), Kind::Wait);
  ASSERT_EQ(ask(a), Kind::Go);
  EXPECT_EQ(lane.sent(now), Tickets{again});
}

TEST_F(LaneTest, sharedPlacesCountOnce) {
  enter("x");
  enter("x");
  enter("x");
  EXPECT_TRUE(enter(make("y", 1s)));
  EXPECT_FALSE(enter(make("z", 1s)));
}

}  // namespace
}  // namespace chatapps::pacing
