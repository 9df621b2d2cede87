#include "http/proxy_url.hpp"

#include <curl/curl.h>

#include <memory>
#include <new>

namespace chatapps::http {

namespace {

std::string partOf(CURLU* parts, CURLUPart which) {
  char* found = nullptr;
  if (curl_url_get(parts, which, &found, 0) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> text(found, &curl_free);
  return text.get();
}

}  // namespace

std::optional<std::string> hostOfProxy(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parts(curl_url(), &curl_url_cleanup);
  if (!parts) throw std::bad_alloc();
  // As libcurl itself reads it, but for the scheme, which it looks at only when it connects.
  constexpr unsigned kAsProxy = CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME;
  if (curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), kAsProxy) != CURLUE_OK) return std::nullopt;
  const std::string scheme = partOf(parts.get(), CURLUPART_SCHEME);
  for (const char* known : {"http", "https", "socks", "socks4", "socks4a", "socks5", "socks5h"}) {
    if (curl_strequal(scheme.c_str(), known) != 0) return partOf(parts.get(), CURLUPART_HOST);
  }
  return std::nullopt;
}

}  // namespace chatapps::http
