#include "output/display_width.hpp"

#include <gtest/gtest.h>

using chatapps::cli::displayWidth;
using chatapps::cli::padded;
using chatapps::cli::shortened;
using chatapps::cli::wrapped;
using Lines = std::vector<std::string>;

TEST(CliDisplayWidth, countsColumnsNotBytes) {
  EXPECT_EQ(displayWidth("abc"), 3u);
  EXPECT_EQ(displayWidth("\xC3\xA9"), 1u);                  // e with an acute accent, one character
  EXPECT_EQ(displayWidth("e\xCC\x81"), 1u);                 // the same with a combining accent
  EXPECT_EQ(displayWidth("\xE6\x97\xA5\xE6\x9C\xAC"), 4u);  // two ideographs
  EXPECT_EQ(displayWidth("\xF0\x9F\x98\x80"), 2u);          // an emoji
  EXPECT_EQ(displayWidth("\xFF\xE6"), 2u);                  // no UTF-8 at all
}

TEST(CliDisplayWidth, padsToTheColumn) {
  EXPECT_EQ(padded("\xE6\x97\xA5", 4), "\xE6\x97\xA5  ");
  EXPECT_EQ(padded("longer", 3), "longer");
}

TEST(CliDisplayWidth, shortensWithDots) {
  EXPECT_EQ(shortened("0123456789", 10), "0123456789");
  EXPECT_EQ(shortened("0123456789", 9), "012345...");
}

TEST(CliDisplayWidth, wrapsAtBlanksAndElseAnywhere) {
  EXPECT_EQ(wrapped("", 10), Lines{""});
  EXPECT_EQ(wrapped("not a viber user", 10), (Lines{"not a", "viber user"}));
  EXPECT_EQ(wrapped("0123456789abc", 10), (Lines{"0123456789", "abc"}));
  EXPECT_EQ(wrapped("0123456789 abc", 10), (Lines{"0123456789", "abc"}));
}

TEST(CliDisplayWidth, wrapsEvenWhatIsWiderThanTheColumn) {
  EXPECT_EQ(wrapped("\xE6\x97\xA5\xE6\x9C\xAC", 1), (Lines{"\xE6\x97\xA5", "\xE6\x9C\xAC"}));
}
