#include "http/failure.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <utility>

namespace chatapps::http {
namespace {

using Kind = TransportFailure::Kind;
using Retry = TransportFailure::Retry;

TransportFailure failure(CURLcode code, const std::string& text = "what curl says", bool sent = false,
                         int osError = 0) {
  return failureOf(code, text, "chatapps.8x8.com", sent, osError);
}

TEST(Failure, saysWhereAndWhatWithTheSystemsErrorNumber) {
  const TransportFailure refused = failure(CURLE_COULDNT_CONNECT, "Failed to connect", false, ECONNREFUSED);
  EXPECT_EQ(refused.kind, Kind::Network);
  EXPECT_EQ(refused.retry, Retry::Always);
  EXPECT_EQ(refused.delivery, Delivery::NotSent);
  EXPECT_EQ(refused.osError, ECONNREFUSED);
  EXPECT_EQ(refused.reason, "chatapps.8x8.com: Failed to connect (errno " + std::to_string(ECONNREFUSED) + ")");
}

TEST(Failure, withoutCurlsTextItsCodeSpeaks) {
  EXPECT_EQ(failure(CURLE_COULDNT_RESOLVE_HOST, "").reason,
            std::string("chatapps.8x8.com: ") + curl_easy_strerror(CURLE_COULDNT_RESOLVE_HOST));
}

TEST(Failure, afterTheRequestBeganToLeaveItMayHaveArrived) {
  EXPECT_EQ(failure(CURLE_RECV_ERROR, "Recv failure", true).delivery, Delivery::MaybeSent);
  EXPECT_EQ(failure(CURLE_OPERATION_TIMEDOUT, "", false).delivery, Delivery::NotSent);
}

TEST(Failure, aTimeoutIsATimeout) {
  EXPECT_EQ(failure(CURLE_OPERATION_TIMEDOUT).kind, Kind::Timeout);
  EXPECT_EQ(failure(CURLE_OPERATION_TIMEDOUT).retry, Retry::Always);
}

TEST(Failure, theNetworkIsTriedAgain) {
  for (const CURLcode code : {CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
                              CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2,
                              CURLE_HTTP2_STREAM, CURLE_ABORTED_BY_CALLBACK}) {
    EXPECT_EQ(failure(code, "x", true).kind, Kind::Network) << code;
    EXPECT_EQ(failure(code, "x", true).retry, Retry::Always) << code;
  }
}

TEST(Failure, headersBeyondLibcurlsOwnLimitsAreNeverTriedAgain) {
  for (const auto& bomb : {failure(static_cast<CURLcode>(100), "Too large response headers: 307200 > 307200", true),
                           failure(CURLE_RECV_ERROR, "Too large response headers: 307200 > 307200", true)}) {
    EXPECT_EQ(bomb.kind, Kind::Network);
    EXPECT_EQ(bomb.retry, Retry::Never);
  }
}

TEST(Failure, row68_aProxysPasswordIsNotRepeatedAndItsUrlNotTriedAgain) {
  const std::pair<const char*, const char*> texts[] = {
      {"Unsupported proxy syntax in 'http://u:se/cr@t@127.0.0.1:1': Port number was not a decimal number",
       "Unsupported proxy syntax in 'http://***@127.0.0.1:1': Port number was not a decimal number"},
      {"Unsupported proxy syntax in 'u:secret@127.0.0.1:99999'", "Unsupported proxy syntax in '***@127.0.0.1:99999'"},
      {"Unsupported proxy scheme for '://u:secret@h'", "Unsupported proxy scheme for '://***@h'"}};
  for (const auto& [said, shown] : texts) {
    const TransportFailure proxy = failure(CURLE_COULDNT_RESOLVE_PROXY, said);
    EXPECT_EQ(proxy.reason, std::string("chatapps.8x8.com: ") + shown);
    EXPECT_EQ(proxy.retry, Retry::Never);
  }
  EXPECT_EQ(failure(CURLE_COULDNT_CONNECT, "no quotes: a@b").reason, "chatapps.8x8.com: no quotes: a@b");
}

TEST(Failure, anAlertInTheHandshakeIsARefusalWhateverErrorNumberIsLeft) {
  const auto refused =
      failure(CURLE_SSL_CONNECT_ERROR, "TLS connect error: error:0A00042E:SSL routines::tlsv1 alert protocol version",
              false, 11);
  EXPECT_EQ(refused.kind, Kind::Tls);
  EXPECT_EQ(refused.retry, Retry::Never);
  EXPECT_EQ(failure(CURLE_SSL_CONNECT_ERROR, "Connection reset by peer", false, ECONNRESET).kind, Kind::Network);
}

TEST(Failure, certificatesAndVersionsAreNeverTriedAgain) {
  for (const CURLcode code : {CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM,
                              CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
                              CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED}) {
    EXPECT_EQ(failure(code).kind, Kind::Tls) << code;
    EXPECT_EQ(failure(code).retry, Retry::Never) << code;
  }
}

TEST(Failure, aCertificatesDatesHintAtTheClock) {
  const std::string expired =
      failure(CURLE_PEER_FAILED_VERIFICATION, "SSL certificate problem: certificate has expired").reason;
  EXPECT_NE(expired.find("this machine's clock"), std::string::npos) << expired;
  const std::string early = failure(CURLE_PEER_FAILED_VERIFICATION, "certificate is not yet valid").reason;
  EXPECT_NE(early.find("this machine's clock"), std::string::npos) << early;
  const std::string unknown = failure(CURLE_PEER_FAILED_VERIFICATION, "unable to get local issuer certificate").reason;
  EXPECT_EQ(unknown.find("clock"), std::string::npos) << unknown;
}

TEST(Failure, aNetworkThatBreaksInMidHandshakeIsNoMatterOfTls) {
  EXPECT_EQ(
      failure(CURLE_SSL_CONNECT_ERROR, "OpenSSL SSL_connect: Connection reset by peer in connection to h:443").kind,
      Kind::Network);
  EXPECT_EQ(failure(CURLE_SSL_CONNECT_ERROR, "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to h:443").kind,
            Kind::Network);
  EXPECT_EQ(failure(CURLE_SSL_CONNECT_ERROR, "alert protocol version").kind, Kind::Tls);
}

TEST(Failure, aProxyThatRefusesTheUserIsNotAskedAgain) {
  for (const CURLcode code : {CURLE_COULDNT_CONNECT, CURLE_RECV_ERROR}) {
    EXPECT_EQ(failure(code, "CONNECT tunnel failed, response 407").retry, Retry::Never);
    EXPECT_EQ(failure(code, "Received HTTP code 407 from proxy after CONNECT").retry, Retry::Never) << "libcurl 7.81";
    EXPECT_EQ(failure(code, "CONNECT tunnel failed, response 502").retry, Retry::Always);
  }
}

TEST(Failure, theErrorNumberOfAnEarlierTransferSaysNothing) {
  const TransportFailure refused = failure(CURLE_SSL_CONNECT_ERROR, "wrong version number", false, ECONNREFUSED);
  EXPECT_EQ(refused.kind, Kind::Tls);
  EXPECT_EQ(refused.osError, 0);
  EXPECT_EQ(refused.reason.find("errno"), std::string::npos) << refused.reason;
  EXPECT_EQ(failure(CURLE_GOT_NOTHING, "Empty reply", true, ECONNREFUSED).osError, 0);
  const char* const reset = "Recv failure: Connection reset by peer";
  EXPECT_EQ(failure(CURLE_RECV_ERROR, reset, true, ECONNRESET).osError, ECONNRESET);
  EXPECT_EQ(failure(CURLE_RECV_ERROR, reset, true, EPIPE).osError, 0) << "that was TLS's good-bye";
  EXPECT_EQ(failure(CURLE_RECV_ERROR, "Illegal chunked-encoding", true, ECONNREFUSED).osError, 0);
}

TEST(Failure, anAlertAfterTheHandshakeIsAWishForACertificate) {
  const TransportFailure alert = failure(
      CURLE_RECV_ERROR, "OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required", true);
  EXPECT_EQ(alert.kind, Kind::Tls);
  EXPECT_EQ(alert.retry, Retry::Never);
}

TEST(Failure, anAnswerThatIsNoHttpIsNeverTriedAgain) {
  for (const CURLcode code : {CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY}) {
    EXPECT_EQ(failure(code).kind, Kind::Network) << code;
    EXPECT_EQ(failure(code).retry, Retry::Never) << code;
  }
  EXPECT_EQ(failure(CURLE_RECV_ERROR, "Illegal or missing hexadecimal sequence in chunked-encoding", true).retry,
            Retry::Never);
  EXPECT_EQ(failure(CURLE_BAD_CONTENT_ENCODING).kind, Kind::BadEncoding);
}

TEST(Failure, lackOfMemoryIsTheLibrarysOwnFault) {
  EXPECT_EQ(failure(CURLE_OUT_OF_MEMORY).kind, Kind::LibraryFault);
  EXPECT_EQ(failure(CURLE_FAILED_INIT).kind, Kind::LibraryFault);
}

}  // namespace
}  // namespace chatapps::http
