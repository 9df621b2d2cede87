#include "pacing/queue.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace chatapps::pacing {
namespace {

using Rank = Queue::Rank;

class QueueTest : public ::testing::Test {
 protected:
  struct Named : Ticket {
    std::string name, message;
  };

  std::shared_ptr<Named> add(const std::string& name, Rank rank = Rank::Normal, const std::string& message = "") {
    auto ticket = make(name, message);
    queue.append(ticket, rank);
    return ticket;
  }
  std::shared_ptr<Named> join(const std::string& name, const std::string& message, Rank rank = Rank::Low) {
    auto ticket = make(name, message);
    queue.join(ticket, *queue.placeFor(*ticket), rank);
    return ticket;
  }
  bool hasPlaceFor(const std::string& message) { return queue.placeFor(*make("probe", message)) != nullptr; }

  // All names, those of one place joined by +.
  std::string order() const {
    std::string text;
    queue.forEachPlace([&](const Place& place) {
      if (!text.empty()) text += " ";
      text += static_cast<const Named&>(*place.first).name;
      for (const auto& sharer : place.others) text += "+" + static_cast<const Named&>(*sharer).name;
    });
    return text;
  }

  Queue queue;

 private:
  std::shared_ptr<Named> make(const std::string& name, const std::string& message) {
    auto ticket = std::make_shared<Named>();
    ticket->name = name;
    ticket->message = message;
    ticket->umid = ticket->message;
    if (!message.empty()) ticket->client = this;
    return ticket;
  }
};

TEST_F(QueueTest, theFirstToComeIsTheHead) {
  EXPECT_EQ(queue.head(), nullptr);
  const auto a = add("a");
  add("b");
  EXPECT_EQ(queue.head(), a.get());
  EXPECT_EQ(order(), "a b");
}

TEST_F(QueueTest, betterRanksGoFirstWheneverTheyCame) {
  add("low", Rank::Low);
  add("lowAgain", Rank::LowAgain);
  add("normal", Rank::Normal);
  add("normalAgain", Rank::NormalAgain);
  EXPECT_EQ(order(), "normalAgain normal lowAgain low");
  EXPECT_EQ(queue.placesBefore(Rank::NormalAgain), 1u);
  EXPECT_EQ(queue.placesBefore(Rank::Normal), 2u);
  EXPECT_EQ(queue.placesBefore(Rank::Low), 4u);
}

TEST_F(QueueTest, whoeverLeavesLetsThoseBehindMoveUp) {
  const auto a = add("a"), b = add("b"), c = add("c", Rank::Low), d = add("d", Rank::Low);
  EXPECT_EQ(queue.remove(*b), b);
  EXPECT_EQ(order(), "a c d");
  queue.remove(*d);
  queue.remove(*a);
  EXPECT_EQ(order(), "c");
  EXPECT_EQ(queue.places(), 1u);
  EXPECT_EQ(queue.tickets(), 1u);
  EXPECT_FALSE(Queue::contains(*a));
  EXPECT_TRUE(Queue::contains(*c));
}

TEST_F(QueueTest, whoeverLeftMayComeAgain) {
  const auto a = add("a");
  add("b");
  queue.remove(*a);
  queue.append(a, Rank::NormalAgain);
  EXPECT_EQ(order(), "a b");
}

TEST_F(QueueTest, ticketsForOneMessageShareAPlace) {
  add("a", Rank::Normal, "x");
  add("b", Rank::Normal, "y");
  join("a2", "x");
  join("b2", "y");
  join("a3", "x");
  EXPECT_EQ(order(), "a+a2+a3 b+b2");
  EXPECT_EQ(queue.places(), 2u);
  EXPECT_EQ(queue.tickets(), 5u);
}

TEST_F(QueueTest, onlyTheSameClientAndMessageAreShared) {
  add("a");
  const auto b = add("b", Rank::Normal, "x");
  EXPECT_FALSE(hasPlaceFor(""));
  EXPECT_FALSE(hasPlaceFor("y"));
  EXPECT_TRUE(hasPlaceFor("x"));
  Ticket ofAnother;
  ofAnother.client = b.get();
  ofAnother.umid = "x";
  EXPECT_EQ(queue.placeFor(ofAnother), nullptr);
}

TEST_F(QueueTest, aPlaceLastsUntilItsLastTicketLeavesWhicheverThatIs) {
  for (std::size_t leaver = 0; leaver < 3; ++leaver) {
    add("first", Rank::Normal, "w");  // so that the place is not the one that began in an empty queue
    std::vector<std::shared_ptr<Named>> mates{add("a", Rank::Normal, "x"), join("b", "x"), join("c", "x")};
    queue.remove(*mates[leaver]);
    EXPECT_EQ(queue.places(), 2u);
    mates[leaver] = join("d", "x");
    for (const auto& mate : mates) {
      EXPECT_EQ(queue.places(), 2u);
      EXPECT_TRUE(hasPlaceFor("x"));
      queue.remove(*mate);
    }
    EXPECT_EQ(queue.places(), 1u);
    EXPECT_FALSE(hasPlaceFor("x"));
    while (queue.head() != nullptr) queue.remove(*queue.head());
    EXPECT_EQ(queue.tickets(), 0u);
  }
}

TEST_F(QueueTest, thePlaceThatBeganInAnEmptyQueueIsFoundAsTheOthersAre) {
  const auto a = add("a", Rank::Normal, "x");
  const auto b = join("b", "x");
  add("c", Rank::Normal, "y");
  queue.remove(*b);
  join("d", "x");
  queue.remove(*a);
  EXPECT_EQ(order(), "d c");
  EXPECT_TRUE(hasPlaceFor("x"));
  queue.remove(*queue.head());
  EXPECT_FALSE(hasPlaceFor("x"));
  EXPECT_TRUE(hasPlaceFor("y"));
}

TEST_F(QueueTest, aPlaceGoesWhereItsBestTicketWouldAndKeepsItsOrder) {
  add("n", Rank::Normal, "n");
  add("l", Rank::Low, "l");
  add("x1", Rank::Low, "x");
  join("x2", "x");
  add("k", Rank::Low, "k");
  join("x3", "x", Rank::Normal);
  EXPECT_EQ(order(), "n x1+x2+x3 l k");
  EXPECT_EQ(queue.placesBefore(Rank::Normal), 2u);
  EXPECT_EQ(queue.tickets(Rank::Normal), 4u);
  join("x4", "x", Rank::NormalAgain);
  EXPECT_EQ(order(), "x1+x2+x3+x4 n l k");
  join("x5", "x", Rank::Low);
  EXPECT_EQ(order(), "x1+x2+x3+x4+x5 n l k");
  EXPECT_EQ(queue.tickets(), 8u);
}

TEST_F(QueueTest, thePlacesBeforeAPlaceAreCounted) {
  const auto a = add("a", Rank::Normal, "x");
  join("b", "x");
  const auto c = add("c");
  const auto d = add("d", Rank::NormalAgain);
  const auto e = add("e", Rank::Low, "z");
  const auto before = [&](const Ticket& ticket) { return queue.placesBefore(*ticket.standing.place); };
  EXPECT_EQ(before(*d), 0u);
  EXPECT_EQ(before(*a), 1u);
  EXPECT_EQ(before(*c), 2u);
  EXPECT_EQ(before(*e), 3u);
}

TEST_F(QueueTest, aPlaceIsTakenOutAsAWholeAndMayComeBack) {
  const auto a = add("a", Rank::Normal, "x");
  const auto b = join("b", "x"), c = join("c", "x");
  add("d");
  add("again", Rank::NormalAgain);
  std::list<Place> place = queue.removePlaceOf(*a);
  EXPECT_EQ(order(), "again d");
  EXPECT_EQ(queue.tickets(), 2u);
  EXPECT_FALSE(Queue::contains(*c));
  EXPECT_FALSE(hasPlaceFor("x"));
  EXPECT_EQ(place.front().remove(*a), a);
  EXPECT_EQ(place.front().first, b);
  queue.putBack(place);
  EXPECT_EQ(order(), "again b+c d");
  EXPECT_EQ(queue.tickets(), 4u);
  EXPECT_TRUE(Queue::contains(*c));
  EXPECT_FALSE(hasPlaceFor("x"));
}

TEST(Queue, letsGoOfItsTicketsWhenItEnds) {
  const auto ticket = std::make_shared<Ticket>();
  {
    Queue queue;
    queue.append(ticket, Rank::Normal);
    EXPECT_EQ(ticket.use_count(), 2);
  }
  EXPECT_EQ(ticket.use_count(), 1);
}

}  // namespace
}  // namespace chatapps::pacing
