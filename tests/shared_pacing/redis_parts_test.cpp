// The parts of the Redis pacer by themselves, from bytes and fake times.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chatapps/errors.hpp"
#include "redis/breaker.hpp"
#include "redis/failure.hpp"
#include "redis/reply.hpp"
#include "redis/reservations.hpp"
#include "redis/script.hpp"
#include "redis/url.hpp"

namespace chatapps::redis {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

TEST(RedisUrl, hasAPlaceAndMaybeALogin) {
  const Address plain = parseUrl("redis://cache.example");
  EXPECT_FALSE(plain.tls);
  EXPECT_EQ(plain.host, "cache.example");
  EXPECT_EQ(plain.port, 6379);
  EXPECT_EQ(plain.database, 0);
  EXPECT_EQ(plain.user + plain.password, "");
  const Address full = parseUrl("rediss://us%65r:p%40ss%2f@[::1]:6390/12");
  EXPECT_TRUE(full.tls);
  EXPECT_EQ(full.host, "::1");
  EXPECT_EQ(full.port, 6390);
  EXPECT_EQ(full.database, 12);
  EXPECT_EQ(full.user, "user");
  EXPECT_EQ(full.password, "p@ss/");
  EXPECT_EQ(parseUrl("redis://:secret@h/").password, "secret");
  EXPECT_EQ(parseUrl("redis://:a:b@c@h").password, "a:b@c");
}

TEST(RedisUrl, isRefusedWithoutBeingRepeated) {
  for (const char* url :
       {"", "redis://", "http://host", "redis:/host", "redis://host:0", "redis://host:65536", "redis://host:1x",
        "redis://user@host", "redis://:%4@host", "redis://:%zz@host", "redis://host/x", "redis://host/-1",
        "redis://[::1", "redis://a b", "redis://host?x=1", "redis://host#x", "redis://h\nost", "redis://host/1/2"}) {
    try {
      parseUrl(url);
      ADD_FAILURE() << url;
    } catch (const InvalidArgumentError& error) {
      if (std::string(url).size() > 9) {
        EXPECT_EQ(std::string(error.what()).find(std::string(url).substr(8)), std::string::npos);
      }
    }
  }
}

TEST(RedisKey, isPrintableAndDifferentForEachLane) {
  EXPECT_EQ(keyOf("chatapps", {"https://h:443", "sub_1"}), "chatapps:1:{https%3A%2F%2Fh%3A443/sub_1}");
  EXPECT_NE(keyOf("p", {"a/b", "c"}), keyOf("p", {"a", "b/c"}));
  EXPECT_EQ(keyOf("p", {"}", std::string("\0\n", 2)}), "p:1:{%7D/%00%0A}");
}

TEST(RedisReply, isReadInWhateverPiecesItComes) {
  const std::string bytes = "*3\r\n:1\r\n:25\r\n:7\r\n-NOSCRIPT No matching script\r\n+OK\r\n$-1\r\n$2\r\nab\r\n";
  for (const std::size_t piece : {1u, 2u, 3u, 7u, 1000u}) {
    ReplyReader reader;
    std::vector<Reply> replies;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      const std::string part = bytes.substr(at, piece);
      EXPECT_TRUE(reader.feed(part.data(), part.size()));
      while (auto reply = reader.next()) replies.push_back(std::move(*reply));
    }
    ASSERT_EQ(replies.size(), 5u);
    const auto answer = readAnswer(replies[0]);
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->granted);
    EXPECT_EQ(answer->wait, 25us);
    EXPECT_EQ(answer->due, 7);
    EXPECT_EQ(errorCode(replies[1]), "NOSCRIPT");
    EXPECT_FALSE(readAnswer(replies[2]));
    EXPECT_EQ(replies[3].kind, Reply::Kind::Nil);
    EXPECT_EQ(replies[4].text, "ab");
  }
}

TEST(RedisReply, whatTheScriptCanNotGiveIsNoAnswer) {
  for (const std::string bytes : {"*3\r\n:2\r\n:0\r\n:0\r\n", "*3\r\n:1\r\n:-1\r\n:0\r\n", "*2\r\n:1\r\n:0\r\n"}) {
    ReplyReader reader;
    reader.feed(bytes.data(), bytes.size());
    const auto reply = reader.next();
    ASSERT_TRUE(reply);
    EXPECT_FALSE(readAnswer(*reply)) << bytes;
  }
}

