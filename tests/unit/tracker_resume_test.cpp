// DeliveryTracker and its checkpoint: what a restart knows, and what it refuses.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>
#include <optional>
#include <thread>

#include "support/caught.hpp"
#include "support/full_disk.hpp"
#include "support/in_child.hpp"
#include "unit/client_fixture.hpp"
#include "unit/tracker_fixture.hpp"

namespace chatapps {
namespace {

using support::caught;
using support::readFile;

class TrackerResumed : public TrackerFixture {
 protected:
  TrackerOptions checkpointed(Goal goal = Goal::Final) {
    TrackerOptions options = tracking(goal);
    options.checkpointFile = file;
    return options;
  }
  /// Follows one message until its first change and no further.
  void beginWith(const std::string& umid, Goal goal = Goal::Final) {
    CancellationSource source;
    TrackerOptions options = checkpointed(goal);
    options.onChange = [&](const TrackedChange& change) {
      changes.push_back(change);
      source.cancel();
    };
    DeliveryTracker tracker(client(), options);
    tracker.follow({"sandbox", umid});
    tracker.run(source.token());
    ASSERT_EQ(changes.size(), 1u);
  }

  const support::TemporaryFolder folder;
  const std::string file = folder.file("checkpoint");
};

TEST_F(TrackerResumed, goesOnWhereItEndedAndTellsNothingTwice) {
  beginWith(Sandbox::kLiveFallbackToSms);
  DeliveryTracker tracker(client(), checkpointed());
  EXPECT_EQ(tracker.following(), 1u);
  EXPECT_FALSE(tracker.follow({"sandbox", Sandbox::kLiveFallbackToSms}));
  EXPECT_TRUE(tracker.find(Sandbox::kLiveFallbackToSms)->report.state == State::Queued);
  EXPECT_TRUE(tracker.run());
  for (std::size_t i = 0; i < changes.size(); ++i) EXPECT_EQ(changes[i].number, i + 1);
  EXPECT_EQ(changes.back().ending, Ending::Reached);
  const Strings seen = states();
  EXPECT_EQ(std::count(seen.begin(), seen.end(), "queued"), 1);
}

TEST_F(TrackerResumed, whatHasEndedIsKnownAndNotFollowedAnew) {
  beginWith(Sandbox::kDeliveredBySms);
  DeliveryTracker tracker(client(), checkpointed());
  EXPECT_EQ(tracker.following(), 0u);
  EXPECT_FALSE(tracker.follow({"sandbox", Sandbox::kDeliveredBySms}));
  EXPECT_EQ(caught<InvalidArgumentError>([&] {
              tracker.follow({"another", Sandbox::kDeliveredBySms});
            }).argument(),
            "subAccountId");
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.size(), 1u);
}

TEST_F(TrackerResumed, whoseTimeRanOutMeanwhileIsLookedAtOnceMore) {
  beginWith(Sandbox::kLiveFallbackToSms);
  clock->advance(100h);
  DeliveryTracker tracker(client(), checkpointed());
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.back().ending, Ending::Reached);
  EXPECT_EQ(changes.back().report.channel, Channel::SMS);
}

TEST_F(TrackerResumed, thatLookIsTakenAnewWhereTheKeyWasRefusedOrTheRunCancelled) {
  beginWith(Sandbox::kLiveFallbackToSms);
  clock->advance(100h);
  testing::SandboxFault refused;
  refused.reply = HttpResponse{401, {}, "{}"};
  sandbox->addFault(refused);
  DeliveryTracker tracker(client(), checkpointed());
  EXPECT_THROW(tracker.run(), UnauthorizedError);

  const std::size_t before = requests();
  testing::SandboxFault silent;
  silent.reply = Reply(HttpResponse{200, {}, ""}, 10s);
  sandbox->addFault(silent);
  const CancellationSource source;
  std::future<bool> run;
  clock->advance(1s);
  {
    const Standstill still(clock);
    run = std::async(std::launch::async, [&] { return tracker.run(source.token()); });
    while (requests() == before && run.wait_for(0s) != std::future_status::ready) std::this_thread::yield();
    source.cancel();
    EXPECT_FALSE(run.get());
  }

  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.back().ending, Ending::Reached);
}

TEST_F(TrackerResumed, andIfThatTellsNothingItHasTimedOut) {
  beginWith(add({{Channel::SMS, {{0s, State::Queued}}}}), Goal::Delivered);
  clock->advance(100h);
  const std::size_t before = requests();
  DeliveryTracker tracker(client(), checkpointed(Goal::Delivered));
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.back().ending, Ending::TimedOut);
  EXPECT_EQ(requests(), before + 1);
}

