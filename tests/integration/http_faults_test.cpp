// Rows 18 to 25 of the fault matrix: answers that are not what was asked for.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/caught.hpp"
#include "support/event_log.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/quick_client.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;

using Texts = std::vector<std::string>;

constexpr const char* kOtherUmid = "00000000-c76f-4a0a-b69f-6ac2a4386eb9";

Script answerAll(std::string bytes) {
  return answerEach([bytes = std::move(bytes)](const SeenRequest&) { return bytes; });
}

/// Gives each request these bytes and ends the connection.
Script answerAndClose(std::string bytes) {
  return [bytes = std::move(bytes)](Connection& connection) {
    if (connection.readRequest()) connection.send(bytes);
  };
}

TEST(Faults, row18_noRedirectIsFollowed) {
  FaultServer elsewhere(answerEach(detailsAnswer));
  for (const int status : {300, 301, 302, 303, 307, 308}) {
    for (const std::string& target :
         Texts{elsewhere.url() + "/stolen", "/elsewhere", "ftp" + elsewhere.url().substr(4), "file:///etc/passwd"}) {
      SCOPED_TRACE(std::to_string(status) + " to " + target);
      FaultServer server(answerAll(httpAnswer(status, "", "Location: " + target + "\r\n")));
      const auto error = caught<ApiError>([&] { get(quickOptions(server.url())); });
      EXPECT_EQ(error.httpStatus(), status);
      EXPECT_FALSE(error.retryable());
      EXPECT_EQ(server.requestCount(), 1u);
    }
  }
  EXPECT_EQ(elsewhere.connections(), 0u);
}

std::string interim(int count) {
  std::string answers;
  for (int i = 0; i < count; ++i) answers += "HTTP/1.1 103 Early Hints\r\nRetry-After: 77\r\n\r\n";
  return answers;
}

TEST(Faults, row19_aFewInterimAnswersAreIgnoredAndSoIsWhatTheySaid) {
  FaultServer good(answerEach([](const SeenRequest& request) { return interim(32) + detailsAnswer(request); }));
  EXPECT_EQ(get(quickOptions(good.url())).at(0).umid, kUmid);

  FaultServer bad(answerAll(interim(3) + httpAnswer(501, "")));
  const auto error = caught<ServerError>([&] { get(quickOptions(bad.url())); });
  EXPECT_EQ(error.httpStatus(), 501);
  EXPECT_FALSE(error.retryAfter());
}

TEST(Faults, row19_aFloodOfInterimAnswersIsATransportErrorThatIsNotTriedAgain) {
  FaultServer server([](Connection& connection) {
    if (!connection.readRequest()) return;
    while (connection.send(interim(1))) {
    }
  });
  const auto error = caught<TransportError>([&] { get(quickOptions(server.url())); });
  EXPECT_FALSE(error.retryable());
  EXPECT_EQ(server.requestCount(), 1u);
  EXPECT_NE(std::string(error.what()).find("more than 32 interim answers"), std::string::npos) << error.what();

  FaultServer oneTooMany(answerEach([](const SeenRequest& request) { return interim(33) + detailsAnswer(request); }));
  EXPECT_FALSE(caught<TransportError>([&] { get(quickOptions(oneTooMany.url())); }).retryable());
  EXPECT_EQ(oneTooMany.requestCount(), 1u);
}

TEST(Faults, row19_aProtocolThatWasNotAskedForIsATransportErrorAtOnce) {
  FaultServer server(answerEach([](const SeenRequest& request) {
    return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n" + detailsAnswer(request);
  }));
  const auto error = caught<TransportError>([&] { get(quickOptions(server.url())); });
  EXPECT_FALSE(error.retryable());
  EXPECT_EQ(server.requestCount(), 1u);
}

TEST(Faults, row20_aSuccessThatIsNoJsonIsADecodeErrorThatKeepsStatusAndType) {
  const std::string html = "<html><body>Please log in to this network</body></html>";
  const struct {
    int status;
    std::string bytes;
    std::string contentType;
  } rows[] = {
      {204, "HTTP/1.1 204 No Content\r\n\r\n", ""},
      {206, httpAnswer(206, detailsBody(kSubAccount, kUmid)), "application/json"},
      {200, httpAnswer(200, ""), "application/json"},
      {200, httpAnswer(200, html, "Content-Type: text/html\r\n"), "text/html"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.bytes);
    FaultServer server(answerAll(row.bytes));
    const auto error = caught<DecodeError>([&] { get(quickOptions(server.url())); });
    EXPECT_EQ(error.httpStatus(), row.status);
    EXPECT_EQ(error.contentType(), row.contentType);
    EXPECT_EQ(error.delivery(), Delivery::Answered);
    EXPECT_GE(server.requestCount(), 1u);
  }
}

