#include "http/failure.hpp"

#include <string_view>
#include <system_error>

namespace chatapps::http {
namespace {

using Kind = TransportFailure::Kind;
using Retry = TransportFailure::Retry;

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// What libcurl 8.6 and newer call CURLE_TOO_LARGE: headers beyond its own limits, which it checks before ours.
constexpr int kTooLarge = 100;

// The same user and password would be refused again, and many tries may lock the account.
bool isRefusedByProxy(const std::string& text) { return contains(text, "CONNECT") && contains(text, " 407"); }

// libcurl keeps the error number of an earlier transfer, and of what it tried after the failure, until another one takes its
// place: that of a read or write counts where the text says the same.
int osErrorOf(CURLcode code, const std::string& text, int last) {
  const bool isOfSocket = code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR;
  const bool isItsOwn =
      code == CURLE_COULDNT_CONNECT || (isOfSocket && contains(text, std::generic_category().message(last)));
  return isItsOwn ? last : 0;
}

// libcurl reports a network that breaks in mid-handshake with the same code as a refused TLS version.
bool isBrokenHandshake(const std::string& text) {
  if (contains(text, " alert ")) return false;
  return contains(text, "SSL_ERROR_SYSCALL") || contains(text, "reset by peer") || contains(text, "unexpected eof") ||
         contains(text, "Connection closed") || contains(text, "non-properly terminated");
}

struct Meaning {
  Kind kind;
  Retry retry;
};

Meaning meaningOf(CURLcode code, const std::string& text) {
  if (static_cast<int>(code) == kTooLarge || contains(text, "Unsupported proxy") || isRefusedByProxy(text))
    return {Kind::Network, Retry::Never};
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return {Kind::Timeout, Retry::Always};
    case CURLE_SSL_CONNECT_ERROR:
      return isBrokenHandshake(text) ? Meaning{Kind::Network, Retry::Always} : Meaning{Kind::Tls, Retry::Never};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_USE_SSL_FAILED: return {Kind::Tls, Retry::Never};
    case CURLE_RECV_ERROR:
      // Under TLS 1.3 the server's wish for a client certificate arrives as an alert after the handshake.
      if (contains(text, "alert")) return {Kind::Tls, Retry::Never};
      return {Kind::Network,
              contains(text, "chunk") || contains(text, "Too large response headers") ? Retry::Never : Retry::Always};
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
      // A length that libcurl itself refuses is no worse than those that the head of the answer refuses.
      return {Kind::Network, contains(text, "Content-Length") ? Retry::Once : Retry::Never};
    case CURLE_BAD_FUNCTION_ARGUMENT: return {Kind::Network, Retry::Never};
    case CURLE_BAD_CONTENT_ENCODING: return {Kind::BadEncoding, Retry::Never};
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT: return {Kind::LibraryFault, Retry::Never};
    default: return {Kind::Network, Retry::Always};
  }
}

// libcurl repeats a proxy's URL that it does not understand, in quotes; a password may hold any character.
std::string withoutCredentials(std::string text) {
  const std::size_t at = text.rfind('@');
  const std::size_t quote = text.find('\'');
  if (at == std::string::npos || quote > at) return text;
  const std::size_t scheme = text.find("://", quote);
  const std::size_t begin = scheme < at ? scheme + 3 : quote + 1;
  text.replace(begin, at - begin, "***");
  return text;
}

const char* hintOf(CURLcode code, Kind kind, bool sent, const std::string& text) {
  // libcurl says so of a line that is longer than it keeps, too.
  if (code == CURLE_OUT_OF_MEMORY && sent) return ", or a header line of more than 100 KB";
  if (kind != Kind::Tls) return "";
  if (contains(text, "expired") || contains(text, "not yet valid"))
    return "; check the certificate's dates and this machine's clock";
  return "";
}

}  // namespace

TransportFailure failureOf(CURLcode code, const std::string& text, const std::string& host, bool sent,
                           int lastOsError) {
  const Meaning meaning = meaningOf(code, text);
  const int osError = osErrorOf(code, text, lastOsError);
  TransportFailure failure;
  failure.kind = meaning.kind;
  failure.retry = meaning.retry;
  failure.delivery = sent ? Delivery::MaybeSent : Delivery::NotSent;
  failure.osError = osError;
  failure.reason = host + ": " + (text.empty() ? std::string(curl_easy_strerror(code)) : withoutCredentials(text)) +
                   hintOf(code, meaning.kind, sent, text);
  if (osError != 0) failure.reason += " (errno " + std::to_string(osError) + ")";
  return failure;
}

}  // namespace chatapps::http
