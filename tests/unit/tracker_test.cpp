// DeliveryTracker: what ends a message, how often it is looked at, and what receipts change in that.
#include <cstdint>
#include <limits>
#include <map>
#include <thread>

#include "track/tracking.hpp"
#include "unit/tracker_fixture.hpp"

namespace chatapps {
namespace {

using Tracker = TrackerFixture;

TEST_F(Tracker, followsAFallbackToItsEnd) {
  DeliveryTracker tracker(client(), tracking());
  EXPECT_TRUE(tracker.follow({"sandbox", Sandbox::kLiveFallbackToSms}));
  EXPECT_TRUE(tracker.run());
  ASSERT_FALSE(changes.empty());
  for (std::size_t i = 0; i + 1 < changes.size(); ++i) EXPECT_EQ(changes[i].ending, Ending::None);
  EXPECT_EQ(changes.back().ending, Ending::Reached);
  EXPECT_EQ(changes.back().report.channel, Channel::SMS);
  EXPECT_EQ(changes.back().subAccountId, "sandbox");
  EXPECT_EQ(tracker.following(), 0u);
}

TEST_F(Tracker, tellsEachChangeOnce) {
  DeliveryTracker tracker(client(), tracking(Goal::Read));
  tracker.follow(
      {"sandbox", add({{Channel::WhatsApp, {{0s, State::Queued}, {10s, State::Delivered}, {90s, State::Read}}}})});
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(states(), (Strings{"queued", "delivered", "read"}));
  for (std::size_t i = 0; i < changes.size(); ++i) EXPECT_EQ(changes[i].number, i + 1);
  EXPECT_GT(requests(), 5u);
}

TEST_F(Tracker, aMessageIsFollowedOnce) {
  DeliveryTracker tracker(client(), tracking());
  EXPECT_TRUE(tracker.follow({"sandbox", Sandbox::kDeliveredBySms}));
  EXPECT_FALSE(tracker.follow({"sandbox", Sandbox::kDeliveredBySms}));
  EXPECT_TRUE(tracker.run());
  std::string shouted = Sandbox::kDeliveredBySms;
  shouted[0] = 'A';
  EXPECT_FALSE(tracker.follow({"sandbox", shouted}));
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.size(), 1u);
  EXPECT_EQ(requests(), 1u);
}

TEST_F(Tracker, withoutAPlanAFailureEndsItAfterTheGraceAndAFurtherLook) {
  DeliveryTracker tracker(client(), tracking(Goal::Delivered));
  tracker.follow({"sandbox", Sandbox::kUndelivered});
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.back().ending, Ending::EndedOtherwise);
  EXPECT_GE(elapsed(), 60s);
  EXPECT_LE(elapsed(), 70s);
}

TEST_F(Tracker, withThePlanAFailureOfTheLastStepEndsItAtOnce) {
  DeliveryTracker tracker(client(), tracking());
  tracker.follow({"sandbox", add({{Channel::SMS, {{0s, State::Undelivered}}}}), FallbackPlan{{{Channel::SMS}}}});
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.back().ending, Ending::Reached);
  EXPECT_FALSE(changes.back().report.delivered());
  EXPECT_EQ(requests(), 1u);
}

TEST_F(Tracker, aStepThatThePlanExpectsIsLookedForWhenItIsDue) {
  TrackerOptions options = tracking(Goal::Delivered);
  options.firstInterval = options.longestInterval = 10min;
  DeliveryTracker tracker(client(), options);
  const FallbackPlan plan{{{Channel::Viber, SuccessStatus::Delivered, 30s}, {Channel::SMS}}};
  tracker.follow(
      {"sandbox", add({{Channel::Viber, {{0s, State::Sent}}}, {Channel::SMS, {{30s, State::Delivered}}}}), plan});
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.back().report.channel, Channel::SMS);
  EXPECT_LE(elapsed(), 35s);
}

