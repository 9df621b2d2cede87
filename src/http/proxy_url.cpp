#include "http/proxy_url.hpp"

#include <curl/curl.h>

#include <memory>
#include <new>

namespace chatapps::http {

bool isProxyUrl(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parts(curl_url(), &curl_url_cleanup);
  if (!parts) throw std::bad_alloc();
  // As libcurl itself reads it, but for the scheme, which it looks at only when it connects.
  constexpr unsigned kAsProxy = CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME;
  if (curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), kAsProxy) != CURLUE_OK) return false;
  char* found = nullptr;
  if (curl_url_get(parts.get(), CURLUPART_SCHEME, &found, 0) != CURLUE_OK) return false;
  const std::unique_ptr<char, decltype(&curl_free)> scheme(found, &curl_free);
  for (const char* known : {"http", "https", "socks", "socks4", "socks4a", "socks5", "socks5h"}) {
    if (curl_strequal(scheme.get(), known) != 0) return true;
  }
  return false;
}

}  // namespace chatapps::http
