// Rows 27 to 30 of the fault matrix: bodies that are cut, endless, packed or deep.
#include <gtest/gtest.h>
#include <pthread.h>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "support/caught.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/memory.hpp"
#include "support/process.hpp"
#include "support/quick_client.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMiB = 1024 * 1024;

std::string hex(std::size_t number) {
  char text[20];
  std::snprintf(text, sizeof text, "%zx", number);
  return text;
}

std::string chunk(const std::string& bytes) { return hex(bytes.size()) + "\r\n" + bytes + "\r\n"; }

struct Cut {
  const char* name;
  std::string bytes;
};

std::string halfBody() {
  const std::string body = detailsBody(kSubAccount, kUmid);
  return body.substr(0, body.size() / 2);
}

void PrintTo(const Cut& cut, std::ostream* out) { *out << cut.name; }

class CutBody : public ::testing::TestWithParam<Cut> {};

TEST_P(CutBody, row27_isNeverSuccessAndIsTriedAgain) {
  FaultServer never([](Connection& connection) {
    if (connection.readRequest()) connection.send(GetParam().bytes);
  });
  try {
    get(quickOptions(never.url()));
    FAIL() << "a partial body was taken for a whole one";
  } catch (const ChatAppsError& error) {
    EXPECT_TRUE(dynamic_cast<const TransportError*>(&error) || dynamic_cast<const DecodeError*>(&error))
        << error.what();
    EXPECT_TRUE(error.retryable());
    EXPECT_EQ(error.attempts(), 4);
  }
  EXPECT_EQ(never.requestCount(), 4u);

  FaultServer recovers([](Connection& connection) {
    if (!connection.readRequest()) return;
    connection.send(connection.number() == 0 ? GetParam().bytes : detailsAnswer(connection.request()));
  });
  EXPECT_EQ(get(quickOptions(recovers.url())).at(0).umid, kUmid);
  EXPECT_EQ(recovers.requestCount(), 2u);
}