TEST_F(TrackerResumed, whatEndedLongAgoMayBeFollowedAnew) {
  TrackerOptions options = checkpointed();
  options.rememberEnded = 1h;
  DeliveryTracker tracker(client(), options);
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  EXPECT_TRUE(tracker.run());
  EXPECT_FALSE(tracker.follow({"sandbox", Sandbox::kDeliveredBySms}));
  clock->advance(2h);
  EXPECT_TRUE(tracker.follow({"sandbox", Sandbox::kDeliveredBySms}));
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.size(), 2u);
}

TEST_F(TrackerResumed, whatEndedJustNowIsRememberedHoweverOldItsRecordsAre) {
  TrackerOptions options = checkpointed();
  options.rememberEnded = 30min;
  DeliveryTracker tracker(client(), options);
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});  // an hour ago
  EXPECT_TRUE(tracker.run());
  clock->advance(29min);
  EXPECT_FALSE(tracker.follow({"sandbox", Sandbox::kDeliveredBySms}));
}

TEST_F(TrackerResumed, aDateThatIsFarOffDoesNotDamageTheFile) {
  for (const SystemTime date : {SystemTime(24h * 366 * 150), (SystemTime::max)(), (SystemTime::min)()}) {
    clock->setUtcNow(date);
    {
      DeliveryTracker tracker(client(), checkpointed());
      tracker.follow({"sandbox", Sandbox::kQueued});
      tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
      CancellationSource source;
      source.cancel();
      tracker.run(source.token());
    }
    EXPECT_NO_THROW(DeliveryTracker(client(), checkpointed())) << date.time_since_epoch().count();
    std::filesystem::remove(file);
  }
}

TEST_F(TrackerResumed, nearTheEndOfTimeItLooksAllTheSame) {
  clock->advance((Clock::duration::max)() - 2h - clock->now().time_since_epoch());
  DeliveryTracker tracker(client(), checkpointed());
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.back().ending, Ending::Reached);
}

TEST_F(TrackerResumed, whatEndedLongAgoIsForgotten) {
  TrackerOptions options = checkpointed();
  options.rememberEnded = 1h;
  DeliveryTracker tracker(client(), options);
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  EXPECT_TRUE(tracker.run());
  clock->advance(2h);
  for (int i = 0; i < 2500; ++i) tracker.follow({"sandbox", umidNumber(i)});
  for (int i = 0; i < 2500; ++i) tracker.ingest(receipt(umidNumber(i), Channel::SMS, State::Delivered));
  EXPECT_TRUE(tracker.run());
  EXPECT_FALSE(tracker.find(Sandbox::kDeliveredBySms));
  EXPECT_EQ(changes.size(), 2501u);
  EXPECT_EQ(readFile(file).find(Sandbox::kDeliveredBySms), std::string::npos);
}

TEST_F(TrackerResumed, aChangeThatWasNotTickedOffComesAgainAsItWas) {
  TrackerOptions options = checkpointed();
  options.onChange = [](const TrackedChange&) { throw std::logic_error("died"); };
  {
    DeliveryTracker tracker(client(), options);
    tracker.follow({"sandbox", Sandbox::kFallbackToSms});
    EXPECT_THROW(tracker.run(), std::logic_error);
  }
  const std::size_t before = requests();
  DeliveryTracker tracker(client(), checkpointed());
  EXPECT_TRUE(tracker.run());
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].number, 1u);
  EXPECT_EQ(changes[0].umid, Sandbox::kFallbackToSms);
  EXPECT_EQ(changes[0].ending, Ending::Reached);
  EXPECT_EQ(changes[0].report.channel, Channel::SMS);
  EXPECT_EQ(changes[0].report.steps.size(), 2u);
  EXPECT_EQ(requests(), before);
}

TEST_F(TrackerResumed, whatTheUserHasKeptDoesNotComeAgain) {
  TrackerOptions options = checkpointed();
  options.onChange = [](const TrackedChange&) { throw std::logic_error("died just after it was kept"); };
  {
    DeliveryTracker tracker(client(), options);
    tracker.follow({"sandbox", Sandbox::kFallbackToSms});
    EXPECT_THROW(tracker.run(), std::logic_error);
  }
  options = checkpointed();
  options.kept = 1;
  DeliveryTracker tracker(client(), options);
  EXPECT_TRUE(tracker.run());
  EXPECT_TRUE(changes.empty());
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.at(0).number, 2u);
}

TEST_F(TrackerResumed, anEndThatWasCutShortIsForgotten) {
  beginWith(Sandbox::kLiveFallbackToSms);
  const std::string whole = readFile(file);
  std::ofstream(file, std::ios::app) << "12345678\tm\t2\ta0000";
  {
    DeliveryTracker tracker(client(), checkpointed());
    EXPECT_EQ(tracker.following(), 1u);
    EXPECT_TRUE(tracker.run());
  }
  DeliveryTracker again(client(), checkpointed());
  EXPECT_EQ(again.following(), 0u);
}

