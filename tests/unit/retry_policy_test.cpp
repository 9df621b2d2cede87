#include "call/retry_policy.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>

namespace chatapps::call {
namespace {

using namespace std::chrono_literals;

RetryOptions drawing(double random) {
  RetryOptions retry;
  retry.random = [random] { return random; };
  return retry;
}

TEST(RetryPolicy, serverErrorsAreRetryableUnlessTheyAreForGood) {
  for (const int status : {500, 502, 503, 504, 507, 599}) EXPECT_TRUE(isRetryableStatus(status)) << status;
  for (const int status :
       {501, 505, 100, 200, 204, 301, 304, 400, 401, 403, 404, 408, 410, 422, 426, 429, 600, 999, 0}) {
    EXPECT_FALSE(isRetryableStatus(status)) << status;
  }
}

TEST(RetryPolicy, row49_theBackoffDoublesUpToItsLimit) {
  const RetryOptions retry = drawing(1.0);  // as far as it goes
  EXPECT_EQ(backoff(retry, 1), 1s);
  EXPECT_EQ(backoff(retry, 2), 2s);
  EXPECT_EQ(backoff(retry, 3), 4s);
  EXPECT_EQ(backoff(retry, 5), 16s);
  EXPECT_EQ(backoff(retry, 6), 20s);
  EXPECT_EQ(backoff(retry, 100), 20s);
}

TEST(RetryPolicy, theJitterIsFull) {
  EXPECT_EQ(backoff(drawing(0.0), 4), 0s);
  EXPECT_EQ(backoff(drawing(0.5), 1), 500ms);
  EXPECT_EQ(backoff(drawing(0.25), 3), 1s);
}

TEST(RetryPolicy, aRandomSourceBeyondItsRangeStaysWithinTheLimits) {
  EXPECT_EQ(backoff(drawing(-3.0), 3), 0s);
  EXPECT_EQ(backoff(drawing(1e300), 1), 1s);
  EXPECT_EQ(backoff(drawing(std::numeric_limits<double>::infinity()), 1), 1s);
  const auto fromNan = backoff(drawing(std::numeric_limits<double>::quiet_NaN()), 1);
  EXPECT_GE(fromNan, 0s);
  EXPECT_LE(fromNan, 1s);
}

TEST(RetryPolicy, delaysAtTheEdgesOfTheOptionsDoNotOverflow) {
  RetryOptions retry = drawing(1.0);
  retry.baseDelay = 24h;
  retry.maxDelay = 24h;
  EXPECT_EQ(backoff(retry, 100), 24h);
  retry.baseDelay = 0ms;
  EXPECT_EQ(backoff(retry, 100), 0s);
  retry.baseDelay = 24h;
  retry.maxDelay = 0ms;
  EXPECT_EQ(backoff(retry, 2), 0s);
}

TEST(RetryBudget, holdsTenRetries) {
  RetryBudget budget;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(budget.take()) << i;
  EXPECT_FALSE(budget.take());
  EXPECT_FALSE(budget.take());
}

TEST(RetryBudget, tenSuccessesEarnOneRetry) {
  RetryBudget budget;
  while (budget.take()) {
  }
  for (int i = 0; i < 9; ++i) budget.succeeded();
  EXPECT_FALSE(budget.take());
  budget.succeeded();
  EXPECT_TRUE(budget.take());
  EXPECT_FALSE(budget.take());
}

TEST(RetryBudget, neverHoldsMoreThanTen) {
  RetryBudget budget;
  for (int i = 0; i < 1000; ++i) budget.succeeded();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(budget.take());
  EXPECT_FALSE(budget.take());
}

}  // namespace
}  // namespace chatapps::call
