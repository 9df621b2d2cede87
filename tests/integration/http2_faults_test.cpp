// Row 26 of the fault matrix: HTTP/2 servers that refuse each stream or say goodbye all the time. And the end of row
// 17: TLS that ends without saying so.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "support/caught.hpp"
#include "support/event_log.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/nginx.hpp"
#include "support/quick_client.hpp"
#include "support/tls_bridge.hpp"

namespace chatapps::support {
namespace {

using namespace std::string_literals;

constexpr std::size_t kFrameHead = 9;
enum FrameType : unsigned char { kHeaders = 1, kResetStream = 3, kSettings = 4, kGoAway = 7 };

std::string frame(FrameType type, unsigned char flags, const std::string& stream, const std::string& payload) {
  return "\0\0"s + static_cast<char>(payload.size()) + static_cast<char>(type) + static_cast<char>(flags) + stream +
         payload;
}

const std::string kConnection = "\0\0\0\0"s;  // the stream that stands for the whole connection

std::string refuse(const std::string& stream) { return frame(kResetStream, 0, stream, "\0\0\0\7"s); }
/// Goodbye; no stream was looked at.
std::string goAway(const std::string&) { return frame(kGoAway, 0, kConnection, "\0\0\0\0\0\0\0\0"s); }

/// Speaks just enough of HTTP/2 to give each request what `answer` makes of its stream.
Script http2(std::function<std::string(const std::string& stream)> answer, std::atomic<int>& requests) {
  return [answer = std::move(answer), &requests](Connection& connection) {
    const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    bool greeted = false;
    std::string bytes;
    for (std::string more = connection.readSome(); !more.empty(); more = connection.readSome()) {
      bytes += more;
      if (!greeted && bytes.size() >= preface.size()) {
        greeted = true;
        bytes.erase(0, preface.size());
        connection.send(frame(kSettings, 0, kConnection, ""));
      }
      while (greeted && bytes.size() >= kFrameHead) {
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
        const std::size_t length = kFrameHead + byte(0) * 65536u + byte(1) * 256u + byte(2);
        if (bytes.size() < length) break;
        if (byte(3) == kSettings && byte(4) == 0) connection.send(frame(kSettings, 1, kConnection, ""));
        if (byte(3) == kHeaders) {
          ++requests;
          connection.send(answer(bytes.substr(5, 4)));
        }
        bytes.erase(0, length);
      }
    }
  };
}

ClientOptions trusting(const std::string& url, std::shared_ptr<Observer> observer = nullptr) {
  ClientOptions options = quickOptions(url, std::move(observer));
  options.tls.caFile = certificates().file("ca.pem");
  return options;
}

struct Loop {
  const char* name;
  std::string (*answer)(const std::string& stream);
};

void PrintTo(const Loop& loop, std::ostream* out) { *out << loop.name; }

class Http2Loop : public ::testing::TestWithParam<Loop> {};

TEST_P(Http2Loop, row26_isOneRequestPerSlotAndEndsWithTheAttempts) {
  std::atomic<int> requests{0};
  FaultServer server(http2(GetParam().answer, requests));
  const TlsBridge tls(server, "h2");
  const auto log = std::make_shared<EventLog>();
  const auto error = caught<TransportError>([&] { get(trusting(tls.url(), log)); });
  EXPECT_TRUE(error.retryable());
  EXPECT_EQ(error.delivery(), Delivery::MaybeSent);
  EXPECT_EQ(error.attempts(), 4);
  EXPECT_EQ(requests, 4) << "a request without a slot of its own left";
  EXPECT_EQ(log->slots().size(), 4u);
}

INSTANTIATE_TEST_SUITE_P(Faults, Http2Loop,
                         ::testing::Values(Loop{"refusedStreams", &refuse}, Loop{"goodbyes", &goAway}),
                         [](const auto& test) { return std::string(test.param.name); });

/// What came before TLS broke off: once for a whole answer that says where it ends, once for half of one that does not.
TEST(Faults, row17_tlsThatEndsWithoutSayingSoMakesNoWholeBody) {
  for (const bool whole : {true, false}) {
    SCOPED_TRACE(whole);
    std::function<void()> breakOff;
    FaultServer server([&](Connection& connection) {
      if (!connection.readRequest()) return;
      const std::string answer = detailsAnswer(connection.request());
      const std::string cut = "HTTP/1.1 200 OK\r\n\r\n" + detailsBody(kSubAccount, kUmid).substr(0, 200);
      connection.send(whole ? answer : cut);
      connection.pause(std::chrono::milliseconds(100));  // so that the client has it
      breakOff();
    });
    TlsBridge tls(server);
    breakOff = [&] { tls.kill(); };
    ClientOptions options = trusting(tls.url());
    options.retry.maxAttempts = 1;
    if (whole) {
      EXPECT_EQ(get(options).at(0).umid, kUmid);
    } else {
      try {
        get(options);
        FAIL() << "half a body was taken for a whole one";
      } catch (const ChatAppsError& error) {
        EXPECT_TRUE(dynamic_cast<const TransportError*>(&error) || dynamic_cast<const DecodeError*>(&error));
        EXPECT_TRUE(error.retryable()) << error.what();
      }
    }
    EXPECT_EQ(server.requestCount(), 1u);
  }
}

}  // namespace
}  // namespace chatapps::support
