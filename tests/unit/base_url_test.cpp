#include "call/base_url.hpp"

#include <gtest/gtest.h>

#include <string>

#include "chatapps/errors.hpp"
#include "support/caught.hpp"

namespace chatapps::call {
namespace {

using support::caught;

TEST(BaseUrl, everyRegionHasItsHost) {
  EXPECT_EQ(regionUrl(Region::AsiaPacific), "https://chatapps.8x8.com");
  EXPECT_EQ(regionUrl(Region::NorthAmerica), "https://chatapps.us.8x8.com");
  EXPECT_EQ(regionUrl(Region::Europe), "https://chatapps.8x8.uk");
  EXPECT_EQ(regionUrl(Region::Indonesia), "https://chatapps.8x8.id");
  EXPECT_EQ(caught<InvalidArgumentError>([] { regionUrl(static_cast<Region>(99)); }).argument(), "region");
}

TEST(BaseUrl, everyRegionsHostIsABaseUrl) {
  for (const Region region : {Region::AsiaPacific, Region::NorthAmerica, Region::Europe, Region::Indonesia}) {
    const BaseUrl base = parseBaseUrl(regionUrl(region));
    EXPECT_EQ(base.text, regionUrl(region));
    EXPECT_EQ(base.origin, base.text + ":443");
    EXPECT_FALSE(base.loopback);
  }
}

TEST(BaseUrl, spellingsOfOneOriginAreOneLane) {
  for (const char* url : {"https://Chatapps.8x8.COM", "HTTPS://chatapps.8x8.com/", "https://chatapps.8x8.com:443",
                          "https://chatapps.8x8.com:0443/"}) {
    const BaseUrl base = parseBaseUrl(url);
    EXPECT_EQ(base.origin, "https://chatapps.8x8.com:443") << url;
    EXPECT_EQ(base.text, "https://chatapps.8x8.com") << url;
  }
}

TEST(BaseUrl, anotherPortIsKept) {
  const BaseUrl base = parseBaseUrl("https://gateway.example:8443/");
  EXPECT_EQ(base.text, "https://gateway.example:8443");
  EXPECT_EQ(base.origin, "https://gateway.example:8443");
  EXPECT_EQ(parseBaseUrl("http://127.0.0.1:443").text, "http://127.0.0.1:443");
  EXPECT_EQ(parseBaseUrl("https://h:65535").origin, "https://h:65535");
}

TEST(BaseUrl, plainHttpIsForLoopbackOnly) {
  for (const char* url : {"http://localhost", "http://LOCALHOST:8080/", "http://127.0.0.1", "http://127.255.0.9:1",
                          "http://[::1]", "http://[::1]:8080"}) {
    EXPECT_TRUE(parseBaseUrl(url).loopback) << url;
  }
  for (const char* url :
       {"http://chatapps.8x8.com", "http://10.0.0.1", "http://128.0.0.1", "http://127.0.0.1.evil.example",
        "http://localhost.evil.example", "http://notlocalhost", "http://127.1", "http://127.0.0.256", "http://127.0.0.",
        "http://127..0.1", "http://127.0.0.1.1", "http://127.0.0.+1", "http://0x7f000001", "http://2130706433",
        "http://[::2]", "http://[::ffff:10.0.0.1]"}) {
    const auto error = caught<InvalidArgumentError>([&] { parseBaseUrl(url); });
    EXPECT_EQ(error.argument(), "baseUrl") << url;
  }
}

TEST(BaseUrl, loopbackOverTlsIsLoopbackToo) {
  EXPECT_TRUE(parseBaseUrl("https://localhost:8443").loopback);
  EXPECT_FALSE(parseBaseUrl("https://127.evil.example").loopback);
}

TEST(BaseUrl, anythingBeyondSchemeHostAndPortIsRefused) {
  for (const char* url : {"",
                          "chatapps.8x8.com",
                          "https:/h",
                          "https://",
                          "https:///",
                          "https://:443",
                          "https://h:",
                          "https://h:/",
                          "https://h:0",
                          "https://h:65536",
                          "https://h:99999999999",
                          "https://h:-1",
                          "https://h:+1",
                          "https://h:4a",
                          "https://h:443:443",
                          "https://h/api",
                          "https://h//",
                          "https://h?q",
                          "https://h#f",
                          "https://u:p@h",
                          "https://u@h",
                          "https://h\\@evil.example",
                          "https://h/..",
                          "file:///etc/passwd",
                          "ftp://h",
                          "javascript://h",
                          "://h",
                          "http://127.0.0.09",
                          "http://127.00.0.1",
                          "https://h h",
                          "https://h\r\nX: y",
                          "https://h\t",
                          "https://h%2e",
                          "https://\xc3\xa9.example",
                          "https://[::1",
                          "https://[]",
                          "https://[::1]x",
                          "https://[::1%25eth0]",
                          "https://[g::1]",
                          "https://[1:2]",
                          "https://[::1::2]",
                          "https://[:]",
                          " https://h",
                          "https://h "}) {
    const auto error = caught<InvalidArgumentError>([&] { parseBaseUrl(url); });
    EXPECT_EQ(error.argument(), "baseUrl") << url;
    EXPECT_EQ(error.attempts(), 0) << url;
  }
  EXPECT_EQ(caught<InvalidArgumentError>([] { parseBaseUrl(std::string("https://h\0.example", 18)); }).argument(),
            "baseUrl");
  EXPECT_EQ(caught<InvalidArgumentError>([] { parseBaseUrl(std::string("https://[::1\0evil]", 18)); }).argument(),
            "baseUrl");
  EXPECT_EQ(caught<InvalidArgumentError>([] { parseBaseUrl("https://" + std::string(254, 'h')); }).argument(),
            "baseUrl");
}

TEST(BaseUrl, aPasswordInItIsNotEchoed) {
  const auto error = caught<InvalidArgumentError>([] { parseBaseUrl("https://user:canary-password@h"); });
  EXPECT_EQ(std::string(error.what()).find("canary"), std::string::npos);
}

}  // namespace
}  // namespace chatapps::call
