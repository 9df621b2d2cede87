// Rows 31 to 36 of the fault matrix: values that are not what they should be, in whole answers over a socket. The tests
// of the reader hold each of them in detail.
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "chatapps/printable.hpp"
#include "support/caught.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/quick_client.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

/// The usual answer with a part of its body replaced.
std::string bodyWith(const std::string& part, const std::string& other) {
  std::string body = detailsBody(kSubAccount, kUmid);
  return body.replace(body.find(part), part.size(), other);
}

/// A server with one answer, and how often it gave it.
class Answering {
 public:
  explicit Answering(std::string body, int status = 200)
      : server_(answerEach([answer = httpAnswer(status, body)](const SeenRequest&) { return answer; })) {}
  MessageDetails read() { return get(quickOptions(server_.url())); }
  template <class Error>
  Error error() {
    auto error = caught<Error>([&] { read(); });
    EXPECT_EQ(server_.requestCount(), 1u) << "what does not change was asked for again";
    return error;
  }

 private:
  FaultServer server_;
};

TEST(Faults, row31_ofAKeyThatStandsTwiceTheLastCounts) {
  EXPECT_EQ(Answering(bodyWith(R"("step":1)", R"("step":7,"step":1,"step":2)")).read().at(0).step, 2);
  EXPECT_EQ(Answering(bodyWith(R"("state":"delivered")", R"("state":"read","state":"sent")")).read().at(0).status.state,
            State::Sent);
  const auto error = Answering(R"({"code":1,"message":"a","code":2,"message":"b"})", 400).error<BadRequestError>();
  EXPECT_EQ(error.code(), 2);
  EXPECT_EQ(error.message(), "b");
}

TEST(Faults, row32_whatIsNoUtf8OrNoJsonStringIsADecodeErrorWithAPrintableText) {
  for (const std::string& bad : Texts{"\xff", "\xc3\x28", "\xc0\xaf", "\xed\xa0\x80", "\\ud800", "\\udc00x", "\x01",
                                      "\n", "\\x41", std::string(1, '\0')}) {
    SCOPED_TRACE(printable(bad));
    const auto error = Answering(bodyWith("Text", bad)).error<DecodeError>();
    EXPECT_FALSE(error.retryable());
    EXPECT_EQ(error.what(), printable(error.what()));
  }
  const std::string body = detailsBody(kSubAccount, kUmid);
  std::string utf16 = "\xff\xfe";
  for (const char c : body) utf16.append(1, c).append(1, '\0');
  const auto error = Answering(utf16).error<DecodeError>();
  EXPECT_EQ(error.what(), printable(error.what()));
  EXPECT_EQ(Answering("\xef\xbb\xbf" + body).read().at(0).umid, kUmid) << "a byte order mark is harmless";
}

TEST(Faults, row33_aNulInAStringIsKeptAndEscapedInWhat) {
  const auto details = Answering(bodyWith(R"("Text")", R"("Te\u0000xt")")).read();
  EXPECT_EQ(details.at(0).contentType.text(), std::string("Te\0xt", 5));
  const auto error = Answering(R"({"code":1,"message":"a\u0000b","errorId":"c\u0000d"})", 400).error<BadRequestError>();
  EXPECT_EQ(error.message(), std::string("a\0b", 3));
  EXPECT_EQ(error.errorId(), std::string("c\0d", 3));
  EXPECT_NE(std::string(error.what()).find("c\\x00d"), std::string::npos) << error.what();
}