TEST_F(Tracker, whatItsChannelNeverReportsIsUnreachable) {
  DeliveryTracker tracker(client(), tracking(Goal::Read));
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.back().ending, Ending::Unreachable);
}

TEST_F(Tracker, aMessageThatNobodyKnowsIsRefusedAfterTheGraceAndMayBeFollowedAnew) {
  DeliveryTracker tracker(client(), tracking());
  const std::string unknown = umidNumber(999);
  tracker.follow({"sandbox", unknown});
  EXPECT_TRUE(tracker.run());
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].ending, Ending::Refused);
  EXPECT_NE(changes[0].problem.find("not found"), std::string::npos);
  EXPECT_GE(elapsed(), 30s);
  EXPECT_TRUE(tracker.follow({"sandbox", unknown}));
}

TEST_F(Tracker, timeThatRunsOutEndsIt) {
  TrackerOptions options = tracking(Goal::Delivered);
  options.timeout = 5min;
  DeliveryTracker tracker(client(), options);
  tracker.follow({"sandbox", Sandbox::kQueued});
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.back().ending, Ending::TimedOut);
  EXPECT_EQ(changes.back().report.state, State::Queued);
  EXPECT_EQ(elapsed(), 5min);
}

TEST_F(Tracker, aLookTakesNoMoreTimeThanItsMessageHas) {
  testing::SandboxFault silence;
  silence.reply.after = Clock::duration::max();
  silence.times = 100;
  sandbox->addFault(silence);
  TrackerOptions options = tracking();
  options.timeout = 3s;
  DeliveryTracker tracker(client(), options);
  tracker.follow({"sandbox", Sandbox::kQueued});
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.back().ending, Ending::TimedOut);
  EXPECT_EQ(elapsed(), 3s);
}

TEST_F(Tracker, errorsThatMayPassAreLivedThrough) {
  testing::SandboxFault unavailable;
  unavailable.reply = HttpResponse{503, {}, "<html>"};
  unavailable.times = 9;
  sandbox->addFault(unavailable);
  DeliveryTracker tracker(client(), tracking());
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.back().ending, Ending::Reached);
}

TEST_F(Tracker, aRefusedKeyEndsTheRunAndTheNextGoesOn) {
  bool isRefused = true;
  sandbox->intercept([&](const HttpRequest&) -> std::optional<Reply> {
    if (!isRefused) return std::nullopt;
    return Reply{HttpResponse{401, {}, "{}"}};
  });
  DeliveryTracker tracker(client(), tracking());
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  EXPECT_THROW(tracker.run(), UnauthorizedError);
  EXPECT_TRUE(changes.empty());
  EXPECT_EQ(tracker.following(), 1u);
  isRefused = false;
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.back().ending, Ending::Reached);
}

TEST_F(Tracker, aProviderThatGivesNoKeyEndsTheRun) {
  ClientOptions options;
  options.apiKeyProvider = []() -> std::string { throw std::runtime_error("vault is sealed"); };
  options.clock = clock;
  options.transport = sandbox;
  DeliveryTracker tracker(ChatAppsClient(options), tracking());
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  EXPECT_THROW(tracker.run(), InvalidArgumentError);
  EXPECT_EQ(tracker.following(), 1u);
}

TEST_F(Tracker, whatOnChangeThrowsComesOutAndTheChangeComesAgain) {
  TrackerOptions options = tracking();
  int calls = 0;
  options.onChange = [&](const TrackedChange& change) {
    if (++calls == 1) throw std::logic_error("mine");
    changes.push_back(change);
  };
  DeliveryTracker tracker(client(), options);
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  EXPECT_THROW(tracker.run(), std::logic_error);
  EXPECT_TRUE(tracker.run());
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].number, 1u);
  EXPECT_EQ(requests(), 1u);
}

