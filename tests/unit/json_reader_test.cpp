// What is JSON, and how much of it, seen through the decoder of message details.
#include "decode/json_reader.hpp"

#include <gmock/gmock.h>
#include <pthread.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "decode/message_details.hpp"
#include "support/dom_decode.hpp"
#include "support/test_data.hpp"

namespace chatapps::decode {
namespace {

using namespace std::string_literals;
using testing::domDecode;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::testData;

/// The published example with its content replaced by raw JSON.
std::string withContent(const std::string& json) {
  std::string body = testData("success_delivered.json");
  const std::string masked = "\"**MASKED**\"";
  return body.replace(body.find(masked), masked.size(), json);
}

std::string contentOf(const std::string& json) {
  const auto decoded = messageDetails(withContent(json));
  if (std::holds_alternative<Problem>(decoded)) return "problem: " + std::get<Problem>(decoded).what;
  return std::get<MessageDetails>(decoded).at(0).content.value_or("absent");
}

Problem problemOf(const std::string& body) {
  const auto decoded = messageDetails(body);
  if (const Problem* problem = std::get_if<Problem>(&decoded)) return *problem;
  return {"", "none"};
}

std::string nested(std::size_t levels, const std::string& open = "[", const std::string& close = "]") {
  std::string json;
  for (std::size_t i = 0; i < levels; ++i) json += open;
  for (std::size_t i = 0; i < levels; ++i) json += close;
  return json;
}

void onAStackOf256KiB(std::function<void()> work) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, 256 * 1024), 0);
  const auto run = [](void* argument) -> void* {
    (*static_cast<std::function<void()>*>(argument))();
    return nullptr;
  };
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, &attributes, run, &work), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

