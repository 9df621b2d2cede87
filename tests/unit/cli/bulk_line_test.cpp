#include "bulk_line.hpp"

#include <gtest/gtest.h>

#include <chatapps/errors.hpp>

using chatapps::InvalidArgumentError;
using chatapps::cli::isSkippedBulkLine;
using chatapps::cli::parseBulkLine;

TEST(CliBulkLine, isASubaccountAndAUmid) {
  const auto ref = parseBulkLine(" demo ,\tdec02e44 ", "");
  EXPECT_EQ(ref.subAccountId, "demo");
  EXPECT_EQ(ref.umid, "dec02e44");
}

TEST(CliBulkLine, mayBeAUmidAloneWhereTheSubaccountIsKnown) {
  EXPECT_EQ(parseBulkLine("dec02e44", "demo").subAccountId, "demo");
  EXPECT_EQ(parseBulkLine("other,dec02e44", "demo").subAccountId, "other");
  EXPECT_THROW(parseBulkLine("dec02e44", ""), InvalidArgumentError);
}

TEST(CliBulkLine, isBlankOrAComment) {
  for (const char* line : {"", "  ", "\t", "# a comment", "  # another", "\xEF\xBB\xBF"}) {
    EXPECT_TRUE(isSkippedBulkLine(line)) << line;
  }
  EXPECT_FALSE(isSkippedBulkLine("demo,#"));
  EXPECT_TRUE(isSkippedBulkLine("# a long comm", true));
  EXPECT_FALSE(isSkippedBulkLine("   ", true)) << "what comes then is not known";
}

TEST(CliBulkLine, mayBeginWithAByteOrderMark) {
  EXPECT_EQ(parseBulkLine("\xEF\xBB\xBF"
                          "demo,x",
                          "")
                .subAccountId,
            "demo");
}

TEST(CliBulkLine, isRefusedWhenItIsAnythingElse) {
  for (const char* line : {",", "demo,", ",dec02e44", "demo,dec02e44,more", "demo,,"}) {
    EXPECT_THROW(parseBulkLine(line, "demo"), InvalidArgumentError) << line;
  }
}
