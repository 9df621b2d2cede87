// Rows 62 to 66, 69 and 70 of the fault matrix: what callers, the environment and servers may try.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/caught.hpp"
#include "support/event_log.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/quick_client.hpp"
#include "support/temporary_folder.hpp"

namespace chatapps::support {
namespace {

using namespace std::chrono_literals;

using Texts = std::vector<std::string>;

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Sets a variable of the environment for a test.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = ::getenv(name)) before_ = before;
    ::setenv(name, value.c_str(), 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() {
    if (before_) {
      ::setenv(name_, before_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

const std::string kBadTexts[] = {"a\rb",   "a\nb",   "a\r\nX-Injected: 1", std::string("a\0b", 3),
                                 "a\x01z", "a\x7fz", "caf\xc3\xa9"};

class HostileInput : public ::testing::Test {
 protected:
  FaultServer server_{answerEach(detailsAnswer)};

  /// The options or the call are refused with that argument's name, and nothing is sent.
  void refused(const ClientOptions& options, const std::string& argument, const CallOptions& call = {}) {
    const auto error =
        caught<InvalidArgumentError>([&] { ChatAppsClient(options).getMessageDetails(kSubAccount, kUmid, call); });
    EXPECT_EQ(error.argument().substr(0, argument.size()), argument) << error.what();
    EXPECT_EQ(error.attempts(), 0);
    EXPECT_EQ(error.delivery(), Delivery::NotSent);
    EXPECT_EQ(server_.connections(), 0u);
  }
};

TEST_F(HostileInput, row62_aKeyThatIsNoHeaderValueIsRefusedAndNotShown) {
  for (const std::string& bad : kBadTexts) {
    SCOPED_TRACE(bad);
    ClientOptions options = quickOptions(server_.url());
    options.apiKey = kCanaryKey + bad;  // `refused` looks whether it shows
    refused(options, "apiKey");
    options.apiKeyProvider = [key = options.apiKey] { return key; };
    options.apiKey.clear();
    refused(options, "apiKey");
  }
  ClientOptions options = quickOptions(server_.url());
  for (const std::string& bad : Texts{"", "two words"}) {
    options.apiKey = bad;
    refused(options, "apiKey");
  }
}

TEST_F(HostileInput, row62_headersAndUserAgentCanNotSmuggleOthersIn) {
  for (const std::string& bad : kBadTexts) {
    SCOPED_TRACE(bad);
    ClientOptions options = quickOptions(server_.url());
    options.userAgentSuffix = bad;
    refused(options, "userAgentSuffix");
    options = quickOptions(server_.url());
    options.headers = {{"X-Own", bad}};
    refused(options, "headers");
    options.headers = {{"X-Own" + bad, "value"}};
    refused(options, "headers");
    CallOptions call;
    call.headers = {{"X-Own", bad}};
    refused(quickOptions(server_.url()), "headers", call);
  }
  for (const std::string& name : Texts{"", "X Own", "X-Own:", "Host", "host", "Authorization", "AUTHORIZATION",
                                       "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade",
                                       "TE", "Trailer", "Expect", "Proxy-Authorization", "proxy-anything"}) {
    SCOPED_TRACE(name);
    ClientOptions options = quickOptions(server_.url());
    options.headers = {{name, "value"}};
    refused(options, "headers");
    CallOptions call;
    call.headers = options.headers;
    refused(quickOptions(server_.url()), "headers", call);
  }
}

TEST_F(HostileInput, row62_harmlessHeadersArriveAsGiven) {
  ClientOptions options = quickOptions(server_.url());
  options.headers = {{"X-Client", "a b\tc"}, {"X-Empty", ""}, {"X-Blank", " \t"}};
  options.userAgentSuffix = "shop/2.1";
  CallOptions call;
  call.headers = {{"X-Call", "1"}};
  ChatAppsClient(options).getMessageDetails(kSubAccount, kUmid, call);
  const SeenRequest request = server_.requests().at(0);
  EXPECT_EQ(headerOf(request, "X-Client"), "a b\tc");
  EXPECT_EQ(headerOf(request, "X-Call"), "1");
  EXPECT_TRUE(holds(request.raw, "X-Empty:")) << request.raw;
  EXPECT_TRUE(holds(request.raw, "X-Blank:")) << request.raw;
  EXPECT_EQ(headerOf(request, "User-Agent"), "chatapps-cpp/" CHATAPPS_VERSION " shop/2.1");
}

TEST_F(HostileInput, row63_idsThatAreNotOfTheDocumentedShapeAreRefused) {
  const ChatAppsClient client(quickOptions(server_.url()));
  for (const std::string& id :
       Texts{"", "..", ".", "ab", "a/b", "%2e%2e", "abc?x", "abc#x", "abc d", std::string("ab\0c", 4), "caf\xc3\xa9",
             "abc\r\nX: 1", std::string(51, 'a'), std::string(10'240, 'a')}) {
    SCOPED_TRACE(id.substr(0, 60));
    EXPECT_EQ(caught<InvalidArgumentError>([&] { client.getMessageDetails(id, kUmid); }).argument(), "subAccountId");
    EXPECT_EQ(caught<InvalidArgumentError>([&] { client.getMessageDetailsAsync(id, kUmid).get(); }).argument(),
              "subAccountId");
  }
  const std::string good = kUmid;
  for (const std::string& id :
       Texts{"", "..", good.substr(1), good + "0", "{" + good + "}", good.substr(0, 35) + "g", good.substr(0, 35) + "/",
             good.substr(0, 8) + "0" + good.substr(9), "dec02e44c76f4a0ab69f6ac2a4386eb9",
             good.substr(0, 35) + std::string(1, '\0'), std::string(10'240, 'a')}) {
    SCOPED_TRACE(id.substr(0, 60));
    EXPECT_EQ(caught<InvalidArgumentError>([&] { client.getMessageDetails(kSubAccount, id); }).argument(), "umid");
  }
  EXPECT_EQ(server_.connections(), 0u);
}

TEST_F(HostileInput, row63_idsThatPassAreEncodedAndNeverNormalised) {
  const ChatAppsClient client(quickOptions(server_.url()));
  client.getMessageDetails("...", kUmid);
  client.getMessageDetails("a&b._-Z9", "DEC02E44-c76f-4a0a-b69f-6ac2a4386eb9");
  const auto requests = server_.requests();
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0].raw.substr(0, requests[0].raw.find("\r\n")),
            std::string("GET /api/v1/subaccounts/.../messages/") + kUmid + " HTTP/1.1");
  EXPECT_EQ(requests[1].raw.substr(0, requests[1].raw.find("\r\n")),
            "GET /api/v1/subaccounts/a%26b._-Z9/messages/DEC02E44-c76f-4a0a-b69f-6ac2a4386eb9 HTTP/1.1");
}

TEST_F(HostileInput, row64_aBaseUrlIsSchemeHostAndPortAndPlainHttpIsForLoopback) {
  const std::string port = std::to_string(server_.port());
  for (const std::string& url : Texts{"http://chatapps.8x8.com",
                                      "http://10.0.0.1:8080",
                                      "http://0.0.0.0:" + port,
                                      "http://localhost.evil.example",
                                      "http://127.0.0.1.evil.example",
                                      "http://2130706433:" + port,
                                      "http://0x7f000001:" + port,
                                      "http://127.1:" + port,
                                      "http://[::2]:" + port,
                                      "file:///etc/passwd",
                                      "ftp://127.0.0.1",
                                      "https://user:password@host",
                                      "http://user@127.0.0.1:" + port,
                                      "http://127.0.0.1:" + port + "/?q=1",
                                      "http://127.0.0.1:" + port + "/#f",
                                      "http://127.0.0.1:" + port + "/api",
                                      "https://host\\@127.0.0.1:" + port,
                                      "https://127.0.0.1\\@evil.example",
                                      "https://",
                                      "127.0.0.1",
                                      "https://host:0",
                                      "https://host:65536",
                                      "https://host:",
                                      "https://ho st",
                                      "https://host\r\nX: 1",
                                      std::string("https://host\0.evil", 18),
                                      " https://host"}) {
    SCOPED_TRACE(url);
    refused(quickOptions(url), "baseUrl");
  }
}

TEST_F(HostileInput, row64_everySpellingOfLoopbackWorks) {
  const std::string port = std::to_string(server_.port());
  for (const std::string& url : Texts{"http://127.0.0.1:" + port, "http://127.0.0.1:" + port + "/",
                                      "http://localhost:" + port, "HTTP://LOCALHOST:" + port}) {
    SCOPED_TRACE(url);
    EXPECT_EQ(get(quickOptions(url)).size(), 1u);
  }
}

TEST_F(HostileInput, row65_noNetrcIsRead) {
  const TemporaryFolder home;
  std::ofstream(home.file(".netrc"))
      << "machine 127.0.0.1 login thief password thief\ndefault login thief password thief\n";
  const Variable homeVariable("HOME", home.path().string());
  const Variable netrcVariable("NETRC", home.file(".netrc"));
  EXPECT_EQ(get(quickOptions(server_.url())).size(), 1u);
  EXPECT_EQ(headerOf(server_.requests().at(0), "Authorization"), std::string("Bearer ") + kCanaryKey);
}

TEST_F(HostileInput, row65_noNetrcIsOpened) {
  const TemporaryFolder home;
  const std::string pipe = home.file(".netrc");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const Variable homeVariable("HOME", home.path().string());
  std::atomic<bool> over{false}, opened{false};
  std::thread writer([&] {
    while (!over) {
      const int end = ::open(pipe.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);  // fails unless someone reads
      if (end >= 0) {
        opened = true;
        ::close(end);
      }
      std::this_thread::sleep_for(1ms);
    }
  });
  EXPECT_EQ(get(quickOptions(server_.url())).size(), 1u);
  over = true;
  writer.join();
  EXPECT_FALSE(opened);
}

TEST_F(HostileInput, row65_theEnvironmentsProxiesAreNeverForLoopback) {
  FaultServer proxy([](Connection& connection) { connection.readRequest(); });
  const Variable http("http_proxy", proxy.url()), https("https_proxy", proxy.url()), all("all_proxy", proxy.url()),
      none("no_proxy", "");
  EXPECT_EQ(get(quickOptions(server_.url())).size(), 1u);
  EXPECT_EQ(proxy.connections(), 0u);
}

TEST_F(HostileInput, row65_aProxyOfTheEnvironmentGetsACONNECTAndNeverTheKey) {
  FaultServer proxy([](Connection& connection) {
    if (connection.readRequest()) connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  });
  const Variable https("https_proxy", proxy.url()), none("no_proxy", "");
  ClientOptions options = quickOptions("https://chatapps.invalid");
  options.retry.maxAttempts = 1;
  const auto error = caught<TransportError>([&] { get(options); });
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  ASSERT_EQ(proxy.requestCount(), 1u);
  EXPECT_TRUE(holds(proxy.requests()[0].raw, "CONNECT chatapps.invalid:443 HTTP/1.1\r\n"));
  EXPECT_FALSE(holds(proxy.requests()[0].raw, kCanaryKey));
}

TEST_F(HostileInput, row65_anExplicitProxyIsUsedForAnyHostAsATunnel) {
  FaultServer proxy([this](Connection& connection) {
    if (!connection.readRequest() || !connection.send("HTTP/1.1 200 Connection established\r\n\r\n")) return;
    while (connection.readRequest() && connection.send(detailsAnswer(connection.request()))) {
    }
  });
  ClientOptions options = quickOptions(server_.url());
  options.proxy = proxy.url();
  EXPECT_EQ(get(options).size(), 1u);
  EXPECT_EQ(server_.connections(), 0u);
  ASSERT_EQ(proxy.requestCount(), 2u);
  const SeenRequest tunnel = proxy.requests()[0];
  EXPECT_TRUE(holds(tunnel.raw, "CONNECT 127.0.0.1:" + std::to_string(server_.port()) + " HTTP/1.1\r\n")) << tunnel.raw;
  EXPECT_FALSE(holds(tunnel.raw, kCanaryKey)) << tunnel.raw;
}

TEST_F(HostileInput, row66_whatAServerWritesIsEscapedInWhatAndRawThroughTheAccessor) {
  const std::string raw = "a\r\nb\x1b[31mc" + std::string(1, '\0') +
                          "d\xe2\x80\xae"
                          "e\x7f";
  FaultServer server(answerEach([](const SeenRequest&) {
    return httpAnswer(
        400, "{\"code\":1000,\"message\":\"a\\r\\nb\\u001b[31mc\\u0000d\\u202ee\\u007f\",\"errorId\":\"x\\ny\"}");
  }));
  const auto error = caught<BadRequestError>([&] { get(quickOptions(server.url())); });
  EXPECT_EQ(error.message(), raw);
  const std::string what = error.what();
  for (const std::string& bad : Texts{"\r", "\n", "\x1b", "\xe2\x80\xae", "\x7f"}) {
    EXPECT_FALSE(holds(what, bad)) << what;
  }
  EXPECT_TRUE(holds(what, "a")) << what;
  EXPECT_EQ(server.requestCount(), 1u);
}

TEST_F(HostileInput, row68_aServerThatEchoesTheKeyDoesNotMakeItShow) {
  FaultServer server(answerEach([](const SeenRequest& request) {
    const std::string key = headerOf(request, "Authorization");
    return httpAnswer(request.number == 0 ? 400 : 200,
                      request.number == 0 ? errorBody(1, key) : "{\"data\":\"" + key + "\"}");
  }));
  const auto log = std::make_shared<EventLog>();
  caught<BadRequestError>([&] { get(quickOptions(server.url(), log)); });
  caught<DecodeError>([&] { get(quickOptions(server.url(), log)); });
  EXPECT_EQ(log->calls().size(), 2u);
  for (const auto& event : log->finished()) EXPECT_FALSE(holds(event.failure, kCanaryKey));
}

TEST_F(HostileInput, row69_cookiesAlternativesAndStrictTransportAreForgotten) {
  FaultServer alternative(answerEach(detailsAnswer));
  FaultServer server(answerEach([&](const SeenRequest& request) {
    return httpAnswer(200, detailsBody(subAccountIdOf(request), umidOf(request)),
                      "Set-Cookie: id=1; Path=/\r\nStrict-Transport-Security: max-age=31536000\r\nAlt-Svc: h2=\":" +
                          std::to_string(alternative.port()) +
                          "\"; ma=3600, http/1.1=\":" + std::to_string(alternative.port()) + "\"\r\n");
  }));
  const TemporaryFolder home;
  const Variable homeVariable("HOME", home.path().string());
  const ChatAppsClient client(quickOptions(server.url("http", "localhost")));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).size(), 1u);
  ASSERT_EQ(server.requestCount(), 3u);
  for (const SeenRequest& request : server.requests()) EXPECT_EQ(headerOf(request, "Cookie"), "");
  EXPECT_EQ(alternative.connections(), 0u);
  EXPECT_TRUE(std::filesystem::is_empty(home.path()));
}

TEST_F(HostileInput, row70_aHeaderBombIsATransportErrorThatIsNotTriedAgain) {
  std::string lines;
  for (int i = 0; i < 10'000; ++i) lines += "X-" + std::to_string(i) + ": y\r\n";
  const std::string line = "X-Big: " + std::string(200 * 1024, 'x');
  for (const std::string& bomb : Texts{line + "\r\n", lines, line}) {
    FaultServer server([&](Connection& connection) {
      if (connection.readRequest()) connection.send("HTTP/1.1 200 OK\r\n" + bomb + "\r\n");
    });
    const auto error = caught<TransportError>([&] { get(quickOptions(server.url())); });
    EXPECT_FALSE(error.retryable());
    EXPECT_NE(std::string(error.what()).find("header"), std::string::npos) << error.what();
    EXPECT_EQ(server.requestCount(), 1u);
  }
}

std::size_t openDescriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

TEST_F(HostileInput, row70_tenThousandResetsLeaveNoDescriptorsBehind) {
  FaultServer server([](Connection& connection) {
    if (connection.readRequest()) connection.reset();
  });
  ClientOptions options = quickOptions(server.url());
  options.retry.maxAttempts = 1;
  const ChatAppsClient client(options);
  caught<TransportError>([&] { client.getMessageDetails(kSubAccount, kUmid); });
  const std::size_t before = openDescriptors();
  for (int i = 1; i < 10'000; ++i) caught<TransportError>([&] { client.getMessageDetails(kSubAccount, kUmid); });
  EXPECT_LE(openDescriptors(), before + 2);
  EXPECT_EQ(server.requestCount(), 10'000u);
}

}  // namespace
}  // namespace chatapps::support
