#include "line_reader.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <string_view>

using chatapps::cli::LineReader;
using Got = LineReader::Got;

namespace {

/// Both ends of a pipe.
class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe(ends_), 0); }
  ~Pipe() {
    close(ends_[0]);
    end();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void write(std::string_view text) {
    EXPECT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void end() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }
  int descriptor() const { return ends_[0]; }

 private:
  int ends_[2] = {-1, -1};
};

}  // namespace

TEST(CliLineReader, givesLinesWithEitherLineBreakAndTheirNumbers) {
  Pipe pipe;
  pipe.write("one\ntwo\r\n\nfour");
  pipe.end();
  LineReader lines(pipe.descriptor());
  for (const char* line : {"one", "two", "", "four"}) {
    ASSERT_EQ(lines.next(true), Got::Line);
    EXPECT_EQ(lines.line(), line);
  }
  EXPECT_EQ(lines.number(), 4u);
  EXPECT_EQ(lines.next(true), Got::End);
}

TEST(CliLineReader, saysWhenAPipeHasNothingYetAndKeepsHalfALine) {
  Pipe pipe;
  LineReader lines(pipe.descriptor());
  EXPECT_EQ(lines.next(false), Got::NothingYet);
  pipe.write("ha");
  EXPECT_EQ(lines.next(false), Got::NothingYet);
  pipe.write("lf\n");
  ASSERT_EQ(lines.next(false), Got::Line);
  EXPECT_EQ(lines.line(), "half");
}

TEST(CliLineReader, cutsALineThatIsTooLongAndGoesOnBehindIt) {
  Pipe pipe;
  pipe.write(std::string(3 * LineReader::kLongestLine, 'x') + "\nnext\n");
  LineReader lines(pipe.descriptor());
  ASSERT_EQ(lines.next(true), Got::Line);
  EXPECT_TRUE(lines.tooLong());
  EXPECT_EQ(lines.line().size(), LineReader::kLongestLine);
  ASSERT_EQ(lines.next(true), Got::Line);
  EXPECT_FALSE(lines.tooLong());
  EXPECT_EQ(lines.line(), "next");
}

TEST(CliLineReader, endsWithAnInterruptAndDropsHalfALine) {
  Pipe pipe, interrupt;
  pipe.write("half a li");
  interrupt.write("!");
  LineReader lines(pipe.descriptor(), interrupt.descriptor());
  EXPECT_EQ(lines.next(true), Got::End);
}
