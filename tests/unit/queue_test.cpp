#include "pacing/queue.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace chatapps::pacing {
namespace {

using Rank = Queue::Rank;

class QueueTest : public ::testing::Test {
 protected:
  std::shared_ptr<Ticket> add(const std::string& name, Rank rank = Rank::Normal) {
    auto ticket = std::make_shared<Ticket>();
    names_.emplace_back(name, ticket);
    queue.append(ticket, rank);
    return ticket;
  }

  std::string order() const {
    std::string text;
    for (const Ticket* one = queue.head(); one != nullptr; one = queue.next(*one)) {
      for (const auto& [name, ticket] : names_) {
        if (ticket.get() == one) text += (text.empty() ? "" : " ") + name;
      }
    }
    return text;
  }

  Queue queue;

 private:
  std::vector<std::pair<std::string, std::shared_ptr<Ticket>>> names_;
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
  EXPECT_EQ(queue.sizeBefore(Rank::NormalAgain), 1u);
  EXPECT_EQ(queue.sizeBefore(Rank::Normal), 2u);
  EXPECT_EQ(queue.sizeBefore(Rank::Low), 4u);
}

TEST_F(QueueTest, whoeverLeavesLetsThoseBehindMoveUp) {
  const auto a = add("a"), b = add("b"), c = add("c", Rank::Low), d = add("d", Rank::Low);
  EXPECT_EQ(queue.remove(*b), b);
  EXPECT_EQ(order(), "a c d");
  queue.remove(*d);
  queue.remove(*a);
  EXPECT_EQ(order(), "c");
  EXPECT_EQ(queue.size(), 1u);
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
