// Rows 10 to 16 of the fault matrix: certificates, versions and broken handshakes, against the real nginx.
#include <curl/curl.h>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#include <sys/mount.h>
#endif

#include <atomic>
#include <chrono>
#include <cstdarg>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "support/caught.hpp"
#include "support/event_log.hpp"
#include "support/fault_server.hpp"
#include "support/http_answer.hpp"
#include "support/in_child.hpp"
#include "support/nginx.hpp"
#include "support/openssl_server.hpp"
#include "support/process.hpp"
#include "support/quick_client.hpp"
#include "support/sandbox_server.hpp"
#include "support/sanitized.hpp"
#include "support/temporary_folder.hpp"

namespace {
std::atomic<int> notBuiltIn{0};
}

// Stands before libcurl's own: one that lacks an option, as some TLS libraries do.
#undef curl_easy_setopt
extern "C" CURLcode curl_easy_setopt(CURL* handle, CURLoption option, ...) {
  static auto* const real =
      reinterpret_cast<CURLcode (*)(CURL*, CURLoption, ...)>(::dlsym(RTLD_NEXT, "curl_easy_setopt"));
  if (option == notBuiltIn) return CURLE_NOT_BUILT_IN;
  va_list arguments;
  va_start(arguments, option);
  void* const value = va_arg(arguments, void*);
  va_end(arguments);
  return real(handle, option, value);
}

namespace chatapps::support {
namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

ClientOptions trusting(const std::string& url, std::shared_ptr<Observer> observer = nullptr) {
  ClientOptions options = quickOptions(url, std::move(observer));
  options.tls.caFile = certificates().file("ca.pem");
  return options;
}

/// nginx in front of a server that answers whatever it is asked.
class TlsFaults : public ::testing::Test {
 protected:
  FaultServer api_{answerEach(detailsAnswer)};
  Nginx nginx_{api_.url()};
  std::shared_ptr<EventLog> log_ = std::make_shared<EventLog>();

  /// One attempt, a TlsError, and nothing reached the API.
  TlsError refused(const ClientOptions& options) {
    auto error = caught<TlsError>([&] { get(options); });
    EXPECT_FALSE(error.retryable());
    EXPECT_EQ(log_->finished().size(), 1u) << "a TLS failure was tried again";
    EXPECT_EQ(api_.requestCount(), 0u);
    EXPECT_TRUE(holds(error.what(), "localhost")) << error.what();
    return error;
  }
};

TEST_F(TlsFaults, aVerifiedConnectionAnswersAndIsKept) {
  const ChatAppsClient client(trusting(nginx_.url("right"), log_));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.getMessageDetails(kSubAccount, kUmid).at(0).umid, kUmid);
  EXPECT_EQ(nginx_.requests("right", 5), 5u);
  EXPECT_EQ(headerOf(api_.requests().at(0), "Authorization"), std::string("Bearer ") + kCanaryKey);
}

TEST(RealCalls, theSandboxAnswersThroughNginxWithTls) {
  SandboxServer sandbox({"--rate", "0"});
  Nginx nginx(sandbox.baseUrl());
  ClientOptions options = trusting(nginx.url("right"));
  options.apiKey = "sandbox-key";
  const ChatAppsClient client(options);
  const MessageDetails details = client.getMessageDetails("sandbox", "a0000000-0000-4000-8000-000000000003");
  ASSERT_EQ(details.size(), 2u);
  EXPECT_EQ(details[1].status.state, State::Delivered);
  EXPECT_THROW(client.getMessageDetails("sandbox", kUmid), NotFoundError);
  EXPECT_EQ(nginx.requests("right", 2), 2u);
}

TEST_F(TlsFaults, bothAllowedVersionsAndHttp2Answer) {
  for (const char* port : {"tls12", "tls13", "http2"}) {
    SCOPED_TRACE(port);
    EXPECT_EQ(get(trusting(nginx_.url(port))).at(0).umid, kUmid);
    EXPECT_EQ(nginx_.requests(port, 1), 1u);
  }
}

TEST_F(TlsFaults, row10_anUnknownAuthorityIsRefused) {
  const TlsError error = refused(trusting(nginx_.url("unknown-ca"), log_));
  EXPECT_TRUE(holds(error.what(), "issuer")) << error.what();
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_EQ(nginx_.failedHandshakes("unknown-ca", 1), 1u);
}