TEST(Faults, row20_strangeStatusesAreApiErrorsThatKeepThem) {
  for (const int status : {304, 418, 600, 999}) {
    SCOPED_TRACE(status);
    FaultServer server(answerAll(httpAnswer(status, "", "Content-Type: text/plain\r\n")));
    const auto error = caught<ApiError>([&] { get(quickOptions(server.url())); });
    EXPECT_EQ(error.httpStatus(), status);
    EXPECT_EQ(error.contentType(), "text/plain");
    EXPECT_EQ(server.requestCount(), 1u);
  }
}

/// Four bodies with less and less in them.
const std::string kBodies[] = {errorBody(1001, "Not yours"), R"({"code":1001,"message":"Not yours"})",
                               R"({"code":1001,"message":"Not you)", ""};

template <class Error>
void expectTypeByStatus(int status) {
  for (const std::string& body : kBodies) {
    SCOPED_TRACE(std::to_string(status) + " " + body);
    FaultServer server(answerAll(httpAnswer(status, body)));
    const auto error = caught<Error>([&] { get(quickOptions(server.url())); });
    EXPECT_EQ(error.httpStatus(), status);
    EXPECT_EQ(error.body(), body);
    EXPECT_EQ(error.attempts(), 1);
    EXPECT_EQ(server.requestCount(), 1u);
    if (body == kBodies[0]) {
      EXPECT_EQ(error.errorId(), "91b106f0-c0da-4aba-a43a-7af9c5893a80");
      EXPECT_TRUE(error.timestamp());
      EXPECT_NE(std::string(error.what()).find(*error.errorId()), std::string::npos) << error.what();
    }
    if (body == kBodies[0] || body == kBodies[1]) {
      EXPECT_EQ(error.code(), 1001);
      EXPECT_EQ(error.message(), "Not yours");
    }
  }
}

TEST(Faults, row21_theStatusDecidesTheTypeWhateverTheBodyIs) {
  expectTypeByStatus<BadRequestError>(400);
  expectTypeByStatus<BadRequestError>(422);
  expectTypeByStatus<UnauthorizedError>(401);
  expectTypeByStatus<ForbiddenError>(403);
  expectTypeByStatus<NotFoundError>(404);
  expectTypeByStatus<NotFoundError>(410);
}

TEST(Faults, row21_theStatusDecidesTheTypeWhereTheBodyIsCutToo) {
  const std::string body = errorBody(4018, "Invalid jobId");
  const std::string chunks = "Transfer-Encoding: chunked\r\n\r\n";
  for (const std::string& rest :
       Texts{"Content-Length: 500\r\n\r\n", "Content-Length: 500\r\n\r\n{", "Content-Length: 500\r\n\r\n" + body,
             chunks, chunks + "5\r\n{", chunks + "xyz\r\n"}) {
    SCOPED_TRACE(rest);
    FaultServer server(answerAndClose("HTTP/1.1 404 Not Found\r\n" + rest));
    const auto error = caught<NotFoundError>([&] { get(quickOptions(server.url())); });
    EXPECT_EQ(error.delivery(), Delivery::Answered);
    EXPECT_EQ(server.requestCount(), 1u);
    EXPECT_EQ(error.code().has_value(), rest.find("4018") != std::string::npos);
  }
}

TEST(Faults, row22_aGatewaysErrorPageIsAServerErrorAndTriedAgain) {
  const std::string html = "<html><body><h1>Bad Gateway</h1></body></html>";
  for (const int status : {500, 502, 503, 504}) {
    SCOPED_TRACE(status);
    FaultServer server(answerAll(httpAnswer(status, html, "Content-Type: text/html\r\n")));
    const auto error = caught<ServerError>([&] { get(quickOptions(server.url())); });
    EXPECT_EQ(error.httpStatus(), status);
    EXPECT_EQ(error.body(), html);
    EXPECT_EQ(error.attempts(), 4);
    EXPECT_EQ(server.requestCount(), 4u);
  }
}

TEST(Faults, row22_notImplementedAndVersionNotSupportedAreNotTriedAgain) {
  for (const int status : {501, 505}) {
    FaultServer server(answerAll(httpAnswer(status, "")));
    EXPECT_EQ(caught<ServerError>([&] { get(quickOptions(server.url())); }).httpStatus(), status);
    EXPECT_EQ(server.requestCount(), 1u);
  }
}