TEST_F(Tracker, keptRunningItTakesWhatAnotherThreadBrings) {
  CancellationSource source;
  TrackerOptions options = tracking();
  options.keepRunning = true;
  options.onChange = [&](const TrackedChange& change) {
    changes.push_back(change);
    if (changes.size() == 2) source.cancel();
  };
  DeliveryTracker tracker(client(), options);
  std::thread other([&] {
    tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
    tracker.follow({"sandbox", Sandbox::kQueued});
    tracker.ingest(receipt(Sandbox::kQueued, Channel::WhatsApp, State::Delivered));
  });
  EXPECT_FALSE(tracker.run(source.token()));
  other.join();
  EXPECT_EQ(tracker.following(), 0u);
}

TEST_F(Tracker, cancellationEndsTheRunAndTheNextGoesOn) {
  CancellationSource source;
  TrackerOptions options = tracking();
  options.onChange = [&](const TrackedChange& change) {
    changes.push_back(change);
    source.cancel();
  };
  DeliveryTracker tracker(client(), options);
  tracker.follow({"sandbox", Sandbox::kLiveFallbackToSms});
  EXPECT_FALSE(tracker.run(source.token()));
  EXPECT_EQ(changes.size(), 1u);
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.back().ending, Ending::Reached);
}

TEST_F(Tracker, whatACancelledRunHasNotToldTheNextTells) {
  CancellationSource source;
  TrackerOptions options = tracking(Goal::Read);
  options.onChange = [&](const TrackedChange& change) {
    changes.push_back(change);
    source.cancel();
  };
  DeliveryTracker tracker(client(), options);
  for (int i = 1; i <= 3; ++i) {
    tracker.follow({"sandbox", umidNumber(i)});
    tracker.ingest(receipt(umidNumber(i), Channel::WhatsApp, State::Sent));
  }
  EXPECT_FALSE(tracker.run(source.token()));
  EXPECT_EQ(changes.size(), 1u);
  source = CancellationSource();
  EXPECT_FALSE(tracker.run(source.token()));
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[1].number, 2u);
}

TEST_F(Tracker, moreMayBeFollowedFromWithinAndARunWithinARunIsRefused) {
  TrackerOptions options = tracking();
  DeliveryTracker* self = nullptr;
  options.onChange = [&](const TrackedChange& change) {
    changes.push_back(change);
    EXPECT_THROW(self->run(), InvalidArgumentError);
    self->follow({"sandbox", Sandbox::kReadOnWhatsApp});
    client().getMessageDetails("sandbox", Sandbox::kDeliveredOnWhatsApp);
  };
  DeliveryTracker tracker(client(), options);
  self = &tracker;
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.size(), 2u);
}

TEST_F(Tracker, aReceiptOfDeliveryEndsItWithoutALook) {
  DeliveryTracker tracker(client(), tracking());
  tracker.follow({"sandbox", Sandbox::kQueued});
  EXPECT_TRUE(tracker.ingest(receipt(Sandbox::kQueued, Channel::WhatsApp, State::Delivered)));
  EXPECT_FALSE(tracker.ingest(receipt(Sandbox::kQueued, Channel::WhatsApp, State::Delivered)));
  EXPECT_FALSE(tracker.ingest(receipt(umidNumber(5), Channel::WhatsApp, State::Delivered)));
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(states(), Strings{"delivered"});
  EXPECT_EQ(changes.back().ending, Ending::Reached);
  EXPECT_EQ(requests(), 0u);
}

TEST_F(Tracker, repeatedAndOlderReceiptsChangeNothing) {
  DeliveryTracker tracker(client(), tracking(Goal::Read));
  tracker.follow({"sandbox", Sandbox::kQueued});
  tracker.ingest(receipt(Sandbox::kQueued, Channel::WhatsApp, State::Delivered));
  tracker.ingest(receipt(Sandbox::kQueued, Channel::WhatsApp, State::Sent));
  tracker.ingest(receipt(Sandbox::kQueued, Channel::WhatsApp, State::Delivered));
  tracker.ingest(receipt(Sandbox::kQueued, Channel::WhatsApp, State::Read));
  tracker.ingest(receipt(Sandbox::kQueued, Channel::WhatsApp, State::Delivered));
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(states(), (Strings{"delivered", "read"}));
  EXPECT_EQ(requests(), 0u);
}