TEST(Faults, row34_whatIsNoIntegerIsADecodeErrorWhereItIsRequiredAndElseAbsent) {
  for (const std::string& number : Texts{"4294967297", "3.9", "true", "\"5\"", "1e300", "1e400", "5.0", "3e0"}) {
    SCOPED_TRACE(number);
    const auto error = Answering(bodyWith(R"("step":1)", R"("step":)" + number)).error<DecodeError>();
    EXPECT_EQ(error.where(), "/data/0/step");
    EXPECT_FALSE(error.retryable());
    const bool fits = number == "4294967297";  // in 64 bits
    const auto status =
        Answering(bodyWith(R"({"state")", R"({"errorCode":)" + number + R"(,"state")")).read().at(0).status;
    EXPECT_EQ(status.errorCode, fits ? std::optional<std::int64_t>(4'294'967'297) : std::nullopt);
    const auto refusal = Answering(R"({"code":)" + number + R"(,"message":"m"})", 400).error<BadRequestError>();
    EXPECT_EQ(refusal.code().has_value(), fits);
    EXPECT_EQ(refusal.message(), "m");
  }
}

TEST(Faults, row35_aShapeThatIsNotTheDocumentedOneIsReadAsFarAsItCanBeTrusted) {
  for (const std::string& umid : Texts{R"("id")", R"("umid":null,"id")", R"("umid":7,"id")", R"("umid":["a"],"id")"}) {
    SCOPED_TRACE(umid);
    EXPECT_EQ(Answering(bodyWith(R"("umid")", umid)).error<DecodeError>().where(), "/data/0/umid");
  }
  EXPECT_EQ(Answering(R"([])").error<DecodeError>().where(), "");
  EXPECT_EQ(Answering(R"({"data":{}})").error<DecodeError>().where(), "/data");
  for (const std::string& optional : Texts{"null", "7", "[]"}) {
    SCOPED_TRACE(optional);
    const auto details = Answering(bodyWith(R"("step")", R"("country":)" + optional + R"(,"user":)" + optional +
                                                             R"(,"hologram":{"a":[1]},"step")"))
                             .read();
    EXPECT_FALSE(details.at(0).country);
    EXPECT_FALSE(details.at(0).user);
  }
  const auto unknown = Answering(bodyWith("WhatsApp", "Pigeon")).read();
  EXPECT_EQ(unknown.at(0).channel.text(), "Pigeon");
  EXPECT_FALSE(unknown.at(0).channel.isKnown());

  const std::string one = detailsBody(kSubAccount, kUmid);
  const std::string record = one.substr(9, one.size() - 11);
  std::string second = record;
  second.replace(second.find(R"("step":1)"), 8, R"("step":2)");
  const auto several = Answering(R"({"data":[)" + second + "," + record + "]}").read();
  ASSERT_EQ(several.size(), 2u);
  EXPECT_EQ(several[0].step, 1);
  EXPECT_EQ(several[1].step, 2);
}

TEST(Faults, row36_aTimestampIsTheInstantOrNoneAndItsTextIsKept) {
  const SystemTime base(1'592'367'441s);  // 2020-06-17T04:17:21Z
  const struct {
    std::string text;
    std::optional<SystemTime> time;
  } rows[] = {
      {"2020-06-17T04:17:21Z", base},
      {"2020-06-17T04:17:21.5z", base + 500ms},
      {"2020-06-17T04:17:21.123456789012Z", base + 123'456'789ns},
      {"2020-06-17T12:17:21.000000001+08:00", base + 1ns},
      {"2020-06-16T22:47:21-05:30", base},
      {"2016-12-31T23:59:60Z", SystemTime(1'483'228'800s)},
      {"2020-06-17T24:00:00Z", SystemTime(1'592'438'400s)},
      {"2020-06-17T04:17:21", std::nullopt},  // no zone
      {"2020-02-30T00:00:00Z", std::nullopt},
      {"0001-01-01T00:00:00Z", std::nullopt},
      {"9999-12-31T23:59:59Z", std::nullopt},
      {"yesterday", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    const auto details = Answering(bodyWith("2020-06-17T04:17:21.06Z", row.text)).read();
    EXPECT_EQ(details.at(0).createdAt.text(), row.text);
    EXPECT_TRUE(details.at(0).createdAt.time() == row.time);
  }
}

}  // namespace
}  // namespace chatapps::support