TEST_F(TrackerResumed, aDamagedFileIsRefusedWithTheLineAndLeftAsItIs) {
  beginWith(Sandbox::kLiveFallbackToSms);
  std::string damaged = readFile(file);
  damaged[damaged.find("sandbox")] ^= 1;
  std::ofstream(file) << damaged;
  const auto error = caught<CheckpointError>([&] { DeliveryTracker(client(), checkpointed()); });
  EXPECT_EQ(error.line(), 2u);
  EXPECT_EQ(error.file(), file);
  EXPECT_NE(std::string(error.what()).find("line 2 is damaged"), std::string::npos) << error.what();
  EXPECT_EQ(readFile(file), damaged);
}

TEST_F(TrackerResumed, aFileOfALaterVersionOrOfSomethingElseIsRefusedAndLeftAsItIs) {
  for (const std::string text : {"chatapps-tracker\t2\t0\nwhatever\n", "root:x:0:0:root\n", "no line at all", "{}\n"}) {
    std::ofstream(file) << text;
    const auto error = caught<CheckpointError>([&] { DeliveryTracker(client(), checkpointed()); });
    EXPECT_EQ(error.line(), 1u);
    EXPECT_NE(std::string(error.what()).find("move it away"), std::string::npos) << error.what();
    EXPECT_EQ(readFile(file), text);
  }
}

TEST_F(TrackerResumed, aCheckpointOfAnotherGoalIsRefused) {
  beginWith(Sandbox::kLiveFallbackToSms, Goal::Delivered);
  EXPECT_THROW(DeliveryTracker(client(), checkpointed(Goal::Read)), CheckpointError);
  EXPECT_NO_THROW(DeliveryTracker(client(), checkpointed(Goal::Delivered)));
}

TEST_F(TrackerResumed, whatCanNotBeWrittenIsNotToldUntilItCan) {
  DeliveryTracker tracker(client(), checkpointed());
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  {
    const support::FullDisk full(300);
    EXPECT_THROW(tracker.run(), CheckpointError);
  }
  EXPECT_TRUE(changes.empty());
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.size(), 1u);
  EXPECT_EQ(requests(), 1u);
}

TEST_F(TrackerResumed, whatCouldNotBeTickedOffIsTickedOffLater) {
  std::optional<support::FullDisk> full;
  TrackerOptions options = checkpointed();
  options.onChange = [&](const TrackedChange& change) {
    changes.push_back(change);
    full.emplace(10);
  };
  {
    DeliveryTracker tracker(client(), options);
    tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
    EXPECT_THROW(tracker.run(), CheckpointError);
    full.reset();
    EXPECT_TRUE(tracker.run());
  }
  EXPECT_TRUE(DeliveryTracker(client(), options).run());
  EXPECT_EQ(changes.size(), 1u) << "it was told again after an orderly end";
}

TEST_F(TrackerResumed, twoTrackersDoNotShareAFile) {
  DeliveryTracker tracker(client(), checkpointed());
  const auto error = caught<CheckpointError>([&] { DeliveryTracker(client(), checkpointed()); });
  EXPECT_NE(std::string(error.what()).find("in use"), std::string::npos);
}

TEST_F(TrackerResumed, aChildOfForkIsRefusedAndChangesNothing) {
  DeliveryTracker tracker(client(), checkpointed());
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  const std::string before = readFile(file);
  EXPECT_TRUE(support::inChild([&] {
    tracker.follow({"sandbox", Sandbox::kFailed});
    const auto error = caught<CheckpointError>([&] { tracker.run(); });
    return error.file() == file && std::string(error.what()).find("of its own") != std::string::npos &&
           requests() == 0 && changes.empty();
  }));
  EXPECT_EQ(readFile(file), before);
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.size(), 1u);
  EXPECT_FALSE(tracker.find(Sandbox::kFailed));
}

TEST_F(TrackerResumed, theFileDoesNotGrowWithoutEnd) {
  DeliveryTracker tracker(client(), checkpointed(Goal::Read));
  tracker.follow({"sandbox", Sandbox::kQueued});
  // Two states in turn, each later than the one before.
  for (int i = 0; i < 3000; ++i) {
    DeliveryReceipt next = receipt(Sandbox::kQueued, Channel::WhatsApp, i % 2 ? State::Queued : State::Sent);
    next.status.timestamp =
        Timestamp("2026-01-01T" + std::to_string(10 + i / 600) + ":" + std::to_string(10 + i / 60 % 10) + ":" +
                  (i % 60 < 10 ? "0" : "") + std::to_string(i % 60) + "Z");
    EXPECT_TRUE(tracker.ingest(next));
  }
  EXPECT_TRUE(tracker.ingest(receipt(Sandbox::kQueued, Channel::WhatsApp, State::Read)));
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.size(), 3001u);
  EXPECT_LT(readFile(file).size(), 1000u);
}

}  // namespace
}  // namespace chatapps