TEST_F(Tracker, aReceiptOfFailureIsNoEndUntilALookSaysSo) {
  DeliveryTracker tracker(client(), tracking(Goal::Delivered));
  tracker.follow({"sandbox", Sandbox::kFallbackToSms});
  tracker.ingest(receipt(Sandbox::kFallbackToSms, Channel::Viber, State::Undelivered));
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(states(), (Strings{"undelivered", "delivered"}));
  EXPECT_EQ(requests(), 1u);
}

TEST_F(Tracker, receiptsOfAllThatWasPlannedEndItWithoutALook) {
  DeliveryTracker tracker(client(), tracking(Goal::Delivered));
  const std::string umid = umidNumber(1);
  tracker.follow({"sandbox", umid, FallbackPlan{{{Channel::Viber, SuccessStatus::Delivered, 60s}, {Channel::SMS}}}});
  tracker.ingest(receipt(umid, Channel::SMS, State::Undelivered));
  EXPECT_EQ(tracker.following(), 1u);
  tracker.ingest(receipt(umid, Channel::Viber, State::Undelivered));
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.back().ending, Ending::EndedOtherwise);
  EXPECT_EQ(requests(), 0u);
}

TEST_F(Tracker, aPlannedStepOfWhichNoReceiptCameIsLookedForBeforeItIsGivenUp) {
  DeliveryTracker tracker(client(), tracking(Goal::Delivered));
  const FallbackPlan plan{{{Channel::Viber, SuccessStatus::Delivered, 5s}, {Channel::SMS}}, 5s};
  tracker.follow({"sandbox", Sandbox::kFallbackToSms, plan});
  DeliveryReceipt failed = receipt(Sandbox::kFallbackToSms, Channel::Viber, State::Undelivered);
  failed.status.timestamp = Timestamp("2026-01-01T00:00:00Z");
  tracker.ingest(failed);
  clock->advance(10min);
  failed.status.detail = StatusDetail::RejectedByOperator;
  failed.status.timestamp = Timestamp("2026-01-01T00:00:01Z");
  tracker.ingest(failed);  // by now the SMS is overdue by all that was planned
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.back().ending, Ending::Reached);
  EXPECT_EQ(requests(), 1u);
}

TEST_F(Tracker, aReceiptThatSaysNothingMakesItLook) {
  TrackerOptions options = tracking();
  DeliveryTracker tracker(client(), options);
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  tracker.ingest(receipt(Sandbox::kDeliveredBySms, Channel::SMS, State()));
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(requests(), 1u);
  EXPECT_EQ(elapsed(), 0s);
}

TEST_F(Tracker, soDoesOneThatNamesNoChannel) {
  DeliveryTracker tracker(client(), tracking());
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  tracker.ingest(receipt(Sandbox::kDeliveredBySms, Channel(), State::Delivered));
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(requests(), 1u);
  EXPECT_EQ(changes.back().report.steps.size(), 1u);
}

TEST_F(Tracker, whileReceiptsComeInALookWaitsForOne) {
  DeliveryTracker tracker(client(), tracking());
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  tracker.follow({"sandbox", Sandbox::kQueued});
  tracker.ingest(receipt(Sandbox::kQueued, Channel::WhatsApp, State::Delivered));
  const auto state = tracker.find(Sandbox::kDeliveredBySms);
  ASSERT_TRUE(state && state->nextLook);
  EXPECT_EQ(*state->nextLook, 60s);
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(elapsed(), 60s);
  EXPECT_EQ(requests(), 1u);
}

