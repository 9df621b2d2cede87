#include "pacing/places.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace chatapps::pacing {
namespace {

using Rank = Places::Rank;

class PlacesTest : public ::testing::Test {
 protected:
  std::shared_ptr<Ticket> add(const std::string& name, Rank rank = Rank::Normal, const std::string& message = "") {
    const auto ticket = make(name, message);
    places.append(ticket, rank);
    return ticket;
  }
  std::shared_ptr<Ticket> join(const std::string& name, const std::string& message) {
    const auto ticket = make(name, message);
    Ticket* const mate = places.mateOf(*ticket);
    EXPECT_NE(mate, nullptr);
    places.join(ticket, *mate);
    return ticket;
  }
  Ticket* mateFor(const std::string& message) { return places.mateOf(*make("probe", message)); }

  // All names, those of one place joined by +.
  std::string order() const {
    std::string text;
    const Ticket* before = nullptr;
    for (const Ticket* one = places.head(); one != nullptr; one = places.next(*one)) {
      if (before != nullptr) text += Places::samePlace(before, one) ? "+" : " ";
      for (const auto& [name, ticket] : names_) {
        if (ticket.get() == one) text += name;
      }
      before = one;
    }
    return text;
  }

  Places places;

 private:
  std::shared_ptr<Ticket> make(const std::string& name, const std::string& message) {
    auto ticket = std::make_shared<Ticket>();
    ticket->message = message;
    names_.emplace_back(name, ticket);
    return ticket;
  }

  std::vector<std::pair<std::string, std::shared_ptr<Ticket>>> names_;
};

TEST_F(PlacesTest, theFirstToComeIsTheHead) {
  EXPECT_EQ(places.head(), nullptr);
  const auto a = add("a");
  add("b");
  EXPECT_EQ(places.head(), a.get());
  EXPECT_EQ(order(), "a b");
}

TEST_F(PlacesTest, betterRanksGoFirstWheneverTheyCame) {
  add("low", Rank::Low);
  add("lowAgain", Rank::LowAgain);
  add("normal", Rank::Normal);
  add("normalAgain", Rank::NormalAgain);
  EXPECT_EQ(order(), "normalAgain normal lowAgain low");
  EXPECT_EQ(places.placesBefore(Rank::NormalAgain), 1u);
  EXPECT_EQ(places.placesBefore(Rank::Normal), 2u);
  EXPECT_EQ(places.placesBefore(Rank::Low), 4u);
}

TEST_F(PlacesTest, whoeverLeavesLetsThoseBehindMoveUp) {
  const auto a = add("a"), b = add("b"), c = add("c"), d = add("d");
  EXPECT_EQ(places.remove(*b), b);
  EXPECT_EQ(order(), "a c d");
  places.remove(*d);
  places.remove(*a);
  EXPECT_EQ(order(), "c");
  EXPECT_EQ(places.places(), 1u);
  EXPECT_FALSE(Places::contains(*a));
  EXPECT_TRUE(Places::contains(*c));
}

TEST_F(PlacesTest, ticketsForOneMessageShareAPlace) {
  add("a", Rank::Normal, "x");
  add("b", Rank::Normal, "y");
  join("a2", "x");
  join("b2", "y");
  join("a3", "x");
  EXPECT_EQ(order(), "a+a2+a3 b+b2");
  EXPECT_EQ(places.places(), 2u);
  EXPECT_EQ(places.tickets(), 5u);
}

TEST_F(PlacesTest, onlyTheSameNonEmptyMessageIsAMate) {
  add("a", Rank::Normal, "");
  add("b", Rank::Normal, "x");
  EXPECT_EQ(mateFor(""), nullptr);
  EXPECT_EQ(mateFor("y"), nullptr);
  EXPECT_NE(mateFor("x"), nullptr);
}

TEST_F(PlacesTest, aPlaceLastsUntilItsLastTicketLeavesWhicheverThatIs) {
  for (int leaver = 0; leaver < 3; ++leaver) {
    add("first", Rank::Normal, "w");  // so that the place is not the one that began in an empty lane
    std::vector<std::shared_ptr<Ticket>> mates{add("a", Rank::Normal, "x"), join("b", "x"), join("c", "x")};
    places.remove(*mates[static_cast<std::size_t>(leaver)]);
    EXPECT_EQ(places.places(), 2u);
    const auto joined = join("d", "x");
    mates[static_cast<std::size_t>(leaver)] = joined;
    for (const auto& mate : mates) {
      EXPECT_EQ(places.places(), 2u);
      EXPECT_NE(mateFor("x"), nullptr);
      places.remove(*mate);
    }
    EXPECT_EQ(places.places(), 1u);
    EXPECT_EQ(mateFor("x"), nullptr);
    while (places.head() != nullptr) places.remove(*places.head());
  }
}

TEST_F(PlacesTest, thePlaceThatBeganInAnEmptyLaneIsFoundAsTheOthersAre) {
  const auto a = add("a", Rank::Normal, "x");
  const auto b = join("b", "x");
  add("c", Rank::Normal, "y");
  places.remove(*b);
  join("d", "x");
  places.remove(*a);
  EXPECT_EQ(order(), "d c");
  EXPECT_NE(mateFor("x"), nullptr);
  places.remove(*places.head());
  EXPECT_EQ(mateFor("x"), nullptr);
  EXPECT_NE(mateFor("y"), nullptr);
}

TEST_F(PlacesTest, aLiftedPlaceKeepsItsOrderAndGoesBehindTheOthersOfItsNewRank) {
  add("n", Rank::Normal, "n");
  add("l", Rank::Low, "l");
  add("x1", Rank::Low, "x");
  join("x2", "x");
  add("k", Rank::Low, "k");
  const auto x3 = join("x3", "x");
  places.lift(*x3, Rank::Normal);
  EXPECT_EQ(order(), "n x1+x2+x3 l k");
  EXPECT_EQ(places.placesBefore(Rank::Normal), 2u);
  places.lift(*x3, Rank::NormalAgain);
  EXPECT_EQ(order(), "x1+x2+x3 n l k");
  join("x4", "x");
  EXPECT_EQ(order(), "x1+x2+x3+x4 n l k");
}

TEST_F(PlacesTest, thePlacesBeforeATicketAreCounted) {
  add("a", Rank::Normal, "x");
  join("b", "x");
  const auto c = add("c");
  const auto d = add("d", Rank::NormalAgain);
  const auto e = add("e", Rank::Low, "z");
  const auto f = join("f", "z");
  EXPECT_EQ(places.placesBefore(*d), 0u);
  EXPECT_EQ(places.placesBefore(*c), 2u);
  EXPECT_EQ(places.placesBefore(*e), 3u);
  EXPECT_EQ(places.placesBefore(*f), 3u);
}

TEST_F(PlacesTest, sharersAreTakenOutInOrder) {
  const auto a = add("a", Rank::Normal, "x");
  const auto b = join("b", "x"), c = join("c", "x");
  add("d");
  EXPECT_EQ(places.removeSharersOf(*a), (std::vector<std::shared_ptr<Ticket>>{b, c}));
  EXPECT_EQ(order(), "a d");
  EXPECT_TRUE(places.removeSharersOf(*a).empty());
}

TEST(Places, letGoOfTheirTicketsWhenTheyEnd) {
  const auto ticket = std::make_shared<Ticket>();
  {
    Places places;
    places.append(ticket, Rank::Normal);
    EXPECT_EQ(ticket.use_count(), 2);
  }
  EXPECT_EQ(ticket.use_count(), 1);
}

}  // namespace
}  // namespace chatapps::pacing