TEST_F(TlsFaults, row10_aCertificateForAnotherHostIsRefused) {
  const TlsError error = refused(trusting(nginx_.url("wrong-host"), log_));
  EXPECT_TRUE(holds(error.what(), "subject name")) << error.what();
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  // The certificate is sound but for its name: without verification that very port answers.
  ClientOptions careless = trusting(nginx_.url("wrong-host"));
  careless.tls.verifyPeer = false;
  EXPECT_EQ(get(careless).at(0).umid, kUmid);
  EXPECT_EQ(nginx_.requests("wrong-host", 1), 1u);
}

TEST_F(TlsFaults, row10_anExpiredCertificateIsRefusedWithAHintAtTheClock) {
  const TlsError error = refused(trusting(nginx_.url("expired"), log_));
  EXPECT_TRUE(holds(error.what(), "expired")) << error.what();
  EXPECT_TRUE(holds(error.what(), "clock")) << error.what();
  EXPECT_EQ(nginx_.failedHandshakes("expired", 1), 1u);
}

TEST_F(TlsFaults, row10_aCertificateThatIsNotYetValidIsRefusedWithAHintAtTheClock) {
  const TlsError error = refused(trusting(nginx_.url("not-yet-valid"), log_));
  EXPECT_TRUE(holds(error.what(), "not yet valid")) << error.what();
  EXPECT_TRUE(holds(error.what(), "clock")) << error.what();
  EXPECT_EQ(nginx_.failedHandshakes("not-yet-valid", 1), 1u);
}

TEST_F(TlsFaults, row10_theSystemsAuthoritiesDoNotKnowTheTestAuthority) {
  refused(quickOptions(nginx_.url("right"), log_));
  EXPECT_EQ(nginx_.failedHandshakes("right", 1), 1u);
}

TEST_F(TlsFaults, row11_aServerThatOffersTls11AtMostIsRefused) {
  refused(trusting(nginx_.url("tls11"), log_));
  EXPECT_EQ(nginx_.failedHandshakes("tls11", 1), 1u);
  // That port does work for a client which is asked to go as low.
  const Finished oldClient =
      run({{"openssl", "s_client", "-connect", nginx_.url("tls11").substr(8), "-tls1_1", "-cipher",
            "DEFAULT:@SECLEVEL=0", "-CAfile", certificates().file("ca.pem"), "-verify_return_error"},
           {}});
  EXPECT_EQ(oldClient.exitCode, 0) << oldClient.err;
  EXPECT_TRUE(holds(oldClient.out, "TLSv1.1")) << oldClient.out;
}

TEST_F(TlsFaults, row11_theFloorCanBeTls13) {
  ClientOptions options = trusting(nginx_.url("tls12"), log_);
  options.tls.minVersion = TlsVersion::Tls13;
  refused(options);
  EXPECT_EQ(nginx_.failedHandshakes("tls12", 1), 1u);
  options.baseUrl = nginx_.url("tls13");
  EXPECT_EQ(get(options).at(0).umid, kUmid);
}

TEST(Faults, row12_http426AsksForTls13AndIsNotTriedAgain) {
  FaultServer server(answerEach([](const SeenRequest&) {
    return httpAnswer(426, errorBody(1014, "Insecure protocol"), "Upgrade: TLS/1.3\r\n");
  }));
  const auto error = caught<UpgradeRequiredError>([&] { get(quickOptions(server.url())); });
  EXPECT_EQ(error.code(), 1014);
  EXPECT_TRUE(holds(error.what(), "TLS 1.3")) << error.what();
  EXPECT_EQ(server.requestCount(), 1u);
}

class BrokenHandshake : public ::testing::TestWithParam<const char*> {};

TEST_P(BrokenHandshake, row13_isANetworkFailureThatIsTriedAgain) {
  const bool reset = std::string(GetParam()) == "reset";
  FaultServer server([reset](Connection& connection) {
    if (!connection.readSome().empty() && reset) connection.reset();
  });
  const auto error = caught<TransportError>([&] { get(trusting(server.url("https", "localhost"))); });
  EXPECT_EQ(error.delivery(), Delivery::NotSent);
  EXPECT_TRUE(error.retryable());
  EXPECT_EQ(server.connections(), 4u);
  EXPECT_GT(server.bytesReceived(), 4 * 100u) << "four ClientHellos are longer than that";
}