TEST_F(Tracker, itWaitsNoLongerThanReceiptsComeIn) {
  TrackerOptions options = tracking();
  options.receiptPatience = 10h;
  DeliveryTracker tracker(client(), options);
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  clock->advance(1min);
  tracker.ingest(receipt(Sandbox::kDeliveredBySms, Channel::SMS, State::Sent));
  EXPECT_EQ(*tracker.find(Sandbox::kDeliveredBySms)->nextLook, 5min);
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(elapsed(), 6min);
}

TEST_F(Tracker, tellsAnErrorCodeThatAppears) {
  DeliveryTracker tracker(client(), tracking());
  const std::string umid = add({{Channel::SMS, {{0s, State::Sent}, {1h, State::Delivered}}}});
  tracker.follow({"sandbox", umid});
  DeliveryReceipt sent = receipt(umid, Channel::SMS, State::Sent);
  sent.status.timestamp = Timestamp("2026-01-01T00:00:00Z");
  tracker.ingest(sent);
  sent.status.timestamp = Timestamp("2026-01-01T00:00:01Z");
  sent.status.errorCode = -1;
  tracker.ingest(sent);
  EXPECT_TRUE(tracker.run());
  ASSERT_GE(changes.size(), 2u);
  EXPECT_EQ(changes[1].report.steps.back().status.errorCode, -1);
}

TEST_F(Tracker, aReceiptTakesAWaitingLookOutOfTheLane) {
  TrackerOptions options = tracking();
  DeliveryTracker* self = nullptr;
  options.onChange = [&](const TrackedChange& change) {
    changes.push_back(change);
    // The second message's look waits for its slot by now.
    if (change.number == 1) self->ingest(receipt(Sandbox::kReadOnWhatsApp, Channel::WhatsApp, State::Read));
  };
  DeliveryTracker tracker(client(), options);
  self = &tracker;
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  tracker.follow({"sandbox", Sandbox::kReadOnWhatsApp});
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(changes.size(), 2u);
  EXPECT_EQ(requests(), 1u);
  EXPECT_EQ(elapsed(), 0s);
}

TEST_F(Tracker, ofThoseThatAreDueTheMoreUrgentAreLookedAtFirst) {
  DeliveryTracker tracker(client(), tracking());
  tracker.follow({"sandbox", Sandbox::kDeliveredOnWhatsApp, {}, LookPriority::Low});
  tracker.follow({"sandbox", Sandbox::kDeliveredBySms});
  tracker.follow({"sandbox", Sandbox::kReadOnWhatsApp, {}, LookPriority::High});
  EXPECT_TRUE(tracker.run());
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0].umid, Sandbox::kReadOnWhatsApp);
  EXPECT_EQ(changes[1].umid, Sandbox::kDeliveredBySms);
  EXPECT_EQ(changes[2].umid, Sandbox::kDeliveredOnWhatsApp);
  EXPECT_EQ(elapsed(), 2s);
}

TEST_F(Tracker, anUrgentMessageIsLookedAtMoreOftenAndTheOthersAreNotForgotten) {
  TrackerOptions options = tracking();
  options.timeout = 10min;
  DeliveryTracker tracker(client(), options);
  std::vector<std::string> umids;
  for (int i = 0; i < 30; ++i) {
    umids.push_back(add({{Channel::SMS, {{0s, State::Queued}}}}));
    tracker.follow({"sandbox", umids.back(), {}, i == 0 ? LookPriority::High : LookPriority::Normal});
  }
  EXPECT_TRUE(tracker.run());
  std::map<std::string, int> looks;
  for (const auto& request : sandbox->requests()) ++looks[request.umid];
  for (const std::string& umid : umids) EXPECT_GE(looks[umid], 5) << umid;
  EXPECT_GE(looks[umids[0]] * 2, looks[umids[1]] * 3);
}

