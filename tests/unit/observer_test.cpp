// What an observer is told, in which order, and what it is never told.
#include <sstream>
#include <stdexcept>

#include "unit/client_fixture.hpp"

namespace chatapps {
namespace {

/// Writes every event down as one line, with every field that holds text or a number.
class Diary : public Observer {
 public:
  void onSlotTaken(const SlotTaken& e) override { add() << "slot " << e.attempt << " after " << seconds(e.waited); }
  void onAttemptStarted(const AttemptStarted& e) override { add() << "started " << e.attempt; }
  void onAttemptFinished(const AttemptFinished& e) override {
    add() << "finished " << e.attempt << " HTTP " << e.httpStatus << " in " << seconds(e.took) << " " << e.failure;
  }
  void onRetryPlanned(const RetryPlanned& e) override {
    add() << "retry after attempt " << e.attempt << " in " << seconds(e.delay) << ": " << e.reason;
  }
  void onLaneHeld(const LaneHeld& e) override { add() << "held " << e.subAccountId << " for " << seconds(e.pause); }
  void onCallFinished(const CallFinished& e) override {
    add() << "over after " << e.attempts << " in " << seconds(e.took) << (e.error ? " with " : "") << textOf(e.error);
  }
  void onCallbackFailed(const CallbackFailed& e) override { add() << "failed " << e.where << " " << textOf(e.error); }

  std::vector<std::string> lines() const {
    std::vector<std::string> result;
    for (const auto& line : lines_) result.push_back(line.str());
    return result;
  }

 private:
  std::ostringstream& add() { return lines_.emplace_back(); }
  static double seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }
  static std::string textOf(const std::exception_ptr& error) {
    try {
      if (error) std::rethrow_exception(error);
    } catch (const std::exception& known) {
      return known.what();
    } catch (...) {
      return "something";
    }
    return "";
  }

  std::vector<std::ostringstream> lines_;
};

using Lines = std::vector<std::string>;

class ObserverTest : public ClientFixture {
 protected:
  /// The diary of one call, whatever it ends with.
  Lines diaryOf(ClientOptions options, const CallOptions& call = {}) {
    const auto diary = std::make_shared<Diary>();
    options.observer = diary;
    try {
      ChatAppsClient(options).getMessageDetails(kSubAccount, umid(1), call);
    } catch (const ChatAppsError&) {
    }
    return diary->lines();
  }
};

TEST_F(ObserverTest, aCallThatSucceedsIsASlotAnAttemptAndAnEnd) {
  server->answers([](const Server::Seen& seen) {
    Reply reply = Server::found(seen);
    reply.after = 2s;
    return reply;
  });
  EXPECT_EQ(diaryOf(options()),
            (Lines{"slot 1 after 0", "started 1", "finished 1 HTTP 200 in 2 ", "over after 1 in 2"}));
}

TEST_F(ObserverTest, anAttemptThatIsGivenUpHasAnEndToo) {
  server->answers([](const Server::Seen& seen) {
    Reply reply = Server::found(seen);
    reply.after = 1h;
    return reply;
  });
  ClientOptions impatient = options();
  impatient.timeout = 3s;
  const Lines lines = diaryOf(impatient);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[2], "finished 1 HTTP 0 in 3 given up before its answer came");
  EXPECT_EQ(lines[3].substr(0, 17), "over after 1 in 3");
}

TEST_F(ObserverTest, theWaitForTheSlotIsTold) {
  ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(0));
  EXPECT_EQ(diaryOf(options())[0], "slot 1 after 1");
}

TEST_F(ObserverTest, aRetryIsPlannedWithItsDelayAndReason) {
  server->answers([](const Server::Seen& seen) { return seen.number == 1 ? answer(503) : Server::found(seen); });
  EXPECT_EQ(diaryOf(options()),
            (Lines{"slot 1 after 0", "started 1", "finished 1 HTTP 503 in 0 ", "retry after attempt 1 in 0.5: HTTP 503",
                   "slot 2 after 0.5", "started 2", "finished 2 HTTP 200 in 0 ", "over after 2 in 1"}));
}

TEST_F(ObserverTest, a429HoldsTheLane) {
  server->answers([](const Server::Seen& seen) {
    return seen.number == 1 ? answer(429, "", {{"Retry-After", "3"}}) : Server::found(seen);
  });
  EXPECT_EQ(diaryOf(options()),
            (Lines{"slot 1 after 0", "started 1", "finished 1 HTTP 429 in 0 ", "held sub_account_id for 3",
                   "retry after attempt 1 in 3: HTTP 429", "slot 2 after 3", "started 2", "finished 2 HTTP 200 in 0 ",
                   "over after 2 in 3"}));
}

TEST_F(ObserverTest, theHoldIsToldAsLongAsItTrulyIs) {
  server->answers([](const Server::Seen& seen) { return seen.number < 4 ? answer(429) : Server::found(seen); });
  Lines held;
  for (const std::string& line : diaryOf(options())) {
    if (line.substr(0, 4) == "held") held.push_back(line);
  }
  EXPECT_EQ(held, (Lines{"held sub_account_id for 1", "held sub_account_id for 2", "held sub_account_id for 4"}))
      << "it doubles";
}