INSTANTIATE_TEST_SUITE_P(Faults, BrokenHandshake, ::testing::Values("reset", "closed"),
                         [](const auto& test) { return std::string(test.param); });

TEST(Faults, row14_aMissingClientCertificateUnderTls13IsATlsFailure) {
  OpensslServer server;
  const auto log = std::make_shared<EventLog>();
  const auto error = caught<TlsError>([&] { get(trusting(server.url(), log)); });
  EXPECT_FALSE(error.retryable());
  EXPECT_TRUE(server.hasRefusedAClient());
  EXPECT_EQ(log->finished().size(), 1u);
}

TEST_F(TlsFaults, row14_aClientCertificateOpensThePortThatAsksForOne) {
  ClientOptions options = trusting(nginx_.url("client-certificate"));
  EXPECT_EQ(caught<BadRequestError>([&] { get(options); }).contentType(), "text/html");
  options.tls.certFile = certificates().file("client.pem");
  options.tls.keyFile = certificates().file("client.key");
  EXPECT_EQ(get(options).at(0).umid, kUmid);
}

TEST_F(TlsFaults, row14_aKeyThatIsEncryptedIsAFailureAndNoQuestionToTheTerminal) {
  const TemporaryFolder folder;
  const std::string key = folder.file("encrypted.key");
  ASSERT_EQ(std::system(("openssl ec -aes256 -passout pass:secret -in " + certificates().file("client.key") + " -out " +
                         key + " 2>/dev/null")
                            .c_str()),
            0);
  ClientOptions options = trusting(nginx_.url("client-certificate"));
  options.tls.certFile = certificates().file("client.pem");
  options.tls.keyFile = key;
  // Where there is no terminal, OpenSSL would ask standard input: one that says nothing for a while.
  int input[2];
  ASSERT_EQ(::pipe(input), 0);
  const int before = ::dup(0);
  ::dup2(input[0], 0);
  std::promise<void> ended;
  std::thread closer([&, isOver = ended.get_future()] {
    isOver.wait_for(std::chrono::seconds(6));
    ::close(input[1]);
  });
  const auto began = std::chrono::steady_clock::now();
  EXPECT_FALSE(caught<TlsError>([&] { get(options); }).retryable());
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
  ended.set_value();
  closer.join();
  ::dup2(before, 0);
  for (const int end : {before, input[0]}) ::close(end);
}

TEST_F(TlsFaults, row15_aMissingOrUnusableAuthorityFileIsNeverUnverifiedInstead) {
  ClientOptions options = trusting(nginx_.url("right"), log_);
  const TemporaryFolder folder;
  std::ofstream(folder.file("empty.pem"));
  for (const std::string& file : {folder.file("missing.pem"), folder.path().string(), folder.file("empty.pem")}) {
    options.tls.caFile = file;
    EXPECT_EQ(caught<InvalidArgumentError>([&] { ChatAppsClient client(options); }).argument(), "tls.caFile") << file;
  }
  std::ofstream(folder.file("junk.pem")) << "-----BEGIN CERTIFICATE-----\nanVuaw==\n-----END CERTIFICATE-----\n";
  options.tls.caFile = folder.file("junk.pem");
  refused(options);
}

#ifdef __linux__
/// Whether the mounts of this process are its own from now on. Not in a chroot, whose root is no mount.
bool leaveMountsOfOthersAlone() {
  return ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", "none", MS_REC | MS_PRIVATE, nullptr) == 0;
}

/// A child of this process, whose system trusts the authorities in `folder` alone.
bool whereTheSystemTrusts(const std::string& folder, const std::function<bool()>& holds) {
  return inChild([&] {
    const char* const place = curl_version_info(CURLVERSION_NOW)->capath;
    return leaveMountsOfOthersAlone() && ::mount(folder.c_str(), place, "none", MS_BIND, nullptr) == 0 && holds();
  });
}

