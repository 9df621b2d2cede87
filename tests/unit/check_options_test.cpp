#include "call/check_options.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "chatapps/errors.hpp"
#include "chatapps/pacer.hpp"
#include "support/caught.hpp"

namespace chatapps::call {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using support::caught;

constexpr milliseconds kMost{INT64_MAX};
constexpr milliseconds kLeast{INT64_MIN};

ClientOptions withKey() {
  ClientOptions options;
  options.apiKey = "key";
  return options;
}

/// The member that the check names, after `change` was made.
std::string refusedMember(const std::function<void(ClientOptions&)>& change) {
  ClientOptions options = withKey();
  change(options);
  return caught<InvalidArgumentError>([&] { checkOptions(options); }).argument();
}

TEST(CheckOptions, aProxyIsAUrlThatLibcurlUnderstands) {
  for (const char* proxy :
       {"", "http://127.0.0.1:8080", "proxy.example:3128", "https://p", "socks5h://u:p%2Fw@[::1]:1080"}) {
    ClientOptions options = withKey();
    options.proxy = proxy;
    EXPECT_NO_THROW(checkOptions(options)) << proxy;
  }
  for (const char* proxy : {"http://u:canary@127.0.0.1:99999", "http://u:can/ary@127.0.0.1:1", "foo://u:canary@h",
                            "://u:canary@h", "u:canary@h:x", "http://"}) {
    ClientOptions options = withKey();
    options.proxy = proxy;
    const auto error = caught<InvalidArgumentError>([&] { checkOptions(options); });
    EXPECT_EQ(error.argument(), "proxy") << proxy;
    EXPECT_EQ(std::string(error.what()).find("can"), std::string::npos) << error.what();
  }
}

TEST(CheckOptions, theDefaultsPass) { EXPECT_NO_THROW(checkOptions(withKey())); }

TEST(CheckOptions, theEdgesPass) {
  ClientOptions options = withKey();
  options.timeout = 1ms;
  options.connectTimeout = 24h * 30;
  options.retry.maxAttempts = 100;
  options.retry.baseDelay = 0ms;
  options.retry.maxDelay = 24h;
  options.pacing.requestsPerSecond = 1e6;
  options.pacing.margin = 60s;
  options.pacing.maxWaiting = 1;
  options.maxBodyBytes = 1;
  options.proxy = "";
  EXPECT_NO_THROW(checkOptions(options));
  options.pacing.requestsPerSecond = 1e-5;
  options.retry.maxAttempts = 1;
  options.maxBodyBytes = std::size_t{1} << 30;
  EXPECT_NO_THROW(checkOptions(options));
}

TEST(CheckOptions, row67_timeoutsThatCanNotWorkAreRefused) {
  for (const milliseconds timeout : {0ms, -1ms, kMost, kLeast, milliseconds(24h * 30) + 1ms}) {
    EXPECT_EQ(refusedMember([&](ClientOptions& o) { o.timeout = timeout; }), "timeout");
    EXPECT_EQ(refusedMember([&](ClientOptions& o) { o.connectTimeout = timeout; }), "connectTimeout");
  }
}

TEST(CheckOptions, row67_retriesThatCanNotWorkAreRefused) {
  for (const int attempts : {0, -1, 101, INT32_MAX, INT32_MIN}) {
    EXPECT_EQ(refusedMember([&](ClientOptions& o) { o.retry.maxAttempts = attempts; }), "retry.maxAttempts");
  }
  for (const milliseconds delay : {-1ms, kMost, kLeast}) {
    EXPECT_EQ(refusedMember([&](ClientOptions& o) { o.retry.baseDelay = delay; }), "retry.baseDelay");
    EXPECT_EQ(refusedMember([&](ClientOptions& o) { o.retry.maxDelay = delay; }), "retry.maxDelay");
  }
}

TEST(CheckOptions, row67_ratesThatCanNotWorkAreRefused) {
  using Double = std::numeric_limits<double>;
  for (const double rate : {0.0, -0.0, -1.0, 1e-6, 1e6 + 1, Double::infinity(), -Double::infinity(),
                            Double::quiet_NaN(), Double::denorm_min()}) {
    EXPECT_EQ(refusedMember([&](ClientOptions& o) { o.pacing.requestsPerSecond = rate; }), "pacing.requestsPerSecond")
        << rate;
  }
  EXPECT_EQ(refusedMember([](ClientOptions& o) { o.pacing.margin = -1us; }), "pacing.margin");
  EXPECT_EQ(refusedMember([](ClientOptions& o) { o.pacing.margin = std::chrono::microseconds(INT64_MAX); }),
            "pacing.margin");
  EXPECT_EQ(refusedMember([](ClientOptions& o) { o.pacing.maxWaiting = 0; }), "pacing.maxWaiting");
}

TEST(CheckOptions, aSharedPaceNeedsAPacer) {
  EXPECT_EQ(refusedMember([](ClientOptions& o) { o.pacing = Pacing::shared(nullptr); }), "pacing.pacer");
}

TEST(CheckOptions, filesThatCanNotBeReadAreRefused) {
  for (const char* path : {"/no/such/file.pem", "/dev/null", "/", "/proc/self/mem"}) {
    EXPECT_EQ(refusedMember([&](ClientOptions& o) { o.tls.caFile = path; }), "tls.caFile") << path;
    EXPECT_EQ(refusedMember([&](ClientOptions& o) { o.tls.certFile = path; }), "tls.certFile") << path;
    EXPECT_EQ(refusedMember([&](ClientOptions& o) { o.tls.keyFile = path; }), "tls.keyFile") << path;
  }
}

TEST(CheckOptions, row67_tlsAndPacingThatCanNotWorkAreRefused) {
  const std::string file = __FILE__;
  EXPECT_EQ(refusedMember([&](ClientOptions& o) { o.tls.keyFile = file; }), "tls.keyFile") << "without its certificate";
  EXPECT_EQ(refusedMember([](ClientOptions& o) { o.tls.pinnedPublicKey = "sha256/oops"; }), "tls.pinnedPublicKey");
  EXPECT_EQ(refusedMember([](ClientOptions& o) { o.tls.minVersion = static_cast<TlsVersion>(42); }), "tls.minVersion");
  EXPECT_EQ(refusedMember([](ClientOptions& o) { o.pacing.scope = static_cast<Pacing::Scope>(42); }), "pacing.scope");
}

TEST(CheckOptions, aProxyThatCouldBreakARequestIsRefusedWithoutItsPassword) {
  for (const char* proxy : {"http://user:canary@h\r\n", " ", "http://h h", "http://\xe9"}) {
    ClientOptions options = withKey();
    options.proxy = proxy;
    const auto error = caught<InvalidArgumentError>([&] { checkOptions(options); });
    EXPECT_EQ(error.argument(), "proxy");
    EXPECT_EQ(std::string(error.what()).find("canary"), std::string::npos);
  }
}

TEST(CheckOptions, headersAndUserAgentAreChecked) {
  EXPECT_EQ(refusedMember([](ClientOptions& o) { o.headers = {{"Host", "evil"}}; }), "headers");
  EXPECT_EQ(refusedMember([](ClientOptions& o) { o.userAgentSuffix = "a\nb"; }), "userAgentSuffix");
}

TEST(CheckOptions, row67_aBodyLimitIsBetweenAByteAndAGibibyte) {
  EXPECT_EQ(refusedMember([](ClientOptions& o) { o.maxBodyBytes = 0; }), "maxBodyBytes");
  EXPECT_EQ(refusedMember([](ClientOptions& o) { o.maxBodyBytes = SIZE_MAX; }), "maxBodyBytes");
}

}  // namespace
}  // namespace chatapps::call