TEST_F(ObserverTest, aHoldOfADayIsToldAsTheMinuteThatItIs) {
  server->answers([](const Server::Seen&) { return answer(429, "", {{"Retry-After", "86400"}}); });
  EXPECT_EQ(diaryOf(options())[3], "held sub_account_id for 60");
}

TEST_F(ObserverTest, aFailureIsToldWithItsReason) {
  server->answers([](const Server::Seen&) {
    TransportFailure failure;
    failure.reason = "h: \x1b[2J refused";
    failure.retry = TransportFailure::Retry::Never;
    return Reply{failure};
  });
  const Lines lines = diaryOf(options());
  EXPECT_EQ(lines[2], "finished 1 HTTP 0 in 0 h: \\x1b[2J refused");
}

TEST_F(ObserverTest, aCallThatIsRefusedAPlaceHasAnEndAlone) {
  ChatAppsClient(options()).getMessageDetails(kSubAccount, umid(0));
  CallOptions hasty;
  hasty.timeout = 1ms;
  const Lines lines = diaryOf(options(), hasty);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].substr(0, 31), "over after 0 in 0 with timed ou");
}

TEST_F(ObserverTest, anArgumentThatIsRefusedIsNoCall) {
  const auto diary = std::make_shared<Diary>();
  ClientOptions observed = options();
  observed.observer = diary;
  caught<InvalidArgumentError>([&] { ChatAppsClient(observed).getMessageDetails(kSubAccount, "x"); });
  EXPECT_TRUE(diary->lines().empty());
}

TEST_F(ObserverTest, aProviderThatFailsAfterA401IsToldAndThe401Remains) {
  int asked = 0;
  ClientOptions failing = options();
  failing.apiKey = "";
  failing.apiKeyProvider = [&]() -> std::string {
    return ++asked == 1 ? "first-key" : throw std::runtime_error("vault is sealed");
  };
  server->answers([](const Server::Seen&) { return answer(401); });
  const Lines lines = diaryOf(failing);
  EXPECT_EQ(lines[3].substr(0, 21), "failed apiKeyProvider");
  EXPECT_NE(lines[4].find("unauthorized"), std::string::npos);
}

TEST_F(ObserverTest, aProviderThatFailsAtFirstIsToldAndNoAttemptIsCounted) {
  ClientOptions failing = options();
  failing.apiKey = "";
  failing.apiKeyProvider = []() -> std::string { throw std::runtime_error("vault is sealed"); };
  const Lines lines = diaryOf(failing);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].substr(0, 21), "failed apiKeyProvider");
  EXPECT_EQ(lines[1].substr(0, 12), "over after 0");
}

TEST_F(ObserverTest, row68_theKeyAndPersonalDataAppearNowhere) {
  const std::string key = support::kCanaryKey;
  const std::string personal = "+6591234567";
  TransportFailure ofTheirTransport;
  ofTheirTransport.reason = "refused: " + key;
  const Reply replies[] = {
      Reply{ofTheirTransport},
      answer(401, R"({"message":"key )" + key + R"( is unknown","errorId":")" + key + "\"}"),
      answer(400, R"({"message":"no such recipient +6591234567"})"),
      answer(404, "<html>" + key + personal),
      answer(500, key, {{"Content-Type", key}}),
      answer(200, key + personal),
      answer(200, R"({"data":[{"umid":")" + personal + R"("}]})"),
      answer(200, testing::ScriptedTransport::exampleBody(umid(9))),
  };
  for (const Reply& reply : replies) {
    server->answers([&](const Server::Seen&) { return reply; });
    ClientOptions hasty = options();
    hasty.pacing = Pacing::off();
    for (const std::string& line : diaryOf(hasty)) {
      EXPECT_EQ(line.find(key), std::string::npos) << line;
      EXPECT_EQ(line.find(personal), std::string::npos) << line;
    }
  }
}

TEST_F(ObserverTest, oneThatThrowsIsContainedAndTold) {
  struct Thrower : Observer {
    int told = 0;
    void onSlotTaken(const SlotTaken&) override { throw std::runtime_error("slot"); }
    void onAttemptStarted(const AttemptStarted&) override { throw 7; }
    void onAttemptFinished(const AttemptFinished&) override { throw std::runtime_error("finished"); }
    void onCallFinished(const CallFinished&) override { throw std::runtime_error("over"); }
    void onCallbackFailed(const CallbackFailed& event) override {
      EXPECT_EQ(event.where, "observer");
      ++told;
      throw std::runtime_error("even here");
    }
  };
  const auto thrower = std::make_shared<Thrower>();
  ClientOptions observed = options();
  observed.observer = thrower;
  EXPECT_EQ(ChatAppsClient(observed).getMessageDetails(kSubAccount, umid(1)).size(), 1u);
  EXPECT_EQ(thrower->told, 4);
}

TEST_F(ObserverTest, everyAsynchronousCallEndsOnceForTheObserverToo) {
  {
    const Standstill still(clock);
    const ChatAppsClient client(options());
    for (int i = 0; i < 50; ++i)
      client.getMessageDetailsAsync(kSubAccount, umid(i % 7), {}, [](Outcome<MessageDetails>) {});
  }
  EXPECT_EQ(log->calls().size(), 50u);
}

}  // namespace
}  // namespace chatapps