TEST(Faults, row22_retryAfterIsTheLeastThatARetryWaits) {
  FaultServer server(answerEach([](const SeenRequest& request) {
    return request.number == 0 ? httpAnswer(503, "", "Retry-After: 1\r\n") : detailsAnswer(request);
  }));
  EXPECT_EQ(get(quickOptions(server.url())).size(), 1u);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_GE(requests[1].at - requests[0].at, 995ms);
}

TEST(Faults, row22_soItIsWhereTheBodyIsCut) {
  FaultServer server([](Connection& connection) {
    if (!connection.readRequest()) return;
    connection.send(connection.number() == 0 ? "HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 500\r\n\r\n{"
                                             : detailsAnswer(connection.request()));
  });
  EXPECT_EQ(get(quickOptions(server.url())).size(), 1u);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_GE(requests[1].at - requests[0].at, 995ms);
}

TEST(Faults, row23_aLengthThatCanNotBeTrustedIsTriedOnceMoreOverAnotherConnection) {
  const std::string body = detailsBody(kSubAccount, kUmid);
  const std::string size = std::to_string(body.size());
  const std::string chunked = "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  for (const std::string& framing : Texts{
           "Content-Length: " + size + "\r\nContent-Length: 7\r\n\r\n" + body,
           "Content-Length: 7\r\nContent-Length: " + size + "\r\n\r\n" + body,
           "Content-Length: " + size + ", 7\r\n\r\n" + body,
           "Content-Length: " + size + "x\r\n\r\n" + body,
           "Content-Length: -1\r\n\r\n" + body,
           "Content-Length: +" + size + "\r\n\r\n" + body,
           "Content-Length: \r\n\r\n" + body,
           "Content-Length: 99999999999999999999999\r\n\r\n" + body,
           "Content-Length: 5\r\n" + chunked,
           "X-A: b\r\n \r\nContent-Length: 7\r\nContent-Length: " + size + "\r\n\r\n" + body,
           "X-A: b\r\n\t \r\nContent-Length: 5\r\n" + chunked,
           "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
       }) {
    SCOPED_TRACE(framing);
    FaultServer server(answerAll("HTTP/1.1 200 OK\r\n" + framing));
    const auto error = caught<TransportError>([&] { get(quickOptions(server.url())); });
    EXPECT_EQ(error.attempts(), 2);
    EXPECT_EQ(server.requestCount(), 2u);
    EXPECT_EQ(server.connections(), 2u) << "the connection was used again";
  }
}

TEST(Faults, row24_whatIsNotHttpIsATransportErrorThatIsNotTriedAgain) {
  const std::string body = detailsBody(kSubAccount, kUmid);
  for (const std::string& bytes : Texts{
           "hello there, no header here\r\n",
           body,
           "HTTQ/1.1 200 OK\r\n\r\n" + body,
           "HTTP/1.1 abc OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body,
           "HTTP/1.1\r\n\r\n" + body,
           "HTTP/1.1 200 OK\r\nX-Nul: a" + std::string(1, '\0') + "b\r\n\r\n" + body,
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + body + "\r\n0\r\n\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n" + body,
       }) {
    SCOPED_TRACE(bytes);
    FaultServer server(answerAndClose(bytes));
    const auto error = caught<TransportError>([&] { get(quickOptions(server.url())); });
    EXPECT_FALSE(error.retryable());
    EXPECT_EQ(server.requestCount(), 1u);
  }
}

/// Answers each request, and says something more, right behind the answer or a moment later.
Script talkative(std::string stray, std::chrono::milliseconds delay) {
  return [stray = std::move(stray), delay](Connection& connection) {
    while (connection.readRequest()) {
      const std::string own = detailsAnswer(connection.request());
      if (delay == 0ms) {
        connection.send(own + stray);
      } else {
        connection.send(own);
        connection.pause(delay);
        connection.send(stray);
      }
    }
  };
}

class UnaskedAnswer : public ::testing::TestWithParam<const char*> {};

TEST_P(UnaskedAnswer, row25_reachesNoCall) {
  const std::string kind = GetParam();
  const std::string stray = kind == "ofAnotherMessage" ? httpAnswer(200, detailsBody(kSubAccount, kOtherUmid))
                            : kind == "notFound"       ? httpAnswer(404, errorBody(4018, "Invalid jobId"))
                                                       : httpAnswer(408, "", "Connection: close\r\n");
  for (const auto delay : {0ms, 30ms}) {
    SCOPED_TRACE(delay.count());
    FaultServer server(talkative(stray, delay));
    const ChatAppsClient client(quickOptions(server.url()));
    for (std::size_t i = 1; i <= 3; ++i) {
      EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).at(0).umid, kUmid);
      std::this_thread::sleep_for(2 * delay);
    }
    EXPECT_EQ(server.connections(), 3u) << "a connection was used on after it had said too much";
  }
}

