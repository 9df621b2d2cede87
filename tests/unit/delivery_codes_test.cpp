#include <gmock/gmock.h>

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <type_traits>

#include "chatapps/codes.hpp"

namespace chatapps {
namespace {

using ::testing::HasSubstr;

CodeClass classOf(Channel channel, std::int64_t code) { return DeliveryCode{std::move(channel), code}.codeClass(); }

TEST(DeliveryCode, theSameNumberMeansAnotherThingOnAnotherChannel) {
  EXPECT_EQ((DeliveryCode{Channel::Viber, 2008}.text()), "not a Viber user");
  EXPECT_FALSE((DeliveryCode{Channel::WhatsApp, 2008}.isKnown()));
  EXPECT_EQ((DeliveryCode{Channel::WhatsApp, 1051}.codeClass()), CodeClass::OptedOut);
  EXPECT_FALSE((DeliveryCode{Channel::Viber, 1051}.isKnown()));
  EXPECT_NE((DeliveryCode{Channel::SMS, 1}.text()), (DeliveryCode{Channel::WhatsApp, 1}.text()));
  EXPECT_FALSE((DeliveryCode{Channel::SMS, 2008}.isKnown()));
}

TEST(DeliveryCode, theChannelsCaseDoesNotMatter) {
  EXPECT_EQ((DeliveryCode{Channel("viber"), 2007}.codeClass()), CodeClass::OptedOut);
  EXPECT_EQ((DeliveryCode{Channel("VIBER"), 7}), (DeliveryCode{Channel::Viber, 7}));
  EXPECT_NE((DeliveryCode{Channel::Viber, 7}), (DeliveryCode{Channel::Viber, 8}));
}

TEST(DeliveryCode, generalCodesHoldForEveryChannel) {
  for (const char* channel : {"WhatsApp", "Viber", "RCS", "Line", "Zalo", "Telegram", ""}) {
    EXPECT_EQ(classOf(Channel(channel), 1), CodeClass::Permanent) << channel;
    EXPECT_EQ(classOf(Channel(channel), 42), CodeClass::Configuration) << channel;
  }
}

TEST(DeliveryCode, aCodeThatIsThereDoesNotByItselfMeanFailure) {
  EXPECT_EQ(classOf(Channel::Viber, 2000), CodeClass::NoFailure);
  EXPECT_EQ(classOf(Channel::WhatsApp, 0), CodeClass::NoFailure);
  EXPECT_EQ(classOf(Channel::SMS, 0), CodeClass::NoFailure);
}

TEST(DeliveryCode, classesAreWhatACallerWouldDoDifferently) {
  EXPECT_EQ(classOf(Channel::WhatsApp, 1016), CodeClass::Transient);
  EXPECT_EQ(classOf(Channel::WhatsApp, 1006), CodeClass::Configuration);
  EXPECT_EQ(classOf(Channel::WhatsApp, 1022), CodeClass::Content);
  EXPECT_EQ(classOf(Channel::Viber, 2008), CodeClass::Permanent);
  EXPECT_EQ(classOf(Channel::Viber, 2006), CodeClass::Transient);
  EXPECT_EQ(classOf(Channel::SMS, 43), CodeClass::Content);
}

TEST(DeliveryCode, anUnknownOneKeepsItsNumber) {
  for (const std::int64_t number : {std::int64_t{77}, std::int64_t{-1}, (std::numeric_limits<std::int64_t>::max)()}) {
    const DeliveryCode code{Channel::WhatsApp, number};
    EXPECT_FALSE(code.isKnown());
    EXPECT_EQ(code.codeClass(), CodeClass::Unknown);
    EXPECT_EQ(code.text(), "unknown code " + std::to_string(number));
    EXPECT_THAT(code.advice(), HasSubstr("8x8"));
  }
}

TEST(DeliveryCode, adviceIsTheCodesOwnOrItsClasss) {
  EXPECT_THAT((DeliveryCode{Channel::WhatsApp, 1022}.advice()), HasSubstr("template"));
  EXPECT_EQ((DeliveryCode{Channel::Viber, 2006}.advice()), (DeliveryCode{Channel::SMS, 51}.advice()));
  EXPECT_EQ((DeliveryCode{Channel::Viber, 2000}.advice()), "Nothing to do.");
}

TEST(DeliveryCode, everyPublishedCodeIsKnown) {
  const std::set<std::int64_t> general = {1, 2, 3, 9, 11, 14, 15, 18, 23, 25, 29, 36, 41, 42, 43, 46, 57, 61};
  for (const std::int64_t code : general) {
    EXPECT_TRUE((DeliveryCode{Channel::RCS, code}.isKnown())) << code;
    EXPECT_TRUE((DeliveryCode{Channel::SMS, code}.isKnown())) << code;
  }
  for (std::int64_t code = 1000; code <= 1051; ++code) {
    EXPECT_TRUE((DeliveryCode{Channel::WhatsApp, code}.isKnown())) << code;
  }
  EXPECT_TRUE((DeliveryCode{Channel::WhatsApp, 1054}.isKnown()));
  for (std::int64_t code = 2000; code <= 2025; ++code) {
    EXPECT_EQ((DeliveryCode{Channel::Viber, code}.isKnown()), code != 2011) << code;  // 8x8's list leaves 2011 out
  }
}

TEST(DeliveryCode, allThatIsKnownHasWordsAndAdvice) {
  for (const Channel& channel : {Channel(Channel::SMS), Channel(Channel::WhatsApp), Channel(Channel::Viber)}) {
    for (std::int64_t number = 0; number < 3000; ++number) {
      const DeliveryCode code{channel, number};
      if (!code.isKnown()) continue;
      EXPECT_FALSE(code.text().empty()) << number;
      EXPECT_FALSE(code.advice().empty()) << number;
    }
  }
}

TEST(DeliveryCode, isAnotherTypeThanAnApiCode) {
  static_assert(!std::is_convertible_v<DeliveryCode, ApiCode> && !std::is_convertible_v<ApiCode, DeliveryCode>);
  static_assert(!std::is_convertible_v<std::int64_t, ApiCode> && !std::is_convertible_v<ApiCode, std::int64_t>);
  EXPECT_EQ(ApiCode{2000}.codeClass(), CodeClass::Transient);
  EXPECT_EQ((DeliveryCode{Channel::Viber, 2000}.codeClass()), CodeClass::NoFailure);
}

}  // namespace
}  // namespace chatapps
