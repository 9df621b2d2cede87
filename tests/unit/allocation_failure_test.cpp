// Row 61 of the fault matrix: memory that runs out at any moment. The call ends in an error, nothing leaks, and the
// next one goes as if nothing was. A program of its own, since it replaces operator new and what libcurl allocates
// with.
#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <future>
#include <map>
#include <mutex>
#include <new>
#include <thread>

#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/quick_client.hpp"
#include "unit/client_fixture.hpp"
#include "unit/tracker_fixture.hpp"

namespace {

std::atomic<long> left{-1};  // allocations that succeed before one fails; negative: no end of memory
std::atomic<long> failures{0};
std::atomic<int> inARow{1};  // so many fail then
std::atomic<int> stillFailing{0};
thread_local bool mine = false;  // only where this is set, if `oneThread`
std::atomic<bool> oneThread{false};

bool mayAllocate() {
  if (oneThread.load(std::memory_order_relaxed) && !mine) return true;
  if (stillFailing > 0 && stillFailing-- > 0) {
    ++failures;
    return false;
  }
  if (left.load(std::memory_order_relaxed) < 0) return true;
  if (left.fetch_sub(1) != 0) return true;
  stillFailing = inARow - 1;
  ++failures;  // and then there is memory again
  return false;
}

void* mallocOfLibcurl(std::size_t size) { return mayAllocate() ? std::malloc(size) : nullptr; }
void* reallocOfLibcurl(void* memory, std::size_t size) { return mayAllocate() ? std::realloc(memory, size) : nullptr; }
void* callocOfLibcurl(std::size_t count, std::size_t size) {
  return mayAllocate() ? std::calloc(count, size) : nullptr;
}
char* strdupOfLibcurl(const char* text) { return mayAllocate() ? ::strdup(text) : nullptr; }

// The first to start libcurl says what it allocates with, and a program may do so before the library.
const CURLcode started = curl_global_init_mem(CURL_GLOBAL_DEFAULT, mallocOfLibcurl, std::free, reallocOfLibcurl,
                                              strdupOfLibcurl, callocOfLibcurl);

}  // namespace