TEST_F(Tracker, directCallsGoBeforeItsLooks) {
  DeliveryTracker* self = nullptr;
  int calls = 0;
  TrackerOptions options = tracking();
  options.onChange = [&](const TrackedChange& change) {
    changes.push_back(change);
    const auto before = clock->now();
    client().getMessageDetails("sandbox", Sandbox::kQueued);
    EXPECT_LE(clock->now() - before, 2s);
    ++calls;
  };
  DeliveryTracker tracker(client(), options);
  self = &tracker;
  for (int i = 0; i < 20; ++i) self->follow({"sandbox", add({{Channel::SMS, {{0s, State::Delivered}}}})});
  EXPECT_TRUE(tracker.run());
  EXPECT_EQ(calls, 20);
}

TEST_F(Tracker, tellsTheTrueCycleTimeAndWhatItKnows) {
  DeliveryTracker tracker(client(), tracking());
  EXPECT_EQ(tracker.cycleTime("sandbox"), 0s);
  for (int i = 1; i <= 7; ++i) tracker.follow({"sandbox", umidNumber(i)});
  tracker.follow({"another", umidNumber(8)});
  EXPECT_EQ(tracker.cycleTime("sandbox"), 7s);
  EXPECT_EQ(tracker.cycleTime("another"), 1s);
  EXPECT_EQ(tracker.following(), 8u);
  EXPECT_FALSE(tracker.find(umidNumber(9)));
  clock->advance(5s);
  tracker.ingest(receipt(umidNumber(1), Channel::SMS, State::Sent));
  const auto state = tracker.find(umidNumber(1));
  ASSERT_TRUE(state);
  EXPECT_EQ(state->report.state, State::Sent);
  EXPECT_EQ(state->age, 5s);
  EXPECT_EQ(state->ending, Ending::None);
}

TEST_F(Tracker, aCycleThatNoNumberCanHoldIsAsLongAsCanBe) {
  TrackerOptions options = tracking();
  const Clock::duration century = 24h * 365 * 100;
  track::Tracking tracking(options, century, [] { return 1.0; });
  const track::Moment now{clock->now(), clock->utcNow()};
  for (int i = 1; i <= 3; ++i) tracking.follow({"sandbox", umidNumber(i), {}, LookPriority::Low}, now);
  EXPECT_EQ(tracking.cycleTime("sandbox"), (Clock::duration::max)());
  track::Followed* const message = tracking.nextLook(now);
  ASSERT_TRUE(message);
  tracking.looked(*message, Outcome<MessageDetails>(MessageDetails()), now);
  EXPECT_EQ(tracking.state(message->umid, now.now)->nextLook, options.timeout);
}

TEST_F(Tracker, whatCanNotWorkIsRefused) {
  EXPECT_THROW(DeliveryTracker(client(), {}), InvalidArgumentError);
  TrackerOptions options = tracking();
  options.timeout = 0s;
  EXPECT_THROW(DeliveryTracker(client(), options), InvalidArgumentError);
  options = tracking();
  options.firstInterval = 2min;
  EXPECT_THROW(DeliveryTracker(client(), options), InvalidArgumentError);
  DeliveryTracker tracker(client(), tracking());
  EXPECT_THROW(tracker.follow({"sandbox", "no-uuid"}), InvalidArgumentError);
  EXPECT_THROW(tracker.follow({"a/b", umidNumber(1)}), InvalidArgumentError);
  FollowedMessage planned{"sandbox", umidNumber(1)};
  planned.plan.patience = -1s;
  EXPECT_THROW(tracker.follow(planned), InvalidArgumentError);
  FollowedMessage urgent{"sandbox", umidNumber(1)};
  urgent.priority = static_cast<LookPriority>(7);
  EXPECT_THROW(tracker.follow(urgent), InvalidArgumentError);
  options = tracking();
  options.kept = (std::numeric_limits<std::uint64_t>::max)();
  EXPECT_THROW(DeliveryTracker(client(), options), InvalidArgumentError);
  options = tracking(static_cast<Goal>(77));
  EXPECT_THROW(DeliveryTracker(client(), options), InvalidArgumentError);
  EXPECT_EQ(tracker.following(), 0u);
}

}  // namespace
}  // namespace chatapps
