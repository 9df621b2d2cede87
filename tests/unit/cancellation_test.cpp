#include "chatapps/cancellation.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "cancellation_state.hpp"

namespace chatapps {
namespace {

TEST(Cancellation, aDefaultTokenIsNeverCancelled) {
  const CancellationToken token;
  EXPECT_FALSE(token.isCancelled());
  const CancellationWatch watch(token, [] { FAIL(); });
}

TEST(Cancellation, copiesShareOneState) {
  const CancellationSource source;
  const CancellationSource copy =
      source;  // NOLINT(performance-unnecessary-copy-initialization): that is what is tested
  const CancellationToken token = source.token();
  EXPECT_FALSE(token.isCancelled());
  copy.cancel();
  EXPECT_TRUE(token.isCancelled());
  EXPECT_TRUE(source.isCancelled());
}

TEST(Cancellation, aWatchHearsOfItOnce) {
  const CancellationSource source;
  int heard = 0;
  const CancellationWatch watch(source.token(), [&] { ++heard; });
  EXPECT_EQ(heard, 0);
  source.cancel();
  source.cancel();
  EXPECT_EQ(heard, 1);
}

TEST(Cancellation, aWatchThatComesLateHearsOfItAtOnce) {
  const CancellationSource source;
  source.cancel();
  int heard = 0;
  const CancellationWatch watch(source.token(), [&] { ++heard; });
  EXPECT_EQ(heard, 1);
}

TEST(Cancellation, aWatchThatIsGoneHearsNothing) {
  const CancellationSource source;
  int heard = 0;
  {
    const CancellationWatch watch(source.token(), [&] { ++heard; });
  }
  source.cancel();
  EXPECT_EQ(heard, 0);
}

TEST(Cancellation, aMovedWatchHearsInItsNewPlace) {
  const CancellationSource source;
  int heard = 0;
  std::optional<CancellationWatch> first(CancellationWatch(source.token(), [&] { ++heard; }));
  CancellationWatch second(std::move(*first));
  first.reset();
  CancellationWatch third;
  third = std::move(second);
  source.cancel();
  EXPECT_EQ(heard, 1);
}

TEST(Cancellation, assigningANewWatchEndsTheOld) {
  const CancellationSource source;
  int heard = 0;
  CancellationWatch watch(source.token(), [&] { ++heard; });
  watch = CancellationWatch();
  source.cancel();
  EXPECT_EQ(heard, 0);
}

TEST(Cancellation, aTokenOutlivesItsSource) {
  CancellationToken token;
  {
    const CancellationSource source;
    token = source.token();
  }
  EXPECT_FALSE(token.isCancelled());
}

TEST(Cancellation, noWatchHearsAfterItsEndWhoeverCancels) {
  for (int round = 0; round < 200; ++round) {
    const CancellationSource source;
    std::atomic<bool> alive{true};
    std::atomic<bool> heardTooLate{false};
    auto watch = std::make_unique<CancellationWatch>(source.token(), [&] {
      if (!alive) heardTooLate = true;
    });
    std::thread canceller([&] { source.cancel(); });
    watch.reset();
    alive = false;
    canceller.join();
    EXPECT_FALSE(heardTooLate);
  }
}

}  // namespace
}  // namespace chatapps
