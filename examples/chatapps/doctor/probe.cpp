#include "doctor/probe.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <chatapps/version.hpp>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <memory>

#include "duration.hpp"

namespace chatapps::cli {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr long kTolerated = 2;  // seconds; Date has no fractions, and an answer travels
constexpr long kHarmful = 300;  // certificates and receipts are judged by a wrong clock

struct EasyDeleter {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;

/// What the callbacks of one request see.
struct Answer {
  const std::function<bool()>* interrupted = nullptr;
  std::string date;
};

std::size_t onHeader(char* line, std::size_t, std::size_t size, void* data) noexcept {
  const std::string text(line, size);
  auto& answer = *static_cast<Answer*>(data);
  if (size > 5 && curl_strnequal(text.c_str(), "date:", 5) != 0) answer.date = text.substr(5);
  return size;
}

std::size_t onBody(char*, std::size_t, std::size_t size, void*) noexcept { return size; }

int onProgress(void* data, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
  return (*static_cast<Answer*>(data)->interrupted)() ? 1 : 0;
}

/// The environment's proxies are never used for these, as in the library.
bool isLoopback(const std::string& server) {
  for (const char* host : {"://127.", "://localhost", "://[::1]"}) {
    if (server.find(host) != std::string::npos) return true;
  }
  return false;
}

void setUp(CURL* easy, const ClientOptions& options, const std::string& url, Answer& answer) {
  const auto timeout = std::min(options.timeout, options.connectTimeout);
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "chatapps-cpp/" CHATAPPS_VERSION " doctor");
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.tls.caFile.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);  // else the system's authorities stay trusted
    curl_easy_setopt(easy, CURLOPT_CAINFO, options.tls.caFile.c_str());
  }
  curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (options.proxy) {
    curl_easy_setopt(easy, CURLOPT_PROXY, options.proxy->c_str());
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
  } else if (isLoopback(url)) {
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
  }
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &onHeader);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, static_cast<void*>(&answer));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &onBody);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &onProgress);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, static_cast<void*>(&answer));
}

Finding unreachable(const std::string& server, CURLcode code, const char* said) {
  std::string text = server + ": " + (said[0] != '\0' ? said : curl_easy_strerror(code));
  // libcurl repeats a proxy's URL that it does not understand.
  if (text.find("Unsupported proxy") != std::string::npos)
    text = server + ": the proxy's URL has a scheme or a form that is not known";
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return problem("server", kTimeout, text, "Check the network, the firewall and the proxy.");
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
      return problem("server", kTls, text, "Check the base URL, this machine's clock, --ca-file, and the proxy.");
    default: return problem("server", kTransport, text, "Check the network, the proxy and the base URL.");
  }
}

std::string tookText(CURL* easy) {
  double total = 0;
  curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME, &total);
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(Seconds(total)).count()) + " ms";
}

}  // namespace

std::string serverOf(const ClientOptions& options) {
  if (!options.baseUrl.empty()) return options.baseUrl;
  switch (options.region) {
    case Region::NorthAmerica: return "https://chatapps.us.8x8.com";
    case Region::Europe: return "https://chatapps.8x8.uk";
    case Region::Indonesia: return "https://chatapps.8x8.id";
    case Region::AsiaPacific: break;
  }
  return "https://chatapps.8x8.com";
}

Finding clockFinding(long ahead) {
  const long apart = std::labs(ahead);
  if (apart <= kTolerated) return good("clock", "agrees with the server's");
  const std::string text =
      showDuration(std::chrono::seconds(apart)) + (ahead > 0 ? " ahead of the server's" : " behind the server's");
  const std::string advice = "Set this machine's clock, by NTP for example.";
  return apart < kHarmful ? note("clock", text, advice) : problem("clock", kTls, text, advice);
}

Findings probe(const ClientOptions& options, const std::function<bool()>& interrupted) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::string server = serverOf(options);
  Answer answer{&interrupted, {}};
  const Easy easy(curl_easy_init());
  if (!easy) return {problem("server", kTransport, "libcurl could not be started", "Free some memory.")};
  setUp(easy.get(), options, server, answer);
  char said[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, said);
  const CURLcode code = curl_easy_perform(easy.get());
  if (code == CURLE_ABORTED_BY_CALLBACK) return {};
  if (code != CURLE_OK) return {unreachable(server, code, said)};
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  Findings findings{
      good("server", server + " answers (HTTP " + std::to_string(status) + ", " + tookText(easy.get()) + ")")};
  const std::time_t date = answer.date.empty() ? -1 : curl_getdate(answer.date.c_str(), nullptr);
  if (date != -1) findings.push_back(clockFinding(static_cast<long>(std::time(nullptr) - date)));
  return findings;
}

}  // namespace chatapps::cli
