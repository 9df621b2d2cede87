#include "http/exchange.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <new>
#include <utility>

#include "chatapps/errors.hpp"
#include "http/body_limit.hpp"
#include "http/failure.hpp"

namespace chatapps::http {
namespace {

constexpr long kBufferBytes = 4096;               // room for most answers; libcurl takes it anew for each transfer
constexpr long kConnectionLifetimeSeconds = 600;  // a certificate that was rotated is seen within ten minutes

// What libcurl does not do it must not do silently: without a pin, another server would be trusted.
void check(CURLcode code, const char* name) {
  if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (code != CURLE_OK) throw InvalidArgumentError(name, "asks for what this libcurl or its TLS library can not do");
}

}  // namespace

Exchange::Exchange(const WireOptions& options, KeptSockets& sockets, std::vector<Transfer*>& sent)
    : options_(options), sockets_(sockets), sent_(sent), baseUrl_(curl_url()), easy_(curl_easy_init()) {
  if (!baseUrl_ || !easy_) throw std::bad_alloc();
  setUp();
}

void Exchange::setString(CURLoption option, const char* value, const char* name) {
  check(curl_easy_setopt(easy_.get(), option, value), name);
}

void Exchange::setLong(CURLoption option, long value, const char* name) {
  check(curl_easy_setopt(easy_.get(), option, value), name);
}

template <class Pointer>
void Exchange::setPointer(CURLoption option, Pointer value) {
  check(curl_easy_setopt(easy_.get(), option, value), kLibcurl);
}

void Exchange::setUp() {
  setPointer(CURLOPT_PRIVATE, static_cast<void*>(this));
  setPointer(CURLOPT_ERRORBUFFER, errorText_.data());
  setLong(CURLOPT_BUFFERSIZE, kBufferBytes);
  setLong(CURLOPT_NOSIGNAL, 1);       // signals belong to the program
  setLong(CURLOPT_CONNECTTIMEOUT_MS,  // older ones take no more than an int holds
          static_cast<long>(std::min<std::int64_t>(options_.connectTimeout.count(), std::numeric_limits<int>::max())));
#if LIBCURL_VERSION_NUM >= 0x075700
  setLong(CURLOPT_QUICK_EXIT, 1);  // a name server that never answers must not hold up the end of a transfer
#endif
  setLong(CURLOPT_FOLLOWLOCATION, 0);
  setLong(CURLOPT_HTTP09_ALLOWED, 0);
  setLong(CURLOPT_MAXLIFETIME_CONN, kConnectionLifetimeSeconds);
  setLong(CURLOPT_NETRC, CURL_NETRC_IGNORED);
#if LIBCURL_VERSION_NUM >= 0x075500
  setString(CURLOPT_PROTOCOLS_STR, options_.loopback ? "http,https" : "https");
#else
  setLong(CURLOPT_PROTOCOLS, options_.loopback ? CURLPROTO_HTTP | CURLPROTO_HTTPS : CURLPROTO_HTTPS);
#endif
  // libcurl sends a GET again by itself when a kept connection turns out dead. This callback runs before each send.
  setPointer(CURLOPT_PREREQFUNCTION, &Exchange::onSend);
  setPointer(CURLOPT_PREREQDATA, static_cast<void*>(this));
  setPointer(CURLOPT_HEADERFUNCTION, &Exchange::onHeader);
  setPointer(CURLOPT_HEADERDATA, static_cast<void*>(this));
  setPointer(CURLOPT_WRITEFUNCTION, &Exchange::onBody);
  setPointer(CURLOPT_WRITEDATA, static_cast<void*>(this));
  setPointer(CURLOPT_SOCKOPTFUNCTION, &KeptSockets::opened);
  setPointer(CURLOPT_SOCKOPTDATA, static_cast<void*>(&sockets_));
  setPointer(CURLOPT_CLOSESOCKETFUNCTION, &KeptSockets::close);
  setPointer(CURLOPT_CLOSESOCKETDATA, static_cast<void*>(&sockets_));
  setUpUrl();
  setUpTls();
  setUpProxy();
}

// libcurl takes a URL apart and puts it together again for each transfer, one character after the other. What is the same for
// all is taken apart once here; `prepare` sets the path beside it, which libcurl sends as it is.
void Exchange::setUpUrl() {
  const CURLUcode code = curl_url_set(baseUrl_.get(), CURLUPART_URL, options_.baseUrl.c_str(), 0);
  if (code == CURLUE_OUT_OF_MEMORY) throw std::bad_alloc();
  check(code == CURLUE_OK ? CURLE_OK : CURLE_URL_MALFORMAT, "baseUrl");
  setPointer(CURLOPT_CURLU, baseUrl_.get());
}

void Exchange::setUpTls() {
  const TlsOptions& tls = options_.tls;
  setLong(CURLOPT_SSLVERSION, tls.minVersion == TlsVersion::Tls13 ? CURL_SSLVERSION_TLSv1_3 : CURL_SSLVERSION_TLSv1_2,
          "tls.minVersion");
  setLong(CURLOPT_SSL_VERIFYPEER, tls.verifyPeer ? 1 : 0);
  setLong(CURLOPT_SSL_VERIFYHOST, tls.verifyPeer ? 2 : 0);
  if (!tls.caFile.empty() || !tls.caPath.empty()) {
    // Either one alone would leave the system's authorities trusted through the other.
    curl_easy_setopt(easy_.get(), CURLOPT_CAINFO, nullptr);
    curl_easy_setopt(easy_.get(), CURLOPT_CAPATH, nullptr);
  }
  if (!tls.caFile.empty()) setString(CURLOPT_CAINFO, tls.caFile.c_str(), "tls.caFile");
  if (!tls.caPath.empty()) setString(CURLOPT_CAPATH, tls.caPath.c_str(), "tls.caPath");
  if (!tls.pinnedPublicKey.empty()) {
    setString(CURLOPT_PINNEDPUBLICKEY, tls.pinnedPublicKey.c_str(), "tls.pinnedPublicKey");
  }
  if (!tls.certFile.empty()) {
    setString(CURLOPT_SSLCERT, tls.certFile.c_str(), "tls.certFile");
    setString(CURLOPT_SSLKEY, (tls.keyFile.empty() ? tls.certFile : tls.keyFile).c_str(), "tls.keyFile");
    setString(CURLOPT_KEYPASSWD, "", "tls.keyFile");  // else OpenSSL asks the terminal for it, and all calls wait
  }
}

void Exchange::setUpProxy() {
  setLong(CURLOPT_HTTPPROXYTUNNEL, 1);  // a proxy never sees the key, but for plain http, where it is on this machine
  setLong(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1);
  if (options_.proxy) {
    setString(CURLOPT_PROXY, options_.proxy->c_str(), "proxy");
    setString(CURLOPT_NOPROXY, "");
  } else if (options_.loopback) {
    setString(CURLOPT_PROXY, "");
  }
}

Exchange::HeaderList Exchange::makeList(const Headers& headers) {
  HeaderList list;
  std::string line;
  for (const auto& [name, value] : headers) {
    // libcurl takes `Name:` and blanks for "leave that header out"; `Name;` is how it sends one without a value.
    const bool isBlank = std::string_view(value).find_first_not_of(" \t") == std::string_view::npos;
    line.assign(name).append(isBlank ? ";" : ": ").append(isBlank ? std::string_view() : value);
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (!longer) throw std::bad_alloc();
    (void)list.release();
    list.reset(longer);
  }
  return list;
}

void Exchange::prepare(Transfer& transfer, Reuse reuse) {
  metStale_ = false;
  sends_ = 0;
  head_.reset();
  body_.clear();
  cutOff_ = false;
  failure_.reset();
  errorText_[0] = '\0';
  setString(CURLOPT_REQUEST_TARGET, transfer.request.url.c_str() + options_.baseUrl.size());
  if (headers_ != transfer.request.headers) {
    HeaderList list = makeList(*transfer.request.headers);
    setPointer(CURLOPT_HTTPHEADER, list.get());
    headerList_ = std::move(list);
    headers_ = transfer.request.headers;
  }
  setLong(CURLOPT_FRESH_CONNECT, reuse.none ? 1 : 0);
  setLong(CURLOPT_MAXAGE_CONN, reuse.idleAtMost);
  setLong(CURLOPT_FORBID_REUSE, 0);
  transfer_ = &transfer;
}

void Exchange::dropConnection() noexcept { curl_easy_setopt(easy_.get(), CURLOPT_FORBID_REUSE, 1L); }

void Exchange::forget() noexcept {
  transfer_ = nullptr;
  sockets_.release(std::exchange(localPort_, 0));
}

int Exchange::onSend(void* self, char*, char*, int, int localPort) noexcept {
  auto& exchange = *static_cast<Exchange*>(self);
  // What a server says before it is asked would be taken for the answer. On a new connection TLS may have spoken already.
  if (exchange.sends_ == 0 && !exchange.isOnNewConnection() && !exchange.sockets_.take(localPort)) {
    exchange.metStale_ = true;
    return CURL_PREREQFUNC_ABORT;
  }
  if (++exchange.sends_ > 1) return CURL_PREREQFUNC_ABORT;
  exchange.localPort_ = localPort;
  exchange.transfer_->sentAt = exchange.options_.clock->now();
  exchange.sent_.push_back(exchange.transfer_);
  return CURL_PREREQFUNC_OK;
}

std::size_t Exchange::onHeader(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto& exchange = *static_cast<Exchange*>(self);
  const std::size_t bytes = size * count;
  try {
    if (exchange.head_.status() == 0) exchange.rememberSocket({data, bytes});
    exchange.failure_ = exchange.head_.add({data, bytes}, exchange.options_.maxBodyBytes);
    if (!exchange.failure_) return bytes;
  } catch (const std::bad_alloc&) {
    exchange.ranOutOfMemory();
  }
  return 0;
}

std::size_t Exchange::onBody(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto& exchange = *static_cast<Exchange*>(self);
  const std::size_t bytes = size * count;
  try {
    return exchange.takeBody({data, bytes}) ? bytes : 0;
  } catch (const std::bad_alloc&) {
    exchange.ranOutOfMemory();
  }
  return 0;
}

bool Exchange::isOnNewConnection() const noexcept {
  long connectsMade = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_NUM_CONNECTS, &connectsMade);
  return connectsMade > 0;
}