void* operator new(std::size_t size) {
  if (mayAllocate()) {
    if (void* memory = std::malloc(size)) return memory;
  }
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace chatapps {
namespace {

class AllocationFailure : public ClientFixture {
 protected:
  /// Runs `work` again and again, with its first, second, ... allocation failing, until one run has enough memory.
  /// Tells how many failed.
  template <class Work>
  long runWithEachFailing(Work work) {
    failures = 0;
    for (long k = 0;; ++k) {
      left = k;
      work();
      const bool enough = left >= 0;
      left = -1;
      stillFailing = 0;
      afterwards();
      if (enough || HasFailure()) return failures;
    }
  }

  /// The lane and the client still work, and nobody holds a place.
  virtual void afterwards() {
    EXPECT_LE(client.estimate(kSubAccount, 1), 1s);
    EXPECT_EQ(client.getMessageDetails(kSubAccount, umid(1)).size(), 1u);
  }

  /// Whether `code` ended in bad_alloc or an error of the library; anything else comes out.
  template <class Code>
  static bool fails(Code code) {
    try {
      code();
    } catch (const std::bad_alloc&) {
      return true;
    } catch (const ChatAppsError&) {
      return true;
    }
    return false;
  }

  const ChatAppsClient client{options()};
};

TEST_F(AllocationFailure, row61_endsACallInAnErrorAtMost) {
  int failed = 0;
  const long count = runWithEachFailing([&] {
    if (fails([&] { client.getMessageDetails(kSubAccount, umid(2)); })) ++failed;
  });
  EXPECT_GT(failed, 10);
  EXPECT_LE(failed, count);
}

TEST_F(AllocationFailure, row61_soDoSeveralFailuresInARow) {
  for (const int several : {2, 3, 6}) {
    inARow = several;
    runWithEachFailing([&] { fails([&] { client.getMessageDetails(kSubAccount, umid(2)); }); });
  }
  inARow = 1;
}

TEST_F(AllocationFailure, row61_endsARetriedCallInAnErrorAtMost) {
  server->answers([](const Server::Seen& seen) {
    return seen.umid == umid(2) && seen.number % 3 == 0 ? answer(503) : Server::found(seen);
  });
  const long count = runWithEachFailing([&] { fails([&] { client.getMessageDetails(kSubAccount, umid(2)); }); });
  EXPECT_GT(count, 20);
}

TEST_F(AllocationFailure, row61_aBulkRunTellsEachOutcomeOnceOrThrows) {
  int thrown = 0;
  const long count = runWithEachFailing([&] {
    int taken = 0, told = 0;
    const bool threw = fails([&] {
      client.getMany(
          [&]() -> std::optional<MessageRef> {
            if (taken == 3) return std::nullopt;
            std::optional<MessageRef> ref({kSubAccount, umid(taken)});
            ++taken;
            return ref;
          },
          [&](const BulkResult&) { ++told; });
    });
    if (threw) {
      ++thrown;
    } else {
      EXPECT_EQ(told, 3);
    }
  });
  EXPECT_GT(count, 50);
  EXPECT_LT(thrown, count) << "one message without memory is an outcome, not the end of the run";
}

TEST_F(AllocationFailure, row61_aCancellationIsHeardByAllThatItConcerns) {
  server->answers([](const Server::Seen& seen) { return seen.umid == umid(2) ? silence() : Server::found(seen); });
  runWithEachFailing([&] {
    const long memory = left.exchange(-1);
    clock->advance(1min);
    std::future<BulkSummary> run;
    long rest = -1;
    {
      const Standstill still(clock);
      const CancellationSource source;
      const std::size_t before = server->count();
      BulkOptions bulk;
      bulk.cancellation = source.token();
      const auto asked = std::make_shared<std::atomic<int>>(0);
      run = std::async(std::launch::async, [this, bulk, asked] {
        const MessageSource once = [&] {
          return ++*asked == 1 ? std::optional<MessageRef>({"another", umid(2)}) : std::nullopt;
        };
        return client.getMany(
            once, [](const BulkResult&) {}, bulk);
      });
      while (server->count() == before || *asked < 2) std::this_thread::yield();
      left = memory;
      fails([&] { source.cancel(); });
      rest = left.exchange(-1);
      EXPECT_EQ(run.wait_for(10s), std::future_status::ready);
    }
    EXPECT_TRUE(run.get().cancelled);
    left = rest;
  });
}

TEST_F(AllocationFailure, row61_aWaitEndsInAReportOrAnError) {
  std::size_t first = 0;
  server->answers([&](const Server::Seen& seen) {
    if (seen.umid != umid(2)) return Server::found(seen);
    if (first == 0) first = seen.number;
    std::string body = testing::ScriptedTransport::exampleBody(seen.umid);
    if (seen.number < first + 2) body.replace(body.find("delivered"), 9, "sent");
    return answer(200, std::move(body));
  });
  int failed = 0;
  const long count = runWithEachFailing([&] {
    first = 0;
    WaitOptions wait;
    wait.goal = Goal::Delivered;
    if (fails([&] { EXPECT_TRUE(client.waitFor(kSubAccount, umid(2), wait).delivered()); })) ++failed;
  });
  EXPECT_GT(count, 50);
  EXPECT_GT(failed, 10);
}

TEST_F(AllocationFailure, row61_anAsynchronousCallEndsOnceOrIsThrownInstead) {
  client.getMessageDetailsAsync(kSubAccount, umid(1)).get();
  const long count = runWithEachFailing([&] {
    long rest = left.exchange(-1);  // what the promise takes is none of the library's
    std::atomic<int> times{0};
    std::promise<void> told;
    left = rest;
    try {
      client.getMessageDetailsAsync(kSubAccount, umid(2), {}, [&](const Outcome<MessageDetails>&) {
        ++times;
        rest = left.exchange(-1);
        told.set_value();
      });
      told.get_future().get();
      left = rest;
      EXPECT_EQ(times, 1);
    } catch (const std::bad_alloc&) {
      EXPECT_EQ(times, 0) << "thrown instead";
    }
  });
  EXPECT_GT(count, 10);
}

/// A tracker whose run hangs is cancelled after a while, so that the test fails and ends.
class TrackerAllocationFailure : public TrackerFixture {
 protected:
  TrackerAllocationFailure() {
    mine = true;
    oneThread = true;
  }
  ~TrackerAllocationFailure() override {
    {
      const std::lock_guard lock(mutex);
      over = true;
    }
    changed.notify_one();
    watchdog.join();
    oneThread = false;
  }

  /// Code of the test's own, which has memory.
  template <class Code>
  static auto withMemory(Code code) {
    const long rest = left.exchange(-1);
    const auto result = code();
    left = rest;
    return result;
  }
  template <class Code>
  static void asOftenAsItFails(Code code) {
    for (int i = 0; i < 3; ++i) {
      try {
        return code();
      } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): there is memory again
      }
    }
    ADD_FAILURE() << "one failure had effect again and again";
  }

  TrackerOptions counting(const std::string& file) {
    TrackerOptions options;
    options.checkpointFile = file;
    options.notFoundGrace = 0s;
    options.timeout = 1h;
    options.onChange = [this](const TrackedChange& change) {
      withMemory([&] {
        EXPECT_EQ(change.number, ++lastNumber);
        if (change.ending != Ending::None) ++ended[change.umid];
        return 0;
      });
    };
    return options;
  }

  /// With its first, second, ... allocation failing, `follow`s and runs until the messages have ended.
  template <class Follow>
  void expectEachEndsOnce(std::size_t count, const std::string& file, Follow follow) {
    bool enough = false;
    long k = 0;
    for (; !enough && !HasFailure(); ++k) {
      if (!file.empty()) std::remove(file.c_str());
      sandbox = std::make_shared<Sandbox>();
      ended.clear();
      lastNumber = 0;
      added = 0;
      {
        DeliveryTracker tracker(client(), counting(file));
        const std::vector<std::string> umids = follow(tracker, k);
        asOftenAsItFails([&] { EXPECT_TRUE(tracker.run(watched.token())); });
        enough = left.exchange(-1) >= 0;
        EXPECT_EQ(tracker.following(), 0u);
        for (const std::string& umid : umids) EXPECT_EQ(ended[umid], 1) << umid << " of allocation " << k;
      }
      EXPECT_EQ(ended.size(), count) << "allocation " << k;
      if (file.empty()) continue;
      DeliveryTracker resumed(client(), counting(file));
      EXPECT_EQ(resumed.following(), 0u) << "allocation " << k;
      EXPECT_TRUE(resumed.run(watched.token()));
      EXPECT_EQ(ended.size(), count) << "allocation " << k;
      for (const auto& [umid, times] : ended) EXPECT_EQ(times, 1) << umid << " told again, allocation " << k;
    }
    EXPECT_GT(k, 100);
  }

  std::map<std::string, int> ended;
  std::uint64_t lastNumber = 0;
  CancellationSource watched;
  std::mutex mutex;
  std::condition_variable changed;
  bool over = false;
  std::thread watchdog{[this] {
    std::unique_lock lock(mutex);
    if (!changed.wait_for(lock, 60s, [this] { return over; })) watched.cancel();
  }};
};

TEST_F(TrackerAllocationFailure, row61_aTrackerTellsEachEndOrThrowsAndTheNextRunTellsIt) {
  const auto follow = [this](DeliveryTracker& tracker, long k) {
    const std::vector<std::string> umids{add({{Channel::WhatsApp, {{0s, State::Sent}, {5s, State::Undelivered}}},
                                              {Channel::SMS, {{10s, State::Sent}, {20s, State::Delivered}}}}),
                                         add({{Channel::SMS, {{0s, State::Queued}}}}),  // it times out
                                         add({{Channel::Viber, {{0s, State::Sent}}}}), Sandbox::kFailed,
                                         umidNumber(999)};  // a receipt; unknown
    DeliveryReceipt delivered = receipt(umids[2], Channel::Viber, State::Delivered);
    left = k;
    for (std::size_t i = 0; i < umids.size(); ++i) {
      asOftenAsItFails([&] { tracker.follow({i % 2 ? "another" : "sandbox", umids[i]}); });
    }
    asOftenAsItFails([&] { tracker.ingest(delivered); });
    return umids;
  };
  expectEachEndsOnce(5, "", follow);
}

TEST_F(TrackerAllocationFailure, row61_soDoesItsCheckpoint) {
  const support::TemporaryFolder folder;
  const auto follow = [this](DeliveryTracker& tracker, long k) {
    const std::vector<std::string> umids{add({{Channel::SMS, {{0s, State::Sent}, {5s, State::Delivered}}}}),
                                         add({{Channel::Viber, {{0s, State::Sent}}}})};
    left = k;
    for (const std::string& umid : umids) asOftenAsItFails([&] { tracker.follow({"sandbox", umid}); });
    asOftenAsItFails([&] { tracker.ingest(receipt(umids[1], Channel::Viber, State::Delivered)); });
    return umids;
  };
  expectEachEndsOnce(2, folder.file("checkpoint"), follow);
}

/// Over real sockets, where libcurl allocates too; only what the calling thread allocates fails.
class SocketAllocationFailure : public AllocationFailure {
 protected:
  SocketAllocationFailure() {
    mine = true;
    oneThread = true;
  }
  ~SocketAllocationFailure() override { oneThread = false; }

  static MessageDetails get(const ChatAppsClient& client) {
    return client.getMessageDetails(support::kSubAccount, support::kUmid);
  }
  void afterwards() override { EXPECT_EQ(get(paced).size(), 1u); }

  support::FaultServer api{support::answerEach(support::detailsAnswer)};
  const ClientOptions real = [this] {
    ClientOptions quick = support::pacedOptions(api.url(), 100'000);
    quick.retry.maxAttempts = 1;
    return quick;
  }();
  const ChatAppsClient paced{real};
};

TEST_F(SocketAllocationFailure, row61_aFirstCallEndsInAnErrorAtMost) {
  ASSERT_EQ(started, CURLE_OK);
  int failed = 0;
  const long count = runWithEachFailing([&] {
    if (fails([&] { EXPECT_EQ(get(ChatAppsClient(real)).size(), 1u); })) ++failed;
  });
  std::printf("%ld allocations, of which %d end the call\n", count, failed);
  EXPECT_GT(count, 100);
  EXPECT_GT(failed, 50);
}

TEST_F(SocketAllocationFailure, row61_asynchronousCallsEachEndOnceWhateverFailsOnTheClientsThread) {
  mine = false;
  support::FaultServer hangsUp([](support::Connection& connection) {
    if (connection.readRequest()) connection.reset();
  });
  for (const std::string& url : {api.url(), hangsUp.url()}) {
    ClientOptions quick = support::quickOptions(url);
    quick.retry.maxAttempts = 1;
    const long count = runWithEachFailing([&] {
      const ChatAppsClient async(quick);  // whose first calls make what later ones find
      std::promise<void> known;
      async.getMessageDetailsAsync(kSubAccount, umid(0), {}, [&](const auto&) {
        mine = true;
        known.set_value();
      });
      known.get_future().get();
      const auto told = std::make_shared<std::atomic<int>>(0);
      for (int i = 0; i < 4; ++i) {
        async.getMessageDetailsAsync(kSubAccount, umid(i), {}, [told](const auto&) { ++*told; });
      }
      for (int tries = 0; tries < 10'000 && *told < 4; ++tries) std::this_thread::sleep_for(1ms);
      EXPECT_EQ(*told, 4) << "allocation " << failures;
    });
    EXPECT_GT(count, 20);
  }
  mine = true;
}

TEST_F(SocketAllocationFailure, row61_soDoesOneThatGoesAgainSinceItsKeptConnectionSpokeUnasked) {
  mine = false;
  support::FaultServer speaks([](support::Connection& connection) {
    while (connection.readRequest()) {
      connection.send(support::detailsAnswer(connection.request()));
      std::this_thread::sleep_for(2ms);
      connection.send("HTTP/1.1 408 Request Timeout\r\n\r\n");
    }
  });
  const ClientOptions quick = [&] {
    ClientOptions once = support::quickOptions(speaks.url());
    once.retry.maxAttempts = 1;
    return once;
  }();
  const long count = runWithEachFailing([&] {
    const ChatAppsClient async(quick);
    async.getMessageDetailsAsync(support::kSubAccount, support::kUmid).get();
    std::this_thread::sleep_for(10ms);
    std::promise<void> known;
    async.getMessageDetailsAsync("..", "", {}, [&](const auto&) {
      mine = true;
      known.set_value();
    });
    known.get_future().get();
    const auto told = std::make_shared<std::atomic<int>>(0);
    async.getMessageDetailsAsync(support::kSubAccount, support::kUmid, {}, [told](const auto&) { ++*told; });
    for (int tries = 0; tries < 10'000 && *told < 1; ++tries) std::this_thread::sleep_for(1ms);
    EXPECT_EQ(*told, 1) << "allocation " << failures;
  });
  EXPECT_GT(count, 20);
  mine = true;
}

TEST_F(SocketAllocationFailure, row61_soDoesOneOverAKeptConnection) {
  const long count = runWithEachFailing([&] { fails([&] { EXPECT_EQ(get(paced).size(), 1u); }); });
  EXPECT_GT(count, 20);
}

}  // namespace
}  // namespace chatapps
