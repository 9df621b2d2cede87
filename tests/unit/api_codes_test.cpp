#include <gmock/gmock.h>

#include <cstdint>

#include "chatapps/codes.hpp"

namespace chatapps {
namespace {

using ::testing::HasSubstr;

TEST(ApiCode, saysWhatItMeansAndWhatToDo) {
  EXPECT_EQ(ApiCode{1200}.text(), "unauthorized access");
  EXPECT_EQ(ApiCode{1200}.codeClass(), CodeClass::Configuration);
  EXPECT_THAT(ApiCode{1200}.advice(), HasSubstr("API key"));
  EXPECT_EQ(ApiCode{429}.codeClass(), CodeClass::Transient);
  EXPECT_THAT(ApiCode{1014}.advice(), HasSubstr("TLS 1.3"));
  EXPECT_EQ(ApiCode{4018}.codeClass(), CodeClass::Permanent);
  EXPECT_EQ(ApiCode{3029}.text(), "umid is missing");
}

TEST(ApiCode, anUnknownOneKeepsItsNumber) {
  EXPECT_FALSE(ApiCode{4711}.isKnown());
  EXPECT_EQ(ApiCode{4711}.text(), "unknown code 4711");
  EXPECT_EQ(ApiCode{4711}.codeClass(), CodeClass::Unknown);
  EXPECT_EQ(ApiCode{-3}.text(), "unknown code -3");
}

TEST(ApiCode, everyPublishedCodeIsKnown) {
  for (const std::int64_t code : {429, 1014, 1100, 1200, 1201, 1300, 1400, 2000, 2001, 2002, 2003, 3060, 4018}) {
    EXPECT_TRUE(ApiCode{code}.isKnown()) << code;
  }
  for (std::int64_t code = 1000; code <= 1012; ++code) EXPECT_TRUE(ApiCode{code}.isKnown()) << code;
  for (std::int64_t code = 3001; code <= 3053; ++code) EXPECT_TRUE(ApiCode{code}.isKnown()) << code;
}

TEST(ApiCode, allThatIsKnownHasWordsAndAdvice) {
  for (std::int64_t number = 0; number < 5000; ++number) {
    const ApiCode code{number};
    if (!code.isKnown()) continue;
    EXPECT_FALSE(code.text().empty()) << number;
    EXPECT_FALSE(code.advice().empty()) << number;
    EXPECT_NE(code.codeClass(), CodeClass::NoFailure) << number;
    EXPECT_NE(code.codeClass(), CodeClass::Unknown) << number;
  }
}

TEST(ApiCode, codesAreEqualByNumber) {
  EXPECT_EQ(ApiCode{1000}, ApiCode{1000});
  EXPECT_NE(ApiCode{1000}, ApiCode{1001});
}

}  // namespace
}  // namespace chatapps