TEST(RedisReply, thatWeDidNotAskForIsNotMade) {
  for (const std::string& bytes :
       {std::string("*9\r\n"), std::string("*1000000000\r\n"), std::string("*1\r\n*1\r\n:1\r\n"), std::string("?\r\n"),
        std::string("*x\r\n"), "$99999\r\n" + std::string(20'000, 'x')}) {
    ReplyReader reader;
    reader.feed(bytes.data(), bytes.size());
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.isBroken()) << bytes.substr(0, 20);
  }
}

TEST(RedisFailure, tellsWhatConcernsOneLaneAndWhatNeedsAttention) {
  EXPECT_EQ(failureOf("MOVED").kind, Failure::Kind::LaneOnly);
  EXPECT_FALSE(failureOf("MOVED").needsAttention);
  EXPECT_EQ(failureOf("WRONGTYPE").kind, Failure::Kind::LaneOnly);
  EXPECT_TRUE(failureOf("WRONGTYPE").needsAttention);
  EXPECT_EQ(failureOf("READONLY").kind, Failure::Kind::Refused);
  EXPECT_TRUE(failureOf("NOAUTH").needsAttention);
  Reply hostile;
  hostile.text = "\x1b[31mred and secret";
  EXPECT_EQ(errorCode(hostile), "unknown");
}

TEST(RedisBreaker, opensAfterThreeFailuresAndProbesEverMoreRarely) {
  Breaker breaker([] { return 0.5; });
  EXPECT_TRUE(breaker.mayAsk("any"));
  breaker.failed("a", false, kStart);
  EXPECT_TRUE(breaker.mayAsk("a"));
  EXPECT_FALSE(breaker.mayAsk("b")) << "no other lane is late for it";
  breaker.failed("a", false, kStart);
  EXPECT_TRUE(breaker.mayAsk("a"));
  breaker.failed("a", false, kStart);
  EXPECT_FALSE(breaker.mayAsk("a"));
  Duration before{};
  Time now = kStart;
  for (int round = 0; round < 10; ++round) {
    const Duration pause = breaker.probeAt() - now;
    EXPECT_GE(pause, before);
    EXPECT_LE(pause, 24s);
    before = pause;
    now = breaker.probeAt();
    breaker.probing();
    EXPECT_EQ(breaker.probeAt(), Time::max()) << "one at a time";
    breaker.failed("a", false, now);
  }
  EXPECT_EQ(before, 16s);
  breaker.succeeded();
  EXPECT_TRUE(breaker.mayAsk("b"));
  EXPECT_EQ(breaker.probeAt(), Time::max());
  breaker.failed("a", true, now);
  EXPECT_FALSE(breaker.mayAsk("a")) << "a retry can't mend it";
}

/// Reservations with a Redis that answers what the test says.
class RedisReservations : public ::testing::Test {
 protected:
  RedisReservations() {
    Reservations::Settings settings;
    settings.processes = 4;
    settings.replyTimeout = 100ms;
    settings.random = [] { return 0.5; };
    settings.newGrant = [this] { return "grant" + std::to_string(++grants_); };
    settings.onEvent = [this](const RedisPacerEvent& event) { events.push_back(event); };
    reservations = std::make_unique<Reservations>(std::move(settings));
  }

  void reserve(const std::string& key = "k", Duration interval = 1s) {
    reservations->reserve(
        key, interval, [this](Duration wait) { waits.push_back(wait); }, now);
    call();
  }
  Command onlyCommand() {
    auto commands = reservations->takeCommands(now);
    EXPECT_EQ(commands.size(), 1u);
    return commands.empty() ? Command{} : commands[0];
  }
  void answer(const Command& command, bool granted, Duration wait) {
    SlotAnswer answer;
    answer.granted = granted;
    answer.wait = wait;
    answer.due = 42;
    reservations->answered(command, answer, now);
    call();
  }
  void fail(const Command& command, Failure::Kind kind = Failure::Kind::Late) {
    reservations->failed(command, {kind, false, "why"}, now);
    call();
  }
  void call() {
    for (const auto& each : reservations->takeCalls()) each();
  }

  Time now = kStart;
  std::unique_ptr<Reservations> reservations;
  std::vector<Duration> waits;
  std::vector<RedisPacerEvent> events;

 private:
  int grants_ = 0;
};

TEST_F(RedisReservations, aFreeSlotTakesOneQuestionBeforeAndOneAfter) {
  reserve();
  const Command command = onlyCommand();
  EXPECT_EQ(command.question.what, Question::What::Reserve);
  EXPECT_EQ(command.deadline, now + 100ms);
  answer(command, true, 0ms);
  EXPECT_EQ(waits, std::vector<Duration>{0ms});
  EXPECT_EQ(reservations->confirm("k", now), 0ms);
  reservations->passOn("k", 1s, true, now);
  EXPECT_TRUE(reservations->takeCommands(now).empty()) << "Redis expects an answer";
  reservations->passOn("k", 900ms, false, now);
  const Command note = onlyCommand();
  EXPECT_EQ(note.question.what, Question::What::Note);
  EXPECT_EQ(note.question.grant, command.question.grant);
  EXPECT_EQ(note.question.time, 900ms);
}

TEST_F(RedisReservations, aSlotInAQueuePassesShortlyBeforeItFallsDue) {
  reserve();
  answer(onlyCommand(), false, 3s);
  EXPECT_EQ(waits, std::vector<Duration>{3s});
  EXPECT_GT(reservations->nextAt(), now + 2900ms);
  EXPECT_GT(reservations->confirm("k", now).value(), 2900ms);
  now = reservations->nextAt();
  const Command pass = onlyCommand();
  EXPECT_EQ(pass.question.what, Question::What::Pass);
  EXPECT_EQ(pass.question.due, 42);
  answer(pass, false, 500ms);  // somebody was late
  now = reservations->nextAt();
  EXPECT_GT(now, kStart + 3400ms);
  answer(onlyCommand(), true, 5ms);
  EXPECT_EQ(reservations->confirm("k", now), 5ms);
  now += 5ms;
  EXPECT_EQ(reservations->confirm("k", now), 0ms);
}

TEST_F(RedisReservations, aSlotThatACallGaveUpIsTheNextOnes) {
  reserve();
  const Command asked = onlyCommand();
  reserve();  // while Redis has not answered
  EXPECT_TRUE(reservations->takeCommands(now).empty());
  answer(asked, false, 40s);
  EXPECT_EQ(waits, (std::vector<Duration>{250ms, 40s}));
  now += 10s;
  reserve();
  EXPECT_TRUE(reservations->takeCommands(now).empty()) << "Redis is not asked for another one";
  EXPECT_EQ(waits.back(), 30s);
  now = reservations->nextAt();
  answer(onlyCommand(), true, 1ms);
  reserve();
  EXPECT_EQ(waits.back(), 1ms);
  now += 1ms;
  EXPECT_EQ(reservations->confirm("k", now), 0ms);
  reserve();
  EXPECT_EQ(onlyCommand().question.what, Question::What::Reserve) << "this one is used";
}

TEST_F(RedisReservations, aSlotOfARequestThatCouldNotLeaveIsTheNextOnes) {
  reserve();
  answer(onlyCommand(), true, 0ms);
  EXPECT_EQ(reservations->confirm("k", now), 0ms);
  reservations->giveBack("k");
  reserve();
  EXPECT_EQ(waits, (std::vector<Duration>{0ms, 0ms}));
  EXPECT_TRUE(reservations->takeCommands(now).empty());
  EXPECT_EQ(reservations->confirm("k", now), 0ms);
}

TEST_F(RedisReservations, oneWhoseRequestHasLeftIsNot) {
  reserve();
  answer(onlyCommand(), true, 0ms);
  EXPECT_EQ(reservations->confirm("k", now), 0ms);
  reservations->passOn("k", 1s, true, now);
  reservations->giveBack("k");  // of a call that had left its reservation to this one
  reserve();
  EXPECT_EQ(onlyCommand().question.what, Question::What::Reserve);
}

TEST_F(RedisReservations, anEarlierAnswerDoesNotLetOthersGoOnASlotThatWasGivenBack) {
  reserve();
  answer(onlyCommand(), true, 0ms);
  EXPECT_EQ(reservations->confirm("k", now), 0ms);
  reservations->giveBack("k");
  reservations->passOn("k", 0ms, false, now);
  EXPECT_EQ(onlyCommand().question.grant, "");
}

TEST_F(RedisReservations, aStaleGrantIsTakenAnew) {
  reserve();
  answer(onlyCommand(), true, 0ms);
  now += 251ms;
  EXPECT_EQ(reservations->confirm("k", now), std::nullopt);
}

TEST_F(RedisReservations, aGrantIsStaleOnceTheOthersGoAhead) {
  reserve("k", 20ms);
  answer(onlyCommand(), true, 0ms);
  now += 101ms;
  EXPECT_EQ(reservations->confirm("k", now), std::nullopt);
}

TEST_F(RedisReservations, aGrantThatWasLongUnreadIsStale) {
  reserve("k", 20ms);
  const Command command = onlyCommand();
  now += 101ms;  // the process was stopped when the answer came
  answer(command, true, 0ms);
  EXPECT_EQ(reservations->confirm("k", now), std::nullopt);
}

TEST_F(RedisReservations, aRedisThatIsFarAwayIsNoReasonForStaleGrants) {
  for (int i = 0; i < 10; ++i) {
    reserve("k", 20ms);
    const Command command = onlyCommand();
    now += 150ms;
    answer(command, true, 0ms);
    const auto wait = reservations->confirm("k", now);
    if (i > 0) {
      EXPECT_EQ(wait, 0ms) << i;
    }
  }
}

TEST_F(RedisReservations, aRedisThatIsFarAwayIsAskedSoEarlyThatItsAnswerIsInTime) {
  constexpr Duration kRoundTrip = 60ms;
  for (int i = 0; i < 10; ++i) {
    reserve();
    const Command reserved = onlyCommand();
    now += kRoundTrip;
    answer(reserved, false, 3s);
    Time free = now + 3s;
    for (int putOff = 0; putOff < 3; ++putOff) {  // others are late
      now = reservations->nextAt();
      const Command pass = onlyCommand();
      EXPECT_GT(pass.deadline, now + kRoundTrip) << "none of it was a wait for Redis";
      now += kRoundTrip;
      if (i > 3) {
        EXPECT_LE(now, free) << i;
      }
      answer(pass, putOff == 2, std::max<Duration>(free - now, 0ms) + (putOff == 2 ? 0ms : 500ms));
      free = now + std::max<Duration>(free - now, 0ms) + 500ms;
    }
    now = std::max(now, free - 500ms);
    EXPECT_EQ(reservations->confirm("k", now), 0ms);
    reservations->passOn("k", 1s, true, now);
  }
  EXPECT_TRUE(events.empty());
}

TEST_F(RedisReservations, aRedisThatIsFarAwayIsNotInDoubtForIt) {
  for (int i = 0; i < 10; ++i) {
    reserve();
    const Command command = onlyCommand();
    now += 60ms;
    answer(command, true, 0ms);
    EXPECT_EQ(reservations->confirm("k", now), 0ms);
  }
  reserve();
  EXPECT_EQ(onlyCommand().question.key, "k");
  now += 55ms;
  reserve("other");
  EXPECT_EQ(onlyCommand().question.key, "other") << "the answer is not late yet";
}

TEST_F(RedisReservations, withoutRedisAProcessKeepsToItsShare) {
  for (int i = 0; i < 3; ++i) {
    reserve();
    for (const Command& command : reservations->takeCommands(now)) fail(command);  // a probe may be among them
    EXPECT_EQ(reservations->confirm("k", now += waits.back()), 0ms);
  }
  EXPECT_EQ(waits, (std::vector<Duration>{0s, 4s, 4s}));
  reserve();
  EXPECT_EQ(waits.size(), 4u) << "at once: nobody asks any more";
  ASSERT_EQ(events.size(), 1u);
  EXPECT_FALSE(events[0].shared);
}

TEST_F(RedisReservations, theProbeEndsTheOutageAndHoldsAreWrittenBack) {
  reserve();
  fail(onlyCommand(), Failure::Kind::Refused);
  reservations->hold("k", 30s, now);
  EXPECT_TRUE(reservations->takeCommands(now).empty());
  now = reservations->nextAt();
  const Command probe = onlyCommand();
  EXPECT_EQ(probe.question.key, "k");
  answer(probe, true, 0ms);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_TRUE(events[1].shared);
  const Command hold = onlyCommand();
  EXPECT_EQ(hold.question.what, Question::What::Hold);
  EXPECT_GT(hold.question.time, 28s);
}

TEST_F(RedisReservations, aHoldThatRedisRefusesIsWrittenBackOnce) {
  reserve();
  fail(onlyCommand());
  for (const char* key : {"good", "refused"}) reservations->hold(key, 30s, now);
  now = reservations->nextAt();
  answer(onlyCommand(), true, 0ms);
  const auto holds = reservations->takeCommands(now);
  ASSERT_EQ(holds.size(), 2u);
  EXPECT_GE(holds[0].question.interval, 24h) << "of a lane that is not known, a slow one's state must stay";
  fail(holds[1], Failure::Kind::Refused);
  answer(holds[0], true, 0ms);
  EXPECT_TRUE(reservations->takeCommands(now).empty()) << "what Redis answers to one must not bring the other again";
  reserve("good");
  EXPECT_EQ(onlyCommand().question.what, Question::What::Reserve);
}

TEST_F(RedisReservations, aHoldThatWasLostOnItsWayIsWrittenBack) {
  reserve();
  answer(onlyCommand(), true, 0ms);
  reservations->hold("k", 30s, now);
  fail(onlyCommand(), Failure::Kind::Lost);
  now = reservations->nextAt();
  answer(onlyCommand(), true, 0ms);
  EXPECT_EQ(onlyCommand().question.what, Question::What::Hold);
}

TEST_F(RedisReservations, theProbeLeavesASlowLaneAsItIs) {
  reserve("k", 100s);
  fail(onlyCommand(), Failure::Kind::Refused);
  now = reservations->nextAt();
  EXPECT_EQ(onlyCommand().question.interval, 100s);
}

TEST_F(RedisReservations, soDoesA429OfALaneThatIsNotKnown) {
  reservations->hold("k", 30s, now);
  EXPECT_GE(onlyCommand().question.interval, 24h);
}

TEST_F(RedisReservations, anAnswerThatIsAwaitedTooLongKeepsOthersFromAsking) {
  reserve();
  const Command slow = onlyCommand();
  now += 30ms;
  reserve("other");
  EXPECT_EQ(waits, std::vector<Duration>{0ms}) << "it goes by its share";
  EXPECT_TRUE(reservations->takeCommands(now).empty());
  EXPECT_EQ(reservations->confirm("other", now), 0ms);
  answer(slow, true, 0ms);
  reserve("other");
  EXPECT_EQ(onlyCommand().question.key, "other");
}

TEST_F(RedisReservations, anErrorOfOneLaneIsToldOnceAndStopsNoOther) {
  for (int i = 0; i < 2; ++i) {
    reserve();
    fail(onlyCommand(), Failure::Kind::LaneOnly);
    EXPECT_EQ(reservations->confirm("k", now += waits.back()), 0ms);
  }
  EXPECT_EQ(waits.size(), 2u);
  EXPECT_EQ(events.size(), 1u);
  reserve("other");
  EXPECT_EQ(onlyCommand().question.key, "other");
}

TEST_F(RedisReservations, withoutAThreadNobodyIsLeftWaiting) {
  reserve("queued");
  answer(onlyCommand(), false, 3s);
  reserve("asked");
  EXPECT_EQ(onlyCommand().question.key, "asked");
  reserve("not asked yet");
  reservations->goOnAlone(now);
  call();
  EXPECT_EQ(waits, (std::vector<Duration>{3s, 0s, 0s}));
  for (const char* key : {"queued", "asked", "not asked yet"}) EXPECT_EQ(reservations->confirm(key, now), 0ms) << key;
  reserve("later");
  EXPECT_EQ(waits.size(), 4u);
  EXPECT_EQ(reservations->nextAt(), Time::max()) << "nothing is asked any more";
}

TEST_F(RedisReservations, whatIsLostIsAnsweredAloneAndRedisIsAskedAgainLater) {
  reserve("queued");
  answer(onlyCommand(), false, 3s);
  reserve("asked");
  EXPECT_EQ(onlyCommand().question.key, "asked");
  reservations->lostAll(now);
  call();
  EXPECT_EQ(waits, (std::vector<Duration>{3s, 0s}));
  for (const char* key : {"queued", "asked"}) EXPECT_EQ(reservations->confirm(key, now), 0ms) << key;
  ASSERT_EQ(events.size(), 1u);
  EXPECT_FALSE(events[0].shared);
  now = reservations->nextAt();
  EXPECT_LT(now, kStart + 1s);
  answer(onlyCommand(), true, 0ms);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_TRUE(events[1].shared);
  reserve("other");
  EXPECT_EQ(onlyCommand().question.key, "other");
}

TEST_F(RedisReservations, aShareLongerThanTimeItselfIsNotForgotten) {
  Reservations::Settings settings;
  settings.processes = 1'000'000;
  settings.replyTimeout = 100ms;
  settings.random = [] { return 0.5; };
  settings.newGrant = [] { return "grant"; };
  reservations = std::make_unique<Reservations>(std::move(settings));
  reservations->goOnAlone(now);
  reserve("k", 24h);
  now += waits.back();
  EXPECT_EQ(reservations->confirm("k", now), 0ms);
  now += 25h;
  for (int i = 0; i < 10; ++i) reserve(std::to_string(i));
  reserve("k", 24h);
  EXPECT_GT(waits.back(), 24h * 365 * 100);
}

TEST_F(RedisReservations, lanesThatNobodyUsesAreForgotten) {
  for (int i = 0; i < 10'000; ++i) {
    reserve(std::to_string(i));
    answer(onlyCommand(), true, 0ms);
    now += 1s;
  }
  EXPECT_LT(reservations->lanes(), 300u);
}

}  // namespace
}  // namespace chatapps::redis
