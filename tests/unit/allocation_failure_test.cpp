// Memory that runs out at any moment of a call: the call ends in an error, and the next one goes as if nothing was.
// A program of its own, since it replaces operator new.
#include <atomic>
#include <cstdlib>
#include <future>
#include <new>

#include "unit/client_fixture.hpp"

namespace {

std::atomic<long> allocationsLeft{-1};  // negative: no end of memory

bool mayAllocate() {
  if (allocationsLeft.load(std::memory_order_relaxed) < 0) return true;
  return allocationsLeft.fetch_sub(1) != 0;  // fails once, and then there is memory again
}

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
  template <class Work>
  int runWithEachFailing(Work work) {
    for (long k = 0;; ++k) {
      allocationsLeft = k;
      work();
      const bool enough = allocationsLeft >= 0;
      allocationsLeft = -1;
      afterwards();
      if (enough || HasFailure()) return static_cast<int>(k);
    }
  }

  /// The lane and the client still work, and nobody holds a place.
  virtual void afterwards() {
    EXPECT_LE(client.estimate(kSubAccount, 1), 1s);
    EXPECT_EQ(client.getMessageDetails(kSubAccount, umid(1)).size(), 1u);
  }

  const ChatAppsClient client{options()};
};

TEST_F(AllocationFailure, endsASynchronousCallInAnErrorAtMost) {
  int failed = 0;
  const int count = runWithEachFailing([&] {
    try {
      client.getMessageDetails(kSubAccount, umid(2));
    } catch (const std::bad_alloc&) {
      ++failed;
    } catch (const ChatAppsError&) {
      ++failed;
    }
  });
  EXPECT_GT(failed, 10);
  EXPECT_LE(failed, count);
}

TEST_F(AllocationFailure, endsARetriedCallInAnErrorAtMost) {
  server->answers([](const Server::Seen& seen) { return seen.umid == umid(2) && seen.number % 3 == 0 ? answer(503) : Server::found(seen); });
  runWithEachFailing([&] {
    try {
      client.getMessageDetails(kSubAccount, umid(2));
    } catch (const std::bad_alloc&) {
    } catch (const ChatAppsError&) {
    }
  });
}

TEST_F(AllocationFailure, endsABulkRunInAnErrorAtMost) {
  runWithEachFailing([&] {
    int next = 0;
    try {
      client.getMany([&]() -> std::optional<MessageRef> { return next < 3 ? std::optional<MessageRef>({kSubAccount, umid(next++)}) : std::nullopt; },
                     [](const BulkResult&) {});
    } catch (const std::bad_alloc&) {
    }
  });
}

TEST_F(AllocationFailure, anAsynchronousCallStillEndsOnce) {
  client.getMessageDetailsAsync(kSubAccount, umid(1)).get();
  runWithEachFailing([&] {
    std::atomic<int> times{0};
    std::promise<void> told;
    try {
      client.getMessageDetailsAsync(kSubAccount, umid(2), {}, [&](const Outcome<MessageDetails>&) {
        ++times;
        allocationsLeft.exchange(-1);
        told.set_value();
      });
      told.get_future().get();
      EXPECT_EQ(times, 1);
    } catch (const std::bad_alloc&) {
      EXPECT_EQ(times, 0) << "thrown instead";
    }
  });
}

}  // namespace
}  // namespace chatapps