// libcurl may end a transfer and send the next request over the same connection before it returns. What it leaves in the
// socket is what comes behind its buffer of 16 KiB.
TEST(Faults, row25_anUnaskedAnswerReachesNoCallThatFollowsInTheSameTurn) {
  FaultServer server([](Connection& connection) {
    const std::string body = detailsBody(kSubAccount, kUmid);
    std::string own = httpAnswer(200, body, "X-Pad: \r\n");
    own.insert(own.find("X-Pad: ") + 7, std::string(16'384 - own.size(), 'x'));
    while (connection.readRequest()) connection.send(own + httpAnswer(404, errorBody(4018, "Invalid jobId")));
  });
  const ChatAppsClient client(quickOptions(server.url()));
  std::vector<std::future<MessageDetails>> calls;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 100; ++i) calls.push_back(client.getMessageDetailsAsync(kSubAccount, kUmid));
    for (auto& call : calls) EXPECT_NO_THROW(call.get());
    calls.clear();
  }
  EXPECT_EQ(server.requestCount(), 2000u);
}

INSTANTIATE_TEST_SUITE_P(Faults, UnaskedAnswer, ::testing::Values("ofAnotherMessage", "notFound", "requestTimeout"),
                         [](const auto& test) { return std::string(test.param); });

TEST(Faults, row25_recordsOfAnotherMessageDropTheConnectionAndAreTriedOnceMore) {
  FaultServer recovers(answerEach([](const SeenRequest& request) {
    return request.number == 1 ? httpAnswer(200, detailsBody(kSubAccount, kOtherUmid)) : detailsAnswer(request);
  }));
  const auto log = std::make_shared<EventLog>();
  const ChatAppsClient client(quickOptions(recovers.url(), log));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).at(0).umid, kUmid);
  EXPECT_EQ(recovers.requestCount(), 4u);
  EXPECT_EQ(recovers.requestsOn(0), 2u) << "the connection that brought a stranger's records was used again";
  EXPECT_EQ(log->calls().at(1).attempts, 2);

  FaultServer never(answerAll(httpAnswer(200, detailsBody(kSubAccount, kOtherUmid))));
  const auto error = caught<TransportError>([&] { get(quickOptions(never.url())); });
  EXPECT_EQ(error.attempts(), 2);
  EXPECT_EQ(never.requestCount(), 2u);
  EXPECT_EQ(never.connections(), 2u);
}

TEST(Faults, row25_connectionsAreKeptAgainSoonThoughTheClientIsNeverIdle) {
  FaultServer server(answerEach([](const SeenRequest& request) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2 + request.number % 7));  // so that one is always under way
    return request.number == 0 ? httpAnswer(200, detailsBody(kSubAccount, kOtherUmid)) : detailsAnswer(request);
  }));
  const ChatAppsClient client(quickOptions(server.url()));
  std::atomic<int> underWay{0};
  const auto callFor = [&](std::chrono::milliseconds time) {
    const auto until = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < until) {
      if (underWay == 8) {
        std::this_thread::sleep_for(1ms);
        continue;
      }
      ++underWay;
      client.getMessageDetailsAsync(kSubAccount, kUmid, {}, [&](const auto&) { --underWay; });
    }
  };
  callFor(2500ms);
  const std::size_t connections = server.connections(), requests = server.requestCount();
  EXPECT_GT(connections, 20u) << "at first none of them is used again";
  callFor(1s);
  while (underWay > 0) std::this_thread::sleep_for(1ms);
  EXPECT_LE(server.connections(), connections + 10);
  EXPECT_GT(server.requestCount(), requests + 50);
}

TEST(Faults, row25_anAnswerThatIsOneRequestLateReachesNoCall) {
  // From the second request on, each connection answers what was asked before.
  FaultServer server([](Connection& connection) {
    std::string previous;
    while (connection.readRequest()) {
      const std::string own = detailsAnswer(connection.request());
      connection.send(previous.empty() ? own : previous);
      previous = own;
    }
  });
  const ChatAppsClient client(quickOptions(server.url()));
  const std::string umids[] = {kUmid, kOtherUmid, kUmid, kOtherUmid};
  for (const std::string& umid : umids) EXPECT_EQ(client.getMessageDetails(kSubAccount, umid).at(0).umid, umid);
  EXPECT_GT(server.connections(), 1u);
}

}  // namespace
}  // namespace chatapps::support