INSTANTIATE_TEST_SUITE_P(
    Faults, CutBody,
    ::testing::Values(Cut{"length", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + halfBody()},
                      Cut{"emptyWithLength", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"},
                      Cut{"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(halfBody())},
                      Cut{"inAChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n200\r\n" + halfBody()},
                      Cut{"wholeButLastChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
                                                   chunk(detailsBody(kSubAccount, kUmid))},
                      Cut{"untilClose", "HTTP/1.1 200 OK\r\n\r\n" + halfBody()}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Faults, row27_anAnswerThatEndsWithinItsHeadersIsNoAnswerYet) {
  for (const std::string head :
       {"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Len", "HTTP/1.1 401 Unauthorized\r\n",
        "HTTP/1.1 200 OK\r\nContent-Ty", "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1",
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n", "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n"}) {
    SCOPED_TRACE(head);
    FaultServer server([&](Connection& connection) {
      if (!connection.readRequest()) return;
      connection.send(connection.number() == 0 ? head : detailsAnswer(connection.request()));
    });
    EXPECT_EQ(get(quickOptions(server.url())).at(0).umid, kUmid);
    EXPECT_EQ(server.requestCount(), 2u);
  }
  FaultServer never([](Connection& connection) {
    if (connection.readRequest()) connection.send("HTTP/1.1 401 Unauthorized\r\n");
  });
  const auto error = caught<TransportError>([&] { get(quickOptions(never.url())); });
  EXPECT_EQ(error.delivery(), Delivery::MaybeSent);
  EXPECT_EQ(error.attempts(), 4);
}

/// The call has to end in "larger than" at once, without holding much of what comes.
void expectTooLarge(FaultServer& server) {
  get(quickOptions(FaultServer(answerEach(detailsAnswer)).url()));  // what a first call allocates for good
  const std::size_t before = residentMemoryBytes();
  forgetPeakMemory();
  const auto error = caught<DecodeError>([&] { get(quickOptions(server.url())); });
  EXPECT_LT(peakMemoryBytes(), before + 4 * kMiB * kMemoryScale);
  EXPECT_NE(std::string(error.what()).find("larger than"), std::string::npos) << error.what();
  EXPECT_FALSE(error.retryable());
  EXPECT_EQ(error.httpStatus(), 200);
  EXPECT_EQ(server.requestCount(), 1u);
  ASSERT_TRUE(server.waitForClosedConnections(1));
  EXPECT_LT(server.bytesSent(), 32 * kMiB) << "that is more than what the sockets' buffers hold";
}

Script endless(std::string head, std::string piece) {
  return [head = std::move(head), piece = std::move(piece)](Connection& connection) {
    if (!connection.readRequest() || !connection.send(head)) return;
    for (std::size_t sent = 0; sent < 64 * kMiB && connection.send(piece); sent += piece.size()) {
    }
  };
}

TEST(Faults, row28_anEndlessBodyEndsAtTheCapHoweverItIsFramed) {
  FaultServer chunks(endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk(std::string(16'000, ' '))));
  expectTooLarge(chunks);
  FaultServer untilClose(endless("HTTP/1.1 200 OK\r\n\r\n", std::string(16'000, ' ')));
  expectTooLarge(untilClose);
}

TEST(Faults, row28_aKnownLengthBeyondTheCapIsRefusedAtOnce) {
  FaultServer server([](Connection& connection) {
    if (!connection.readRequest()) return;
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n");
    connection.waitForClientToLeave();  // nothing of the body comes: the client must not wait for it
  });
  expectTooLarge(server);
}

TEST(Faults, row28_theCapIsTheClients) {
  FaultServer server(answerEach([](const SeenRequest& request) {
    const std::string body = detailsBody(kSubAccount, umidOf(request));
    return httpAnswer(200, body + std::string(2'000 - body.size(), ' '));
  }));
  ClientOptions options = quickOptions(server.url());
  options.maxBodyBytes = 2'000;
  EXPECT_EQ(get(options).size(), 1u);
  options.maxBodyBytes = 1'999;
  caught<DecodeError>([&] { get(options); });
  EXPECT_EQ(server.requestCount(), 2u);
}

TEST(Faults, row29_aGzipBombNobodyAskedForIsADecodeError) {
  // 64 MiB of spaces in 64 KiB.
  const Finished bomb = run({{"sh", "-c", "head -c 67108864 /dev/zero | tr '\\0' ' ' | gzip -9"}, {}});
  ASSERT_EQ(bomb.exitCode, 0) << bomb.err;
  ASSERT_LT(bomb.out.size(), 128u * 1024);
  FaultServer server(answerEach([&](const SeenRequest&) {
    return httpAnswer(200, bomb.out, "Content-Type: application/json\r\nContent-Encoding: gzip\r\n");
  }));
  const std::size_t before = residentMemoryBytes();
  forgetPeakMemory();
  const auto error = caught<DecodeError>([&] { get(quickOptions(server.url())); });
  EXPECT_LT(peakMemoryBytes(), before + 4 * kMiB * kMemoryScale);
  EXPECT_FALSE(error.retryable());
  EXPECT_EQ(server.requestCount(), 1u);
}

TEST(Faults, row29_aLyingContentEncodingIsADecodeError) {
  for (const char* encoding : {"gzip", "deflate", "br", "rot13", "gzip, gzip"}) {
    SCOPED_TRACE(encoding);
    FaultServer server(answerEach([&](const SeenRequest& request) {
      return httpAnswer(200, detailsBody(kSubAccount, umidOf(request)),
                        std::string("Content-Encoding: ") + encoding + "\r\n");
    }));
    EXPECT_FALSE(caught<DecodeError>([&] { get(quickOptions(server.url())); }).retryable());
    EXPECT_EQ(server.requestCount(), 1u);
  }
}

/// Runs `code` on a thread whose stack has 256 KiB, and hands on what it throws.
void onSmallStack(const std::function<void()>& code) {
  struct Run {
    const std::function<void()>& code;
    std::exception_ptr error;
  } run{code, nullptr};
  const auto body = [](void* argument) -> void* {
    auto& self = *static_cast<Run*>(argument);
    try {
      self.code();
    } catch (...) {
      self.error = std::current_exception();
    }
    return nullptr;
  };
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  pthread_t thread;
  const int failure = pthread_create(&thread, &attributes, body, &run);
  pthread_attr_destroy(&attributes);
  ASSERT_EQ(failure, 0);
  pthread_join(thread, nullptr);
  if (run.error) std::rethrow_exception(run.error);
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(Faults, row30_deepNestingIsADecodeErrorOnASmallStack) {
  const std::string record = detailsBody(kSubAccount, kUmid);
  const std::string bodies[] = {
      repeated("[", 100'000),
      repeated("[", 100'000) + repeated("]", 100'000),
      repeated("{\"data\":", 100'000),
      R"({"data":[{"umid":)" + repeated("[", 100'000),
      record.substr(0, record.size() - 3) + ",\"extra\":" + repeated("[", 100'000) + repeated("]", 100'000) + "}]}",
  };
  for (const std::string& body : bodies) {
    SCOPED_TRACE(body.substr(0, 400));
    FaultServer server(answerEach([&](const SeenRequest&) { return httpAnswer(200, body); }));
    EXPECT_FALSE(caught<DecodeError>([&] { onSmallStack([&] { get(quickOptions(server.url())); }); }).retryable());
    EXPECT_EQ(server.requestCount(), 1u);
  }
}

TEST(Faults, row30_aMebibyteOfEmptyObjectsIsADecodeErrorOnASmallStack) {
  const std::string objects = "{\"data\":[" + repeated("{},", 340'000) + "{}]}";
  ASSERT_LT(objects.size(), kMiB);
  FaultServer server(answerEach([&](const SeenRequest&) { return httpAnswer(200, objects); }));
  const auto error = caught<DecodeError>([&] { onSmallStack([&] { get(quickOptions(server.url())); }); });
  EXPECT_EQ(error.where().substr(0, 7), "/data/0");
  EXPECT_EQ(server.requestCount(), 1u);
}

TEST(Faults, row30_anErrorBodyMayBeDeepToo) {
  FaultServer server(answerEach([](const SeenRequest&) { return httpAnswer(404, repeated("{\"code\":[", 50'000)); }));
  const auto error = caught<NotFoundError>([&] { onSmallStack([&] { get(quickOptions(server.url())); }); });
  EXPECT_FALSE(error.code());
  EXPECT_EQ(error.body().size(), 450'000u);
}

}  // namespace
}  // namespace chatapps::support
