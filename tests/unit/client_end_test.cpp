// What ends asynchronous calls: cancellation, the deadline, and the end of the client wherever it comes from.
#include <deque>
#include <future>
#include <memory>

#include "unit/async_fixture.hpp"

namespace chatapps {
namespace {

using ClientEnd = AsyncFixture;

TEST_F(ClientEnd, aFutureThatNobodyWaitsForIsFine) {
  { ChatAppsClient(options()).getMessageDetailsAsync(kSubAccount, umid(1)); }
  const ChatAppsClient client(options());
  client.getMessageDetailsAsync(kSubAccount, umid(2));
}

TEST_F(ClientEnd, aCallbackMayDestroyTheLastHandle) {
  auto client = std::make_unique<ChatAppsClient>(options());
  Told second;
  std::promise<void> bothMade, first;
  {
    const Standstill still(clock);
    client->getMessageDetailsAsync("one", umid(1), {}, [&](Result) {
      bothMade.get_future().wait();
      client.reset();
      first.set_value();
    });
    client->getMessageDetailsAsync("two", umid(2), {}, second.callback());
    bothMade.set_value();
  }
  first.get_future().get();
  second.wait();
  EXPECT_EQ(second.times, 1);
}

TEST_F(ClientEnd, aCallbackMayDestroyTheObjectThatIsStillMakingTheCall) {
  struct Owner {
    explicit Owner(const ClientOptions& options) : client(options) {}
    ChatAppsClient client;
  };
  ClientOptions unpaced = options();
  unpaced.pacing = Pacing::off();
  for (int round = 0; round < 300; ++round) {
    auto* owner = new Owner(unpaced);
    std::promise<void> done;
    owner->client.getMessageDetailsAsync(kSubAccount, umid(1), {}, [&, owner](Result) {
      delete owner;
      done.set_value();
    });
    done.get_future().get();
  }
}

TEST_F(ClientEnd, theEndOfTheClientEndsEveryCallExactlyOnce) {
  std::deque<Told> told(100);
  {
    const Standstill still(clock);
    ClientOptions patient = options();
    patient.timeout = 1h;
    const ChatAppsClient client(patient);
    for (int i = 0; i < 100; ++i)
      client.getMessageDetailsAsync(kSubAccount, umid(i), {}, told[static_cast<std::size_t>(i)].callback());
  }
  int cancelled = 0;
  for (Told& one : told) {
    EXPECT_EQ(one.times, 1) << "before the destructor returned";
    const Result result = one.wait();
    if (result.ok()) continue;
    caught<CancelledError>([&] { result.value(); });
    ++cancelled;
  }
  EXPECT_GE(cancelled, 99);
}

TEST_F(ClientEnd, copiesKeepTheCallsAlive) {
  std::future<MessageDetails> future;
  auto first = std::make_unique<ChatAppsClient>(options());
  const ChatAppsClient copy = *first;
  future = first->getMessageDetailsAsync(kSubAccount, umid(1));
  first.reset();
  EXPECT_EQ(future.get().size(), 1u);
}

TEST_F(ClientEnd, oneSourceCancelsAThousandCalls) {
  const ChatAppsClient client(options());
  const CancellationSource source;
  std::deque<Told> told(1000);
  {
    const Standstill still(clock);
    for (std::size_t i = 0; i < told.size(); ++i) {
      CallOptions call;
      call.timeout = 1h;
      call.cancellation = source.token();
      client.getMessageDetailsAsync(kSubAccount, umid(static_cast<int>(i)), call, told[i].callback());
    }
    source.cancel();
    std::size_t cancelled = 0;
    for (Told& one : told) cancelled += one.wait().ok() ? 0 : 1;
    EXPECT_GE(cancelled, 999u);
    EXPECT_EQ(elapsed(), 0s);
  }
  EXPECT_LE(client.estimate(kSubAccount, 1), 1s) << "nobody holds a place";
}

TEST_F(ClientEnd, aCallbackMayCancelTheOthers) {
  const ChatAppsClient client(options());
  const CancellationSource source;
  CallOptions call;
  call.cancellation = source.token();
  Told others[3];
  const Standstill still(clock);
  client.getMessageDetailsAsync("one", umid(1), {}, [&](Result) { source.cancel(); });
  for (Told& other : others) client.getMessageDetailsAsync("silent", umid(2), call, other.callback());
  int ended = 0;
  for (Told& other : others) {
    const Result result = other.wait();
    if (!result.ok()) caught<CancelledError>([&] { result.value(); });
    ++ended;
  }
  EXPECT_EQ(ended, 3);
}

TEST_F(ClientEnd, silenceEndsAtTheDeadline) {
  server->answers([](const Server::Seen&) { return silence(); });
  const ChatAppsClient client(options());
  std::future<MessageDetails> future = client.getMessageDetailsAsync(kSubAccount, umid(1));
  EXPECT_EQ(caught<TimeoutError>([&] { future.get(); }).delivery(), Delivery::MaybeSent);
  EXPECT_EQ(elapsed(), 30s);
}

}  // namespace
}  // namespace chatapps