TEST(JsonReader, row33_stringsAreDecoded) {
  EXPECT_EQ(contentOf(R"("")"), "");
  EXPECT_EQ(contentOf(R"(" plain, {text}: [1] ")"), " plain, {text}: [1] ");
  EXPECT_EQ(contentOf(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(contentOf(R"("ends in a backslash\\")"), "ends in a backslash\\");
  EXPECT_EQ(contentOf(R"("\u0041\u00e9\u20AC\ud83d\ude00")"), "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_EQ(contentOf("\"caf\xC3\xA9 \xF0\x9F\x98\x80\""), "caf\xC3\xA9 \xF0\x9F\x98\x80");
  EXPECT_EQ(contentOf("\"\x7F\""), "\x7F");
  EXPECT_EQ(contentOf(R"("a\u0000b")"), "a\0b"s);
}

TEST(JsonReader, keysAreDecodedToo) {
  std::string body = withContent("null");
  body.replace(body.find("\"content\":null"), 14, R"("c\u006Fntent":"found")");
  EXPECT_EQ(std::get<MessageDetails>(messageDetails(body)).at(0).content, "found");
}

TEST(JsonReader, row32_brokenStringsAreAProblem) {
  for (const std::string& json : {"\"\xC3\""s, "\"\xFF\""s, "\"\xC0\x80\""s, "\"\xED\xA0\x80\""s,
                                  "\"\xF5\x80\x80\x80\""s, "\"tab\t\""s, "\"line\n\""s, "\"nul\0\""s, "\"esc\x1b\""s,
                                  R"("\ud800")"s, R"("\ude00")"s, R"("\ud800A")"s, R"("\u12g4")"s, R"("\x41")"s}) {
    EXPECT_THAT(contentOf(json), HasSubstr("problem: expected JSON at byte")) << json;
  }
}

TEST(JsonReader, row32_aByteOrderMarkAndWhiteSpaceAroundAreAccepted) {
  EXPECT_EQ(problemOf("\xEF\xBB\xBF" + testData("success_read.json")).what, "none");
  EXPECT_EQ(problemOf(" \t\r\n{ \"data\" \n:\t[ \r] } \n ").what, "none");
  EXPECT_EQ(problemOf("\xEF\xBB" + testData("success_read.json")).what, "expected JSON at byte 3");
}

TEST(JsonReader, row32_otherEncodingsAreAProblem) {
  std::string utf16 = "\xFF\xFE", utf16WithoutMark;
  for (const char c : testData("success_read.json")) utf16WithoutMark += std::string{c, '\0'};
  EXPECT_EQ(problemOf(utf16 + utf16WithoutMark).what, "expected JSON at byte 1");
  EXPECT_EQ(problemOf(utf16WithoutMark).what, "expected JSON at byte 2");
}

TEST(JsonReader, whatFollowsTheDocumentIsAProblem) {
  for (const std::string& rest : {"x"s, "{}"s, ","s, "]"s, "\0"s, "\0{}"s, " \0 "s, "\0\0"s, "\xFF"s}) {
    EXPECT_THAT(problemOf(R"({"data":[]})" + rest).what, HasSubstr("expected JSON at byte 1")) << rest;
  }
  std::string many;
  while (many.size() < 1024 * 1024) many += "{}";
  EXPECT_EQ(problemOf(many).what, "expected JSON at byte 3");
}

TEST(JsonReader, whatIsNotJsonIsAProblemWithoutAWordOfTheBody) {
  const Problem problem = problemOf("<html>secret\x1b[2J</html>");
  EXPECT_EQ(problem.where, "");
  EXPECT_EQ(problem.what, "expected JSON at byte 1");
  EXPECT_FALSE(problem.cut);
  for (const std::string json :
       {"'a'",  "01",  "1.",      ".5",         "+1",          "-",       "1e",   "NaN", "nul", "tru e", "1 2",
        "[1,]", "{,}", "{\"a\"}", "{\"a\":1,}", "\"a\" \"b\"", "/* */ 1", "0x10", "-01", "--1", "1-1",   "1+1"}) {
    EXPECT_THAT(contentOf(json), HasSubstr("problem: expected JSON at byte")) << json;
  }
}

TEST(JsonReader, aBodyThatEndsTooEarlyIsToldApart) {
  const std::string whole = testData("success_delivered.json");
  const std::size_t end = whole.rfind('}');
  for (std::size_t length = 1; length <= end; ++length) {
    const Problem problem = problemOf(whole.substr(0, length));
    EXPECT_TRUE(problem.cut) << length;
    EXPECT_EQ(problem.what, "expected more JSON after byte " + std::to_string(length));
  }
  EXPECT_EQ(problemOf("").what, "expected JSON, the body is empty");
  EXPECT_FALSE(problemOf("").cut);
  EXPECT_FALSE(problemOf("{]").cut);
  EXPECT_FALSE(problemOf("{}").cut);
}

TEST(JsonReader, row30_sixtyFourLevelsAreReadAndOneMoreIsAProblem) {
  // The content stands in a record in an array in a document: three levels.
  EXPECT_EQ(contentOf(nested(61)), "absent");
  EXPECT_EQ(contentOf(nested(62)), "problem: expected at most 64 levels of nesting");
  EXPECT_EQ(contentOf(nested(30, "[{\"a\":[", "]}]")), "problem: expected at most 64 levels of nesting");
  EXPECT_EQ(problemOf(withContent(nested(62))).where, "/data/0/content");
  EXPECT_EQ(problemOf(nested(64)).what, "expected an object");
  EXPECT_EQ(problemOf(nested(65)).what, "expected at most 64 levels of nesting");
}

TEST(JsonReader, aHundredThousandLevelsFitASmallStack) {
  onAStackOf256KiB([] {
    for (const std::string& json : {nested(100000), nested(100000, "{\"a\":", "}"), std::string(100000, '[')}) {
      EXPECT_EQ(contentOf(json), "problem: expected at most 64 levels of nesting");
      EXPECT_EQ(problemOf(json).what, "expected at most 64 levels of nesting");
    }
    std::string objects = "{}";
    while (objects.size() < 1024 * 1024) objects += ",{}";
    EXPECT_EQ(problemOf("{\"data\":[" + objects + "]}").where, "/data/0/umid");
  });
}

void expectSame(const std::string& body) {
  const auto decoded = messageDetails(body);
  const std::optional<MessageDetails> reference = domDecode(body);
  ASSERT_EQ(std::holds_alternative<MessageDetails>(decoded), reference.has_value()) << body;
  if (!reference) return;
  const MessageDetails& records = std::get<MessageDetails>(decoded);
  ASSERT_EQ(records.size(), reference->size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const MessageDetail &a = records[i], &b = (*reference)[i];
    const auto userId = [](const MessageDetail& record) {
      return record.user ? record.user->channelUserId : std::nullopt;
    };
    const auto msisdn = [](const MessageDetail& record) { return record.user ? record.user->msisdn : std::nullopt; };
    EXPECT_TRUE(a.umid == b.umid && a.subAccountId == b.subAccountId && a.channel.text() == b.channel.text() &&
                a.channelId == b.channelId && a.direction.text() == b.direction.text() && a.country == b.country &&
                a.status.state.text() == b.status.state.text() && a.status.detail == b.status.detail &&
                a.status.errorCode == b.status.errorCode && a.status.errorMessage == b.status.errorMessage &&
                a.status.timestamp == b.status.timestamp && a.user.has_value() == b.user.has_value() &&
                msisdn(a) == msisdn(b) && userId(a) == userId(b) && a.contentType.text() == b.contentType.text() &&
                a.content == b.content && a.createdAt == b.createdAt && a.clientMessageId == b.clientMessageId &&
                a.clientBatchId == b.clientBatchId && a.batchId == b.batchId && a.step == b.step)
        << body;
  }
}

// The lexer sees less than the body holds. This is why that changes nothing.
TEST(JsonReader, readsEveryBodyWithOneByteChangedAsADocumentTreeDoes) {
  const std::string original = testData("success_delivered.json");
  const std::string bytes = "\"\\{}[]:,-+.0e1tu \n\t\x01\x7F\x80\xC3\xEF"s;
  for (std::size_t at = 0; at < original.size(); ++at) {
    for (const char byte : bytes) {
      std::string body = original;
      body[at] = byte;
      expectSame(body);
      expectSame(original.substr(0, at) + byte + original.substr(at));
    }
    expectSame(original.substr(0, at) + original.substr(at + 1));
  }
}

TEST(JsonReader, readsRandomlyChangedBodiesAsADocumentTreeDoes) {
  std::mt19937 random(20200617);
  const std::vector<std::string> pieces = {"\"",
                                           "\\\"",
                                           "\\\\",
                                           "{",
                                           "}",
                                           "[",
                                           "]",
                                           ":",
                                           ",",
                                           " ",
                                           "\n",
                                           "null",
                                           "true",
                                           "1",
                                           "-0",
                                           "12e3",
                                           "1.5",
                                           "{}",
                                           "[]",
                                           "\"\"",
                                           "\"a\"",
                                           "\\u00e9",
                                           "\xC3\xA9",
                                           "\"data\"",
                                           "\"status\":{}",
                                           ",\"step\":2",
                                           ",\"user\":{}",
                                           ",\"country\":null",
                                           "18446744073709551616"};
  const std::string original = testData("success_read.json");
  const auto below = [&random](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
  };
  for (int round = 0; round < 5000; ++round) {
    std::string body = original;
    for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
      body.replace(below(body.size()), below(4) * below(4), pieces[below(pieces.size())]);
    }
    expectSame(body);
  }
}

}  // namespace
}  // namespace chatapps::decode
