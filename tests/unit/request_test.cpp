#include "call/request.hpp"

#include <gtest/gtest.h>

#include <string>

#include "chatapps/errors.hpp"
#include "chatapps/version.hpp"
#include "support/caught.hpp"

namespace chatapps::call {
namespace {

using support::caught;

constexpr const char* kUmid = "dec02e44-c76f-4a0a-b69f-6ac2a4386eb9";

TEST(Request, subAccountIdsOfTheDocumentedShapePass) {
  for (const char* id :
       {"abc", "My_Sub-Account.1", "a&b", "...", "&&&", "12345678901234567890123456789012345678901234567890"}) {
    EXPECT_NO_THROW(checkSubAccountId(id)) << id;
  }
}

TEST(Request, otherSubAccountIdsAreRefused) {
  for (const char* id :
       {"", ".", "..", "ab", "a/b", "a/../b", "%2e%2e", "a%2fb", "a?b", "a#b", "a b", "abc\n", "abc\r\n", "\xc3\xa9tat",
        "a:b", "a\\b", "a;b", "123456789012345678901234567890123456789012345678901"}) {
    EXPECT_EQ(caught<InvalidArgumentError>([&] { checkSubAccountId(id); }).argument(), "subAccountId") << id;
  }
  EXPECT_THROW(checkSubAccountId(std::string("ab\0c", 4)), InvalidArgumentError);
  EXPECT_THROW(checkSubAccountId(std::string(10'000, 'a')), InvalidArgumentError);
}

TEST(Request, umidsAreDashedUuidsInEitherCase) {
  EXPECT_NO_THROW(checkUmid(kUmid));
  EXPECT_NO_THROW(checkUmid("DEC02E44-C76F-4A0A-B69F-6AC2A4386EB9"));
  EXPECT_NO_THROW(checkUmid("00000000-0000-0000-0000-000000000000"));
}

TEST(Request, otherUmidsAreRefused) {
  for (const char* umid : {"", "..", "dec02e44c76f4a0ab69f6ac2a4386eb9", "{dec02e44-c76f-4a0a-b69f-6ac2a4386eb9}",
                           "dec02e44-c76f-4a0a-b69f-6ac2a4386eb", "dec02e44-c76f-4a0a-b69f-6ac2a4386eb99",
                           "gec02e44-c76f-4a0a-b69f-6ac2a4386eb9", "dec02e44-c76f-4a0a-b69f-6ac2a4386eb9\n",
                           "dec02e44-c76f-4a0a-b69f-6ac2a4386e/9", "dec02e44-c76f-4a0a-b69f-6ac2a438%2e9",
                           "dec02e44/c76f-4a0a-b69f-6ac2a4386eb9", "-ec02e44-c76f-4a0a-b69f-6ac2a4386eb9"}) {
    EXPECT_EQ(caught<InvalidArgumentError>([&] { checkUmid(umid); }).argument(), "umid") << umid;
  }
  std::string withNul = kUmid;
  withNul[35] = '\0';
  EXPECT_THROW(checkUmid(withNul), InvalidArgumentError);
}

TEST(Request, aKeyThatCouldBreakTheRequestIsRefusedWithoutBeingEchoed) {
  EXPECT_NO_THROW(checkApiKey("k"));
  EXPECT_NO_THROW(checkApiKey("~!canary-KEY_0123456789+/=."));
  EXPECT_NO_THROW(checkApiKey(std::string(4096, 'k')));
  for (const std::string& key :
       {std::string(), std::string("canary key"), std::string("canary\r\nHost: evil"), std::string("canary\n"),
        std::string("canary\tx"), std::string("canary\0x", 8), std::string("canary\x7f"), std::string("canary\xe9"),
        "canary" + std::string(4096, 'k')}) {
    const auto error = caught<InvalidArgumentError>([&] { checkApiKey(key); });
    EXPECT_EQ(error.argument(), "apiKey");
    EXPECT_EQ(std::string(error.what()).find("canary"), std::string::npos);
  }
}

TEST(Request, headersOfTheCallersOwnPass) {
  EXPECT_NO_THROW(checkHeaders({}));
  EXPECT_NO_THROW(
      checkHeaders({{"X-Trace", "1"}, {"x", ""}, {"!#$%&'*+-.^_`|~0aZ", "tab\tand space"}, {"User-Agent", "mine"}}));
}

TEST(Request, headersThatTheLibrarySetsAreRefusedInAnyCase) {
  for (const char* name : {"Host", "AUTHORIZATION", "content-length", "Transfer-Encoding", "Connection", "Keep-Alive",
                           "Upgrade", "te", "Trailer", "Expect", "Proxy-Authorization", "proxy-anything", "Proxy-"}) {
    const auto error = caught<InvalidArgumentError>([&] { checkHeaders({{name, "x"}}); });
    EXPECT_EQ(error.argument(), "headers") << name;
  }
}

TEST(Request, headersThatCouldBreakTheRequestAreRefusedWithoutTheirValue) {
  const Headers bad[] = {{{"", "canary"}},
                         {{"X Trace", "canary"}},
                         {{"X:", "canary"}},
                         {{"X\r\nHost", "canary"}},
                         {{std::string("X\0Y", 3), "canary"}},
                         {{"\xc3\xa9", "canary"}},
                         {{"X", "canary\r\nHost: evil"}},
                         {{"X", "canary\n folded"}},
                         {{"X", std::string("canary\0", 7)}},
                         {{"X", "canary\x7f"}},
                         {{"X", "canary\xff"}},
                         {{"X", "canary" + std::string(8192, 'x')}},
                         {{"X-Good", "fine"}, {"X-Bad", "canary\r"}}};
  for (const Headers& headers : bad) {
    const auto error = caught<InvalidArgumentError>([&] { checkHeaders(headers); });
    EXPECT_EQ(error.argument(), "headers");
    EXPECT_EQ(std::string(error.what()).find("canary"), std::string::npos) << error.what();
  }
}

TEST(Request, aUserAgentSuffixIsPrintable) {
  EXPECT_NO_THROW(checkUserAgentSuffix(""));
  EXPECT_NO_THROW(checkUserAgentSuffix("my-app/1.2 (cron)"));
  for (const std::string& suffix : {std::string("a\r\nX: y"), std::string("\t"), std::string("\xe9"),
                                    std::string(257, 'a'), std::string("a\0", 2)}) {
    EXPECT_EQ(caught<InvalidArgumentError>([&] { checkUserAgentSuffix(suffix); }).argument(), "userAgentSuffix");
  }
}

TEST(Request, theUrlHasThePercentEncodedIds) {
  EXPECT_EQ(messageUrl("https://chatapps.8x8.com", "sub_account-1.x", kUmid),
            std::string("https://chatapps.8x8.com/api/v1/subaccounts/sub_account-1.x/messages/") + kUmid);
  EXPECT_EQ(messageUrl("http://127.0.0.1:1", "a&b", kUmid),
            std::string("http://127.0.0.1:1/api/v1/subaccounts/a%26b/messages/") + kUmid);
  EXPECT_EQ(messageUrl("https://h", "...", kUmid), std::string("https://h/api/v1/subaccounts/.../messages/") + kUmid);
}

TEST(Request, theHeadersCarryKeyUserAgentAndWhatIsAccepted) {
  const Headers expected = {{"Authorization", "Bearer secret"},
                            {"User-Agent", "chatapps-cpp/" CHATAPPS_VERSION},
                            {"Accept", "application/json"}};
  EXPECT_EQ(requestHeaders("secret", "", {}), expected);
}

TEST(Request, addedHeadersComeLastAndReplaceTheDefaults) {
  const Headers expected = {
      {"Authorization", "Bearer secret"}, {"X-Trace", "1"}, {"user-agent", "mine"}, {"ACCEPT", "text/plain"}};
  EXPECT_EQ(requestHeaders("secret", "suffix", {{"X-Trace", "1"}, {"user-agent", "mine"}, {"ACCEPT", "text/plain"}}),
            expected);
  EXPECT_EQ(requestHeaders("k", "app/2", {})[1].second, "chatapps-cpp/" CHATAPPS_VERSION " app/2");
}

}  // namespace
}  // namespace chatapps::call
