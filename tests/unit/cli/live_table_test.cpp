// The live table of `chatapps track`, and its lines.
#include "output/live_table.hpp"

#include <gtest/gtest.h>

#include "output/change_text.hpp"
#include "output/display_width.hpp"

using namespace chatapps;
using namespace chatapps::cli;

namespace {

using namespace std::chrono_literals;

constexpr const char* kUmid = "a0000000-0000-4000-8000-000000000009";

LiveRow row(State state, Channel channel) {
  MessageDetail detail;
  detail.step = 1;
  detail.channel = std::move(channel);
  detail.status.state = std::move(state);
  LiveRow result{kUmid, {}};
  result.state.report = summarize({detail});
  result.state.age = 65s;
  result.state.nextLook = 2500ms;
  return result;
}

}  // namespace

TEST(LiveTable, aRowShowsStateChannelAgeAndNextLook) {
  EXPECT_EQ(liveRow(row(State::Sent, Channel::SMS), 100),
            std::string(kUmid) + " SMS          sent         1m05s  2.5s");
  LiveRow unknown{kUmid, {}};
  unknown.state.nextLook = 0ms;
  EXPECT_EQ(liveRow(unknown, 100), std::string(kUmid) + " -            -            0.0s   now");
}

TEST(LiveTable, theHeadFitsTheUsualScreen) {
  const std::string head = liveHead(79);
  EXPECT_EQ(head.substr(head.size() - 9), "NEXT LOOK");
}

TEST(LiveTable, noRowIsWiderThanTheScreenOrTellsTheTerminalAnything) {
  const LiveRow hostile = row(State(std::string("\x1b[2Jlong long long long")), Channel(std::string("a\nb\tc")));
  for (const std::size_t columns : {20u, 40u, 79u, 200u}) {
    const std::string text = liveRow(hostile, columns);
    EXPECT_LE(displayWidth(text), columns);
    EXPECT_EQ(text.find_first_of("\x1b\n\t"), std::string::npos);
  }
}

TEST(LiveTable, isDrawnInPlaceBelowTheLinesThatStay) {
  std::string screen;
  LiveTable table([&](std::string_view text) { screen += text; });
  table.draw({"one", "two"});
  EXPECT_EQ(screen, "one\ntwo\n");
  table.draw({"one", "two"});
  EXPECT_EQ(screen, "one\ntwo\n");
  screen.clear();
  table.keep("stays\n");
  EXPECT_EQ(screen, "\x1b[2A\x1b[Jstays\none\ntwo\n");
  screen.clear();
  table.draw({});
  EXPECT_EQ(screen, "\x1b[2A\x1b[J");
}

TEST(ChangeText, isOneLineWhateverTheServerSays) {
  TrackedChange change;
  change.number = 3;
  change.subAccountId = "sub";
  change.umid = kUmid;
  change.report = row(State(std::string("un\tdelivered\n")), Channel::SMS).state.report;
  change.ending = Ending::TimedOut;
  const std::string line = changeLine(change);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(std::count(line.begin(), line.end(), '\t'), 5);
  EXPECT_EQ(line.find("3\tsub," + std::string(kUmid) + "\t"), 0u);
  EXPECT_NE(line.find("\ttimed-out\t"), std::string::npos);
  EXPECT_EQ(endingLine(change).find(kUmid), 0u);
}

TEST(ChangeText, ofARefusedMessageTellsWhy) {
  TrackedChange change;
  change.number = 1;
  change.subAccountId = "sub";
  change.umid = kUmid;
  change.ending = Ending::Refused;
  change.problem = "message not found";
  EXPECT_EQ(changeLine(change), "1\tsub," + std::string(kUmid) + "\t-\t-\trefused\tmessage not found\n");
  EXPECT_EQ(endingLine(change), std::string(kUmid) + "  refused: message not found\n");
}
