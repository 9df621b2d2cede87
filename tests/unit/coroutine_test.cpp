// `co_await` on calls: built in C++20, against the library that is C++17.
#include "chatapps/coroutine.hpp"

#include <exception>
#include <future>
#include <optional>
#include <thread>

#include "unit/client_fixture.hpp"

namespace chatapps {
namespace {

/// A coroutine that begins at once and tells a promise how it ended.
struct Task {
  struct promise_type {
    std::promise<void> ended;
    Task get_return_object() { return {ended.get_future()}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() { ended.set_value(); }
    void unhandled_exception() { ended.set_exception(std::current_exception()); }
  };
  std::future<void> ended;
};

class Coroutine : public ClientFixture {};

Task askTwice(ChatAppsClient client, std::vector<std::string>& seen) {
  for (int i = 1; i <= 2; ++i) {
    const MessageDetails details = co_await awaitMessageDetails(client, kSubAccount, umid(i));
    seen.push_back(details.at(0).umid);
  }
}

TEST_F(Coroutine, givesTheRecordsOneAfterTheOther) {
  std::vector<std::string> seen;
  askTwice(ChatAppsClient(options()), seen).ended.get();
  EXPECT_EQ(seen, (std::vector<std::string>{umid(1), umid(2)}));
  EXPECT_EQ(arrivals(), (Durations{0s, 1s}));
}

Task askThroughATemporary(ClientOptions options) {
  auto call = awaitMessageDetails(ChatAppsClient(std::move(options)), kSubAccount, umid(1));
  co_await call;
}

TEST_F(Coroutine, keepsTheClientAliveWhileItWaits) {
  EXPECT_NO_THROW(askThroughATemporary(options()).ended.get());
  EXPECT_EQ(server->count(), 1u);
}

Task askFor(ChatAppsClient client, std::string message, CallOptions call = {}) {
  co_await awaitMessageDetails(client, kSubAccount, std::move(message), std::move(call));
}

TEST_F(Coroutine, throwsTheTypedError) {
  server->answers([](const Server::Seen&) { return answer(404, R"({"code":4018})"); });
  const ChatAppsClient client(options());
  EXPECT_EQ(caught<NotFoundError>([&] { askFor(client, umid(1)).ended.get(); }).code(), 4018);
}

TEST_F(Coroutine, throwsForBadArguments) {
  const ChatAppsClient client(options());
  EXPECT_EQ(caught<InvalidArgumentError>([&] { askFor(client, "no uuid").ended.get(); }).argument(), "umid");
}

TEST_F(Coroutine, canBeCancelled) {
  server->answers([](const Server::Seen&) { return silence(); });
  const ChatAppsClient client(options());
  const CancellationSource source;
  CallOptions call;
  call.cancellation = source.token();
  const Standstill still(clock);
  Task task = askFor(client, umid(1), call);
  source.cancel();
  caught<CancelledError>([&] { task.ended.get(); });
}

Task keepAlive(ClientOptions options, std::optional<MessageDetails>& seen) {
  seen = co_await awaitMessageDetails(ChatAppsClient(std::move(options)), kSubAccount, umid(1));
}

TEST_F(Coroutine, itsFrameKeepsTheClientAlive) {
  std::optional<MessageDetails> seen;
  keepAlive(options(), seen).ended.get();
  EXPECT_EQ(seen->size(), 1u);
}

Task lastHandleInTheFrame(ClientOptions options, std::promise<void>& done) {
  {
    const ChatAppsClient client(std::move(options));
    co_await awaitMessageDetails(client, kSubAccount, umid(1));
  }
  done.set_value();
}

TEST_F(Coroutine, mayLetGoOfTheLastHandleWhileTheCallIsStillBeingMade) {
  ClientOptions unpaced = options();
  unpaced.pacing = Pacing::off();
  for (int round = 0; round < 300; ++round) {
    std::promise<void> done;
    lastHandleInTheFrame(unpaced, done).ended.get();
    done.get_future().get();
  }
}

/// A coroutine that its owner destroys.
struct Owned {
  struct promise_type {
    Owned get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};

Owned neverGoesOn(ChatAppsClient client) {
  co_await awaitMessageDetails(client, kSubAccount, umid(1));
  ADD_FAILURE() << "it was destroyed while it waited";
}

TEST_F(Coroutine, oneThatIsDestroyedWhileItWaitsIsNotResumed) {
  const ChatAppsClient client(options());
  {
    const Standstill still(clock);
    client.getMessageDetailsAsync(kSubAccount, umid(2));
    neverGoesOn(client).handle.destroy();
  }
  client.getMessageDetailsAsync(kSubAccount, umid(3)).get();
  EXPECT_EQ(server->count(), 3u) << "its call goes on, unseen";
}

TEST_F(Coroutine, hundredsRunSideBySide) {
  const ChatAppsClient client(options());
  std::vector<Task> tasks;
  {
    const Standstill still(clock);
    for (int i = 0; i < 25; ++i) tasks.push_back(askFor(client, umid(i)));
  }
  for (Task& task : tasks) task.ended.get();
  EXPECT_EQ(elapsed(), 24s);
}

}  // namespace
}  // namespace chatapps
