#include "chatapps/options.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "chatapps/client.hpp"
#include "chatapps/errors.hpp"
#include "support/caught.hpp"

namespace chatapps {
namespace {

/// Sets the three variables for as long as it lives; null unsets one.
class Environment {
 public:
  Environment(const char* key, const char* region, const char* baseUrl) {
    set("CHATAPPS_API_KEY", key);
    set("CHATAPPS_REGION", region);
    set("CHATAPPS_BASE_URL", baseUrl);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() {
    for (const char* name : {"CHATAPPS_API_KEY", "CHATAPPS_REGION", "CHATAPPS_BASE_URL"}) unsetenv(name);
  }

 private:
  static void set(const char* name, const char* value) { value ? setenv(name, value, 1) : unsetenv(name); }
};

TEST(Options, comeFromTheEnvironment) {
  const Environment environment("secret", "europe", "https://h:8443");
  const ClientOptions options = ClientOptions::fromEnvironment();
  EXPECT_EQ(options.apiKey, "secret");
  EXPECT_EQ(options.region, Region::Europe);
  EXPECT_EQ(options.baseUrl, "https://h:8443");
}

TEST(Options, anEmptyEnvironmentLeavesTheDefaults) {
  for (const char* value : {static_cast<const char*>(nullptr), ""}) {
    const Environment environment(value, value, value);
    const ClientOptions options = ClientOptions::fromEnvironment();
    EXPECT_EQ(options.apiKey, "");
    EXPECT_EQ(options.region, Region::AsiaPacific);
    EXPECT_EQ(options.baseUrl, "");
  }
}

TEST(Options, everyRegionHasItsNameInAnyCase) {
  for (const auto& [name, region] :
       {std::pair{"asia-pacific", Region::AsiaPacific}, std::pair{"north-america", Region::NorthAmerica},
        std::pair{"EUROPE", Region::Europe}, std::pair{"Indonesia", Region::Indonesia}}) {
    const Environment environment("k", name, nullptr);
    EXPECT_EQ(ClientOptions::fromEnvironment().region, region) << name;
  }
}

TEST(Options, anUnknownRegionIsRefusedAndSaysWhatIsAllowed) {
  for (const char* name : {"eu", "asia pacific", "europe ", "\x1b[31m"}) {
    const Environment environment("k", name, nullptr);
    const auto error = support::caught<InvalidArgumentError>([] { ClientOptions::fromEnvironment(); });
    EXPECT_EQ(error.argument(), "CHATAPPS_REGION");
    EXPECT_NE(std::string(error.what()).find("north-america"), std::string::npos);
  }
}

TEST(Options, row67_aProxyElsewhereIsRefusedForPlainHttpSinceItWouldSeeTheKey) {
  ClientOptions options;
  options.apiKey = "key";
  options.baseUrl = "http://127.0.0.1:8080";
  for (const char* here : {"http://127.0.0.1:3128", "LocalHost:3128", "socks5h://[::1]:1080", ""}) {
    options.proxy = here;
    EXPECT_NO_THROW(ChatAppsClient{options}) << here;
  }
  options.proxy = "http://proxy.example:3128";
  EXPECT_EQ(support::caught<InvalidArgumentError>([&] { ChatAppsClient{options}; }).argument(), "proxy");
  options.baseUrl = "https://127.0.0.1:8080";
  EXPECT_NO_THROW(ChatAppsClient{options});
}

}  // namespace
}  // namespace chatapps
