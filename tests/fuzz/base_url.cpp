// What we take for a safe base URL, libcurl must read the same way: it is the one that connects.
#include "call/base_url.hpp"

#include <curl/curl.h>

#include <memory>
#include <string>

#include "chatapps/errors.hpp"
#include "fuzz_target.hpp"

namespace chatapps::fuzz {
namespace {

struct Cleanup {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
  void operator()(char* text) const noexcept { curl_free(text); }
};

class CurlsReading {
 public:
  explicit CurlsReading(const std::string& text) : url_(curl_url()) {
    accepted_ = curl_url_set(url_.get(), CURLUPART_URL, text.c_str(), CURLU_PATH_AS_IS) == CURLUE_OK;
  }
  bool accepted() const { return accepted_; }
  std::string part(CURLUPart which) const {
    char* text = nullptr;
    if (curl_url_get(url_.get(), which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return "";
    return std::unique_ptr<char, Cleanup>(text).get();
  }

 private:
  std::unique_ptr<CURLU, Cleanup> url_;
  bool accepted_ = false;
};

bool isLoopback(const std::string& host) {
  return host == "localhost" || host == "[::1]" || host.compare(0, 4, "127.") == 0;
}

void look(const call::BaseUrl& base) {
  promise(base.text.compare(0, 8, "https://") == 0 || base.loopback, "plain http is for loopback only");
  promise(call::parseBaseUrl(base.text).text == base.text, "what was read once is read the same way again");
  promise(call::parseBaseUrl(base.text).origin == base.origin, "its origin too");
  promise(base.origin.find_first_of("/?#@\\", base.origin.find("://") + 3) == std::string::npos, "nothing but a host");

  const CurlsReading curls(base.text + "/api");
  if (!curls.accepted()) return;
  promise(curls.part(CURLUPART_PATH) == "/api", "libcurl finds our path");
  for (const CURLUPart part : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT})
    promise(curls.part(part).empty(), "libcurl finds no user, query or fragment");
  const std::string origin = base.origin;
  promise(origin.substr(origin.rfind(':') + 1) == curls.part(CURLUPART_PORT), "libcurl finds the same port");
  promise(!base.loopback || isLoopback(curls.part(CURLUPART_HOST)), "what we take for loopback is loopback to libcurl");
}

void run(std::string_view text) {
  try {
    look(call::parseBaseUrl(text));
  } catch (const InvalidArgumentError& error) {
    promise(error.argument() == "baseUrl", "the error names the option");
    promisePrintable(error.what());
  }
}

const Registered registered("base_url", run);

}  // namespace
}  // namespace chatapps::fuzz