// At the first line: libcurl may end this transfer and send the next request over its connection before it returns. One of
// HTTP/2 may speak unasked, and what it says is never taken for the answer to another request.
void Exchange::rememberSocket(std::string_view line) {
  if (line.substr(0, 7) == "HTTP/1." && isOnNewConnection()) sockets_.remember(localPort_);
}

void Exchange::ranOutOfMemory() noexcept {
  failure_.emplace();
  failure_->kind = TransportFailure::Kind::LibraryFault;
  failure_->delivery = Delivery::MaybeSent;
}

bool Exchange::takeBody(std::string_view bytes) {
  const std::size_t most = options_.maxBodyBytes;
  if (bytes.size() <= most - body_.size()) {
    if (body_.empty())
      body_.reserve(
          std::max<std::size_t>(bytes.size(), std::min<std::uint64_t>(head_.contentLength().value_or(0), most)));
    body_ += bytes;
    return true;
  }
  if (!head_.isSuccess()) {
    body_ += bytes.substr(0, most - body_.size());
    cutOff_ = true;
    return false;
  }
  failure_ = tooLarge(most, head_.status());
  return false;
}

std::string Exchange::host() const { return options_.baseUrl.substr(options_.baseUrl.find("://") + 3); }

// libcurl calls an answer whole that ends within its headers, and one that begins as HTTP's first version did not.
TransportFailure Exchange::cutHead() const {
  TransportFailure failure;
  failure.delivery = Delivery::MaybeSent;
  const bool isHttp = head_.status() != 0;
  failure.retry = isHttp ? TransportFailure::Retry::Always : TransportFailure::Retry::Never;
  failure.reason = host() + (isHttp ? ": the answer ends within its headers" : ": the answer is not HTTP");
  failure.httpStatus = head_.status();
  return failure;
}

TransferResult Exchange::result(CURLcode code) {
  if (failure_) {
    if (failure_->reason.empty()) failure_->reason = "out of memory while reading the answer";
    return std::move(*failure_);
  }
  if (code == CURLE_OK && !head_.isWhole()) return cutHead();
  // What an error means its status says, whatever became of its body.
  if (code == CURLE_OK || cutOff_ || (head_.isWhole() && !head_.isSuccess())) {
    HttpResponse response;
    response.status = head_.status();
    response.headers = head_.takeHeaders();
    response.body = std::move(body_);
    return response;
  }
  long osError = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &osError);
  const bool resend = code == CURLE_ABORTED_BY_CALLBACK && sends_ > 1;
  const std::string text = resend ? "the kept connection died before the answer came" : errorText_.data();
  TransportFailure failure = failureOf(code, text, host(), sends_ > 0, static_cast<int>(osError));
  failure.httpStatus = head_.status();
  return failure;
}

}  // namespace chatapps::http
