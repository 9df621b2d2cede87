#include "chatapps/printable.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <string>

namespace chatapps {
namespace {

using namespace std::string_literals;

TEST(Printable, ordinaryTextStaysAsItIs) {
  for (const std::string& text : {""s, "Invalid jobId"s, "C:\\new \"x\""s, "caf\xC3\xA9"s, "\xE4\xBD\xA0\xE5\xA5\xBD"s,
                                  "\xF0\x9F\x98\x80"s, "\xC2\xA0"s, "\xED\x9F\xBF\xEE\x80\x80"s, "\xF4\x8F\xBF\xBF"s}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, controlCharactersAreEscaped) {
  EXPECT_EQ(printable("a\nb\rc\td"), "a\\nb\\rc\\td");
  EXPECT_EQ(printable("\x1b[31mred\x1b[0m"), "\\x1b[31mred\\x1b[0m");
  EXPECT_EQ(printable("nul\0del\x7F"s), "nul\\x00del\\x7f");
  EXPECT_EQ(printable("\x01\x1F\b"), "\\x01\\x1f\\x08");
  EXPECT_EQ(printable("\xC2\x80\xC2\x9B\xC2\x9F"), "\\u0080\\u009b\\u009f");
}

TEST(Printable, marksThatTurnHideOrBreakTextAreEscaped) {
  EXPECT_EQ(printable("\xD8\x9C"), "\\u061c");
  EXPECT_EQ(printable("\xE2\x80\x8B\xE2\x80\x8C\xE2\x80\x8D\xE2\x80\x8E\xE2\x80\x8F"),
            "\\u200b\\u200c\\u200d\\u200e\\u200f");
  EXPECT_EQ(printable("\xE2\x80\xA8\xE2\x80\xA9"), "\\u2028\\u2029");
  EXPECT_EQ(printable("\xE2\x80\xAA\xE2\x80\xAB\xE2\x80\xAC\xE2\x80\xAD\xE2\x80\xAE"),
            "\\u202a\\u202b\\u202c\\u202d\\u202e");
  EXPECT_EQ(printable("\xE2\x81\xA0\xE2\x81\xA6\xE2\x81\xA7\xE2\x81\xA8\xE2\x81\xA9"),
            "\\u2060\\u2066\\u2067\\u2068\\u2069");
  EXPECT_EQ(printable("\xEF\xBB\xBF"), "\\ufeff");
  EXPECT_EQ(printable("\xF3\xA0\x81\x81"), "\\U000e0041") << "an invisible tag";
  EXPECT_EQ(printable("\xE2\x80\x8A\xE2\x80\x90\xE2\x80\xA7\xE2\x80\xAF"),
            "\xE2\x80\x8A\xE2\x80\x90\xE2\x80\xA7\xE2\x80\xAF");
}

TEST(Printable, bytesThatAreNotUtf8AreEscapedOneByOne) {
  EXPECT_EQ(printable("a\xFF\x62"), "a\\xffb");
  EXPECT_EQ(printable("\x80"), "\\x80");
  EXPECT_EQ(printable("\xC3"), "\\xc3");
  EXPECT_EQ(printable("\xC3("), "\\xc3(");
  EXPECT_EQ(printable("\xC0\xAF"), "\\xc0\\xaf") << "overlong";
  EXPECT_EQ(printable("\xE0\x80\xAF"), "\\xe0\\x80\\xaf") << "overlong";
  EXPECT_EQ(printable("\xF0\x80\x80\xAF"), "\\xf0\\x80\\x80\\xaf") << "overlong";
  EXPECT_EQ(printable("\xED\xA0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(printable("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond Unicode";
  EXPECT_EQ(printable("\xE2\x82"), "\\xe2\\x82");
  EXPECT_EQ(printable("\xE2\x82\xC3\xA9"), "\\xe2\\x82\xC3\xA9");
}

TEST(Printable, saysHowMuchIsCut) {
  EXPECT_EQ(printable("abcdef", 6), "abcdef");
  EXPECT_EQ(printable("abcdef", 5), "abcde... (1 bytes)");
  EXPECT_EQ(printable("abcdef", 0), "... (6 bytes)");
  EXPECT_EQ(printable("", 0), "");
  EXPECT_EQ(printable(std::string(3000, 'x')), std::string(1024, 'x') + "... (1976 bytes)");
}

TEST(Printable, neverCutsACharacter) {
  EXPECT_EQ(printable("a\xC3\xA9z", 2), "a... (3 bytes)");
  EXPECT_EQ(printable("a\xC3\xA9z", 3), "a\xC3\xA9... (1 bytes)");
  EXPECT_EQ(printable("\xF0\x9F\x98\x80", 3), "... (4 bytes)");
}

/// Walks over UTF-8 by a table of its own, and says whether all of it may be shown.
bool isSafe(const std::string& text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto at = [&](std::size_t j) { return static_cast<unsigned char>(i + j < text.size() ? text[i + j] : 0); };
    const auto tail = [&](std::size_t j) { return at(j) >= 0x80 && at(j) <= 0xBF; };
    if (at(0) >= 0x20 && at(0) < 0x7F) {
      i += 1;
    } else if (at(0) >= 0xC2 && at(0) <= 0xDF && tail(1)) {
      if (at(0) == 0xC2 && at(1) < 0xA0) return false;
      i += 2;
    } else if (at(0) >= 0xE0 && at(0) <= 0xEF && tail(1) && tail(2)) {
      if ((at(0) == 0xE0 && at(1) < 0xA0) || (at(0) == 0xED && at(1) > 0x9F)) return false;
      i += 3;
    } else if (at(0) >= 0xF0 && at(0) <= 0xF4 && tail(1) && tail(2) && tail(3)) {
      if ((at(0) == 0xF0 && at(1) < 0x90) || (at(0) == 0xF4 && at(1) > 0x8F)) return false;
      i += 4;
    } else {
      return false;
    }
  }
  return true;
}

TEST(Printable, row66_whateverGoesInComesOutAsPrintableUtf8) {
  std::mt19937 random(8);
  std::uniform_int_distribution<int> byte(0, 255), kind(0, 3);
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    const int length = byte(random) % 12;
    // Lead and tail bytes are the interesting ones.
    for (int i = 0; i < length; ++i) {
      const int random256 = byte(random);
      text += static_cast<char>(kind(random) == 0 ? random256 : 0x80 | random256);
    }
    ASSERT_TRUE(isSafe(printable(text))) << printable(text);
    ASSERT_TRUE(isSafe(printable(text, 5))) << printable(text, 5);
  }
}

}  // namespace
}  // namespace chatapps
