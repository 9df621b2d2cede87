#include "chatapps/vocabulary.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chatapps {
namespace {

using namespace std::string_literals;

template <class Word>
void expectKnown(std::initializer_list<const char*> words) {
  for (const std::string word : words) {
    std::string loud, quiet;
    for (const char c : word) {
      loud += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
      quiet += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    EXPECT_TRUE(Word(word).isKnown() && Word(loud).isKnown() && Word(quiet).isKnown()) << word;
    EXPECT_FALSE(Word(word + " ").isKnown() || Word("x" + word).isKnown()) << word;
    EXPECT_FALSE(Word(word.substr(0, word.size() - 1)).isKnown()) << word;
    EXPECT_EQ(Word(loud).text(), loud);
  }
  EXPECT_FALSE(Word().isKnown());
  EXPECT_FALSE(Word("Telegram"s).isKnown());
}

TEST(Vocabulary, theDocumentedStatesAreKnown) {
  expectKnown<State>(
      {"unknown", "queued", "failed", "sent", "delivered", "undelivered", "read", "ok", "error", "rejected"});
}

TEST(Vocabulary, theDocumentedDetailsAreKnownAndThePublishedExamplesOwnIsNot) {
  expectKnown<StatusDetail>(
      {"delivered_to_operator", "delivered_to_recipient", "rejected_by_operator", "undelivered_to_recipient"});
  EXPECT_FALSE(StatusDetail("delivered_to_carrier"s).isKnown());
}

TEST(Vocabulary, theDocumentedChannelsAreKnown) {
  expectKnown<Channel>({"SMS", "WhatsApp", "RCS", "Viber", "Line", "Facebook", "WeChat", "Zalo", "Kakao",
                        "ZaloNotification", "LineNotification"});
}

TEST(Vocabulary, theDocumentedDirectionsAreKnown) { expectKnown<Direction>({"outbound", "inbound"}); }

TEST(Vocabulary, theDocumentedContentTypesAreKnown) {
  expectKnown<ContentType>(
      {"Text", "Audio", "Video", "Image", "Location", "File", "Carousel", "List", "Buttons", "Template"});
}

TEST(Vocabulary, wordsCompareWithoutRegardToCaseAndKeepTheirText) {
  const Direction direction("Outbound"s);
  EXPECT_TRUE(direction == Direction::Outbound);
  EXPECT_TRUE(Direction::Outbound == direction);
  EXPECT_FALSE(direction != Direction::Outbound);
  EXPECT_TRUE(direction != Direction::Inbound);
  EXPECT_TRUE(direction == Direction("OUTBOUND"s));
  EXPECT_EQ(direction.text(), "Outbound");
  const Channel channel = Channel::WhatsApp;
  EXPECT_EQ(channel.text(), "WhatsApp");
}

TEST(Vocabulary, theConstantsCanBeAskedAsTheWordsAre) {
  static_assert(Channel::WhatsApp == Channel::WhatsApp && Channel::WhatsApp != Channel::SMS);
  static_assert(State::Read.isKnown() && State::Read.text() == "read");
  auto channel = Channel::WhatsApp;
  channel = Channel::SMS;
  EXPECT_TRUE(channel == Channel::SMS);
  EXPECT_TRUE(Channel("sms"s) == channel);
}

TEST(Vocabulary, onlyAsciiLettersHaveACase) {
  EXPECT_TRUE(equalIgnoringCase("", ""));
  EXPECT_TRUE(equalIgnoringCase("aZ09_-", "Az09_-"));
  EXPECT_FALSE(equalIgnoringCase("a", "ab"));
  EXPECT_FALSE(equalIgnoringCase("@[`{", "`{@["));
  EXPECT_FALSE(equalIgnoringCase("\xC3\xA9", "\xC3\x89"));
  EXPECT_FALSE(equalIgnoringCase("a\0b"s, "a\0c"s));
  EXPECT_TRUE(equalIgnoringCase("a\0b"s, "A\0B"s));
}

}  // namespace
}  // namespace chatapps
