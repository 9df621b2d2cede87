#include "output/table.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "output/display_width.hpp"

using chatapps::MessageDetail;
using chatapps::MessageDetails;
using chatapps::cli::table;

namespace {

MessageDetail attempt(int step, chatapps::Channel channel, chatapps::Status status) {
  MessageDetail record;
  record.umid = "dec02e44-c76f-4a0a-b69f-6ac2a4386eb9";
  record.subAccountId = "demo";
  record.channel = std::move(channel);
  record.channelId = "c";
  record.direction = chatapps::Direction("Outbound");
  record.country = "SG";
  record.status = std::move(status);
  record.user = chatapps::User{"+63922110xxxx", std::nullopt};
  record.contentType = chatapps::ContentType::Text;
  record.content = "**MASKED**";
  record.createdAt = chatapps::Timestamp("2020-06-17T04:15:21.06Z");
  record.step = step;
  return record;
}

MessageDetails fallback() {
  return {attempt(1, chatapps::Channel::Viber,
                  {chatapps::State::Undelivered, chatapps::StatusDetail("rejected_by_operator"), 2008,
                   "Not a Viber user", chatapps::Timestamp("2020-06-17T04:15:31.06Z")}),
          attempt(2, chatapps::Channel::SMS,
                  {chatapps::State::Delivered, chatapps::StatusDetail("delivered_to_recipient"), std::nullopt,
                   std::nullopt, chatapps::Timestamp("2020-06-17T12:15:41.5+08:00")})};
}

}  // namespace

TEST(CliTable, showsWhatTheMessageIsAndOneRowAStep) {
  EXPECT_EQ(table(fallback(), {80, false}),
            "message     dec02e44-c76f-4a0a-b69f-6ac2a4386eb9\n"
            "subaccount  demo\n"
            "to          +63922110xxxx, SG\n"
            "content     Text: **MASKED**\n"
            "created     2020-06-17 04:15:21 UTC\n"
            "\n"
            "STEP  CHANNEL  STATE        TIME (UTC)           REASON\n"
            "1     Viber    undelivered  2020-06-17 04:15:31  Not a Viber user (code 2008),\n"
            "                                                 rejected_by_operator\n"
            "2     SMS      delivered    2020-06-17 04:15:41  delivered_to_recipient\n");
}

TEST(CliTable, fitsTheTerminal) {
  auto details = fallback();
  details[0].status.errorMessage = std::string(200, 'x') + " \xE6\x97\xA5\xE6\x9C\xAC";
  details[0].content = std::string(500, 'y');
  for (const int columns : {80, 100, 200}) {
    std::istringstream lines(table(details, {columns, false}));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(chatapps::cli::displayWidth(line), static_cast<std::size_t>(columns)) << line;
    }
  }
}

TEST(CliTable, row66_escapesWhatATerminalCouldActOn) {
  auto details = fallback();
  details[0].status.errorMessage = "\x1b[2J";
  details[0].channel = chatapps::Channel("\x1b]0;x\x07");
  details[0].umid = "\xE2\x80\xAE";
  details[0].content = "a\nb\rc";
  const auto text = table(details, {80, false});
  EXPECT_EQ(text.find_first_of("\x1b\x07\r"), std::string::npos);
  EXPECT_EQ(text.find("\xE2\x80\xAE"), std::string::npos);
  EXPECT_NE(text.find("a\\nb\\rc"), std::string::npos);
}

TEST(CliTable, coloursTheStateOnly) {
  const auto text = table(fallback(), {80, true});
  EXPECT_NE(text.find("\x1b[31mundelivered\x1b[0m"), std::string::npos);
  EXPECT_NE(text.find("\x1b[32mdelivered  \x1b[0m"), std::string::npos);
  EXPECT_EQ(text.find("\x1b[33m"), std::string::npos);
}

TEST(CliTable, showsATimeThatCanNotBeReadAsItCame) {
  auto details = fallback();
  details[0].status.timestamp = chatapps::Timestamp("yesterday");
  EXPECT_NE(table(details, {80, false}).find("  yesterday  "), std::string::npos);
  details[0].createdAt = chatapps::Timestamp("not a time");
  EXPECT_NE(table(details, {200, false}).find("created     not a time\n"), std::string::npos);
}

TEST(CliTable, showsADashForAnAbsentStateAndTime) {
  auto details = fallback();
  details[1].status = {};
  EXPECT_NE(table(details, {80, false}).find("2     SMS      -            -\n"), std::string::npos);
}

TEST(CliTable, saysWhenThereIsNothing) {
  EXPECT_EQ(table({}, {80, false}), "The message is known, and no channel has been tried yet.\n");
}
