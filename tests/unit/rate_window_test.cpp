#include "testing/rate_window.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using chatapps::Clock;
using chatapps::testing::RateWindow;
using chatapps::testing::Window;

namespace {

constexpr Clock::time_point kStart{1000s};

/// `a` for accepted and `r` for rejected, for requests at these times after the start.
std::string judge(RateWindow window, const std::vector<Clock::duration>& times) {
  std::string judged;
  for (const auto time : times) judged += window.request(kStart + time) ? 'r' : 'a';
  return judged;
}

class StrictWindow : public ::testing::TestWithParam<Window> {};

}  // namespace

TEST_P(StrictWindow, acceptsTheFirstRequestWheneverItComes) {
  EXPECT_EQ(judge({GetParam(), 1s, false}, {0s}), "a");
  EXPECT_EQ(judge({GetParam(), 1s, false}, {999ms}), "a");
}

TEST_P(StrictWindow, acceptsOneRequestAnInterval) {
  EXPECT_EQ(judge({GetParam(), 1s, false}, {0s, 1s, 2s, 3s}), "aaaa");
  EXPECT_EQ(judge({GetParam(), 20ms, false}, {0ms, 20ms, 40ms, 41ms, 60ms}), "aaara");
}

TEST_P(StrictWindow, rejectsARequestThatIsANanosecondEarly) {
  RateWindow window(GetParam(), 1s, false);
  EXPECT_EQ(window.request(kStart), std::nullopt);
  EXPECT_EQ(window.request(kStart + 1s - 1ns), 1ns);
  EXPECT_EQ(window.request(kStart + 1s), std::nullopt);
}

TEST_P(StrictWindow, tellsHowLongToWait) {
  RateWindow window(GetParam(), 1s, false);
  window.request(kStart);
  EXPECT_EQ(window.request(kStart + 300ms), 700ms);
}

TEST_P(StrictWindow, savesNothingUpWhileIdle) {
  EXPECT_EQ(judge({GetParam(), 1s, false}, {0s, 240h, 240h, 240h + 1s}), "aara");
}

INSTANTIATE_TEST_SUITE_P(Kinds, StrictWindow,
                         ::testing::Values(Window::Gcra, Window::Fixed, Window::Sliding, Window::Bucket));

TEST(RateWindow, countsFromTheLastRequestUnlessItIsFixed) {
  const std::vector<Clock::duration> times{900ms, 1100ms, 1900ms, 2000ms};
  EXPECT_EQ(judge({Window::Gcra, 1s, false}, times), "arar");
  EXPECT_EQ(judge({Window::Sliding, 1s, false}, times), "arar");
  EXPECT_EQ(judge({Window::Bucket, 1s, false}, times), "arar");
  EXPECT_EQ(judge({Window::Fixed, 1s, false}, times), "aara");
}

TEST(RateWindow, rejectedRequestsCanMakeTheIntervalBeginAnew) {
  const std::vector<Clock::duration> times{0s, 500ms, 1400ms, 2300ms, 3300ms};
  for (const Window kind : {Window::Gcra, Window::Sliding, Window::Bucket}) {
    EXPECT_EQ(judge({kind, 1s, false}, times), "arara");
    EXPECT_EQ(judge({kind, 1s, true}, times), "arrra");
  }
  EXPECT_EQ(judge({Window::Fixed, 1s, true}, times), "araaa");
}

TEST(RateWindow, tellsTheWholeIntervalWhereARejectedRequestCounts) {
  RateWindow window(Window::Gcra, 1s, true);
  window.request(kStart);
  EXPECT_EQ(window.request(kStart + 300ms), 1s);
}