TEST_F(TlsFaults, row15_ownAuthoritiesReplaceTheSystems) {
  if (!curl_version_info(CURLVERSION_NOW)->capath || kSanitized || !inChild(leaveMountsOfOthersAlone))
    GTEST_SKIP()
        << "needs mounts of its own, a libcurl that knows where the system's authorities are, and no sanitizer";
  const auto rehashed = [](const TemporaryFolder& folder, const char* authority) {
    std::filesystem::copy(certificates().file(authority), folder.path());
    EXPECT_EQ(run({{"openssl", "rehash", folder.path().string()}, {}}).exitCode, 0);
    return folder.path().string();
  };
  const TemporaryFolder ofSystem, own;
  const std::string trusted = rehashed(ofSystem, "ca.pem"), stranger = rehashed(own, "stranger.pem");
  if (const char* const bundle = curl_version_info(CURLVERSION_NOW)->cainfo) {
    std::filesystem::copy(certificates().file("ca.pem"), ofSystem.path() / std::filesystem::path(bundle).filename());
  }
  const auto answers = [&](const TlsOptions& tls) {
    ClientOptions options = quickOptions(nginx_.url("right"));
    options.tls = tls;
    try {
      return get(options).size() == 1;
    } catch (const TlsError&) {
      return false;
    }
  };
  TlsOptions byFile, byFolder;
  byFile.caFile = certificates().file("stranger.pem");
  byFolder.caPath = stranger;
  EXPECT_TRUE(whereTheSystemTrusts(trusted, [&] { return answers({}); }));
  EXPECT_TRUE(whereTheSystemTrusts(trusted, [&] { return !answers(byFile); }));
  EXPECT_TRUE(whereTheSystemTrusts(trusted, [&] { return !answers(byFolder); }));
  byFolder.caPath = trusted;
  EXPECT_TRUE(answers(byFolder));
}
#endif

TEST_F(TlsFaults, row15_aMissingFolderOfAuthoritiesIsNoFolderOfNone) {
  ClientOptions options = trusting(nginx_.url("right"));
  for (const std::string& path : {std::string("/missing/folder"), certificates().file("ca.pem")}) {
    options.tls.caPath = path;
    EXPECT_EQ(caught<InvalidArgumentError>([&] { ChatAppsClient client(options); }).argument(), "tls.caPath") << path;
  }
}

TEST_F(TlsFaults, row15_whatLibcurlCanNotCheckIsNotLeftUnchecked) {
  ClientOptions options = trusting(nginx_.url("right"));
  options.tls.pinnedPublicKey = "sha256//" + std::string(43, 'A') + "=";
  notBuiltIn = CURLOPT_PINNEDPUBLICKEY;
  EXPECT_EQ(caught<InvalidArgumentError>([&] { get(options); }).argument(), "tls.pinnedPublicKey");
  notBuiltIn = CURLOPT_SSLVERSION;
  EXPECT_EQ(caught<InvalidArgumentError>([&] { get(options); }).argument(), "tls.minVersion");
  notBuiltIn = 0;
  EXPECT_EQ(api_.requestCount(), 0u);
}

TEST_F(TlsFaults, row15_aPinThatDoesNotMatchIsRefusedAndTheRightOneAnswers) {
  const Finished pin = run({{"sh", "-c",
                             "openssl x509 -in \"$0\" -noout -pubkey | openssl pkey -pubin -outform der | "
                             "openssl dgst -sha256 -binary | openssl base64 -A",
                             certificates().file("right.pem")},
                            {}});
  ASSERT_EQ(pin.exitCode, 0) << pin.err;
  ClientOptions options = trusting(nginx_.url("right"), log_);
  options.tls.pinnedPublicKey = "sha256//" + std::string(43, 'A') + "=";
  refused(options);
  options.tls.pinnedPublicKey = "sha256//" + pin.out;
  EXPECT_EQ(get(options).at(0).umid, kUmid);
}

TEST_F(TlsFaults, row16_aCarelessClientsConnectionServesNoCarefulClient) {
  ClientOptions careless = trusting(nginx_.url("unknown-ca"));
  careless.tls.verifyPeer = false;
  const ChatAppsClient first(careless);
  EXPECT_EQ(first.getMessageDetails(kSubAccount, kUmid).at(0).umid, kUmid);

  const ChatAppsClient second(trusting(nginx_.url("unknown-ca"), log_));
  caught<TlsError>([&] { second.getMessageDetails(kSubAccount, kUmid); });
  EXPECT_EQ(first.getMessageDetails(kSubAccount, kUmid).at(0).umid, kUmid);
  EXPECT_EQ(api_.requestCount(), 2u);
}

}  // namespace
}  // namespace chatapps::support
