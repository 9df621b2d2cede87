#include "pacing/lanes.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#ifndef _WIN32
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace chatapps::pacing {
namespace {

using namespace std::chrono_literals;

class HandClock : public Clock {
 public:
  time_point now() const noexcept override { return now_; }
  SystemTime utcNow() const noexcept override { return {}; }
  time_point now_{1000h};
};

class LanesTest : public ::testing::Test {
 protected:
  std::shared_ptr<Lane> lane(const std::string& subAccountId, const std::string& origin = "https://a:443") {
    return lanes.lane({origin, subAccountId, clock, 0});
  }
  /// A request leaves now and is answered after `roundTrip`.
  void use(Lane& lane, std::chrono::milliseconds roundTrip = 0ms) const {
    const auto ticket = std::make_shared<Ticket>();
    ticket->interval = 1s;
    ASSERT_TRUE(lane.enter(ticket, Lane::End::Back, 100, hand->now_));
    ASSERT_EQ(lane.ask(*ticket, hand->now_).kind, Turn::Kind::Go);
    lane.sent(hand->now_);
    lane.answered(hand->now_, hand->now_ + roundTrip);
    lane.succeeded();
  }
  void expectKnown(Lane& lane, std::chrono::milliseconds roundTrip) const {
    use(lane, roundTrip);
    EXPECT_EQ(lane.estimate(1, 1s, hand->now_ + roundTrip), 1s - roundTrip);
  }

  std::shared_ptr<HandClock> hand = std::make_shared<HandClock>();
  std::shared_ptr<Clock> clock = hand;
  Lanes lanes;
};

TEST_F(LanesTest, whoAsksForTheSameGetsTheSame) {
  EXPECT_EQ(lane("one"), lane("one"));
  EXPECT_EQ(lanes.size(), 1u);
}

TEST_F(LanesTest, subAccountsOriginsClocksAndKindsOfTransportAreApart) {
  const auto one = lane("one");
  EXPECT_NE(lane("two"), one);
  EXPECT_NE(lane("one", "https://b:443"), one);
  EXPECT_NE(lanes.lane({"https://a:443", "one", clock, 1}), one);
  const std::shared_ptr<Clock> another = std::make_shared<HandClock>();
  EXPECT_NE(lanes.lane({"https://a:443", "one", another, 0}), one);
}

TEST_F(LanesTest, aClockAtTheAddressOfOneThatIsGoneIsAnother) {
  HandClock onlyOne;
  std::shared_ptr<Clock> clockNow(&onlyOne, [](Clock*) {});
  const auto before = lanes.lane({"https://a:443", "one", clockNow, 0});
  clockNow = std::shared_ptr<Clock>(&onlyOne, [](Clock*) {});
  EXPECT_NE(lanes.lane({"https://a:443", "one", clockNow, 0}), before);
}

TEST_F(LanesTest, lanesInUseStay) {
  const auto held = lane("held");
  const std::weak_ptr<Lane> busy = lane("busy");
  use(*busy.lock());
  for (int i = 0; i < 100; ++i) lane("other " + std::to_string(i));
  EXPECT_EQ(lane("held"), held);
  EXPECT_FALSE(busy.expired());
}

TEST_F(LanesTest, aLaneIsDroppedOnceANewOneWouldBehaveTheSame) {
  const std::weak_ptr<Lane> forgotten = lane("one");
  use(*forgotten.lock());
  hand->now_ += 999ms;
  lane("two");
  EXPECT_FALSE(forgotten.expired());
  hand->now_ += 1ms;
  for (int i = 0; i < 3; ++i) lane("more " + std::to_string(i));
  EXPECT_TRUE(forgotten.expired());
}

TEST_F(LanesTest, lanesOfAClockThatIsGoneAreDropped) {
  std::shared_ptr<Clock> another = std::make_shared<HandClock>();
  const std::weak_ptr<Lane> forgotten = lanes.lane({"https://a:443", "one", another, 0});
  lane("two");
  EXPECT_FALSE(forgotten.expired()) << "it is not known what time it is there";
  another.reset();
  for (int i = 0; i < 3; ++i) lane("more " + std::to_string(i));
  EXPECT_TRUE(forgotten.expired());
}

TEST_F(LanesTest, row70_manySubAccountsOneAfterAnotherTakeFewLanes) {
  for (int i = 0; i < 100'000; ++i) {
    use(*lane("account" + std::to_string(i)));
    hand->now_ += 10ms;  // so a hundred are busy at a time
    if (i % 1000 == 0) {
      ASSERT_LT(lanes.size(), 200u);
    }
  }
}

TEST_F(LanesTest, whatWasLearnedOfAnOriginOutlivesItsLanes) {
  for (int i = 0; i < 20; ++i) {
    use(*lane("account " + std::to_string(i)), 100ms);
    hand->now_ += 1h;
  }
  expectKnown(*lane("fresh"), 100ms);
}

TEST_F(LanesTest, aFewOtherOriginsMakeNoneForgotten) {
  for (int i = 0; i < 20; ++i) {
    use(*lane("account"), 100ms);
    hand->now_ += 1h;
  }
  for (int i = 0; i < 20; ++i) {
    lane("one", "https://host" + std::to_string(i));
    hand->now_ += 1h;
  }
  expectKnown(*lane("account"), 100ms);
}

TEST_F(LanesTest, manyOriginsAreForgottenAsWell) {
  for (int i = 0; i < 1000; ++i) {
    lane("one", "https://host" + std::to_string(i));
    hand->now_ += 2s;
  }
  EXPECT_LT(lanes.size(), 10u);
}

TEST_F(LanesTest, threadsGetTheSameLanes) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this] {
      for (int i = 0; i < 2000; ++i) EXPECT_EQ(lane(std::to_string(i % 50)), lane(std::to_string(i % 50)));
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST(Lanes, theProcessHasOneRegistry) { EXPECT_EQ(&Lanes::ofProcess(), &Lanes::ofProcess()); }

#ifndef _WIN32
TEST(Lanes, aChildOfForkStartsAfresh) {
  Lanes* const ours = &Lanes::ofProcess();
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) _exit(&Lanes::ofProcess() != ours && &Lanes::ofProcess() == &Lanes::ofProcess() ? 0 : 1);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(&Lanes::ofProcess(), ours);
}
#endif

}  // namespace
}  // namespace chatapps::pacing
