#include "call/key_ring.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "chatapps/errors.hpp"
#include "support/caught.hpp"

namespace chatapps::call {
namespace {

using support::caught;

/// A provider that gives the keys in order, and counts.
struct Provider {
  std::vector<std::string> keys;
  std::size_t asked = 0;
  std::function<std::string()> function() {
    return [this] { return keys.at(std::min(asked++, keys.size() - 1)); };
  }
};

TEST(KeyRing, aFixedKeyStandsInTheHeaders) {
  KeyRing keys("secret", nullptr, "app", {{"X-Trace", "1"}});
  const auto credentials = keys.current();
  EXPECT_EQ(credentials->key, "secret");
  ASSERT_EQ(credentials->headers->size(), 4u);
  EXPECT_EQ(credentials->headers->front(), Header("Authorization", "Bearer secret"));
  EXPECT_EQ(credentials->headers->back(), Header("X-Trace", "1"));
  EXPECT_EQ(keys.current(), credentials) << "headers are made once";
}

TEST(KeyRing, aFixedKeyIsNeverRenewed) {
  KeyRing keys("secret", nullptr, "", {});
  EXPECT_FALSE(keys.renew(*keys.current()));
}

TEST(KeyRing, aFixedKeyIsCheckedAtOnce) {
  EXPECT_EQ(caught<InvalidArgumentError>([] { KeyRing("", nullptr, "", {}); }).argument(), "apiKey");
  EXPECT_EQ(caught<InvalidArgumentError>([] { KeyRing("a\nb", nullptr, "", {}); }).argument(), "apiKey");
}

TEST(KeyRing, theProviderIsAskedAtTheFirstCallAndNotAgain) {
  Provider provider{{"first", "second"}};
  KeyRing keys("", provider.function(), "", {});
  EXPECT_EQ(provider.asked, 0u);
  EXPECT_EQ(keys.current()->key, "first");
  EXPECT_EQ(keys.current()->key, "first");
  EXPECT_EQ(provider.asked, 1u);
}

TEST(KeyRing, theProviderGoesBeforeAFixedKey) {
  Provider provider{{"provided"}};
  KeyRing keys("fixed", provider.function(), "", {});
  EXPECT_EQ(keys.current()->key, "provided");
}

TEST(KeyRing, row68_aRefusedKeyIsAskedForAnew) {
  Provider provider{{"first", "second"}};
  KeyRing keys("", provider.function(), "", {});
  const auto refused = keys.current();
  EXPECT_TRUE(keys.renew(*refused));
  EXPECT_EQ(keys.current()->key, "second");
  EXPECT_EQ(keys.current()->headers->front().second, "Bearer second");
  EXPECT_EQ(refused->key, "first") << "requests under way keep theirs";
}

TEST(KeyRing, ofManyCallsThatMeetA401TogetherOneAsks) {
  Provider provider{{"first", "second", "third"}};
  KeyRing keys("", provider.function(), "", {});
  const auto refused = keys.current();
  EXPECT_TRUE(keys.renew(*refused));
  EXPECT_TRUE(keys.renew(*refused)) << "there is a newer key already";
  EXPECT_EQ(provider.asked, 2u);
}

TEST(KeyRing, theSameKeyAgainIsNoChange) {
  Provider provider{{"same"}};
  KeyRing keys("", provider.function(), "", {});
  EXPECT_FALSE(keys.renew(*keys.current()));
}

TEST(KeyRing, row68_aProviderThatThrowsIsATypedErrorWithoutItsText) {
  KeyRing keys("", []() -> std::string { throw std::runtime_error("vault says canary"); }, "", {});
  const auto error = caught<InvalidArgumentError>([&] { keys.current(); });
  EXPECT_EQ(error.argument(), "apiKeyProvider");
  EXPECT_EQ(std::string(error.what()).find("canary"), std::string::npos);
}

TEST(KeyRing, aProviderThatFailedOnceIsAskedAgain) {
  int asked = 0;
  KeyRing keys("", [&]() -> std::string { return ++asked == 1 ? throw 7 : "key"; }, "", {});
  EXPECT_THROW(keys.current(), InvalidArgumentError);
  EXPECT_EQ(keys.current()->key, "key");
}

TEST(KeyRing, aProvidersKeyIsCheckedToo) {
  KeyRing keys("", [] { return std::string("canary key"); }, "", {});
  const auto error = caught<InvalidArgumentError>([&] { keys.current(); });
  EXPECT_EQ(error.argument(), "apiKey");
  EXPECT_EQ(std::string(error.what()).find("canary"), std::string::npos);
}

TEST(KeyRing, aRenewalThatFailsKeepsTheOldKey) {
  int asked = 0;
  KeyRing keys("", [&]() -> std::string { return ++asked == 2 ? "" : "key" + std::to_string(asked); }, "", {});
  const auto first = keys.current();
  EXPECT_THROW(keys.renew(*first), InvalidArgumentError);
  EXPECT_EQ(keys.current()->key, "key1");
  EXPECT_TRUE(keys.renew(*first));
  EXPECT_EQ(keys.current()->key, "key3");
}

TEST(KeyRing, manyThreadsAskOnce) {
  std::atomic<int> asked{0};
  KeyRing keys("", [&] { return "key" + std::to_string(++asked); }, "", {});
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 100; ++round) EXPECT_EQ(keys.current()->key, "key1");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace chatapps::call
