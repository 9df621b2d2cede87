// Ids on two lines: what passes the checks never leaves the path that it stands in.
#include <curl/curl.h>

#include <algorithm>
#include <string>

#include "call/request.hpp"
#include "chatapps/errors.hpp"
#include "fuzz_target.hpp"

namespace chatapps::fuzz {
namespace {

constexpr std::string_view kBase = "https://chatapps.8x8.com";
constexpr std::string_view kPrefix = "https://chatapps.8x8.com/api/v1/subaccounts/";

std::string decoded(std::string_view segment) {
  std::string text;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] != '%') {
      text += segment[i];
      continue;
    }
    text += static_cast<char>(std::stoi(std::string(segment.substr(i + 1, 2)), nullptr, 16));
    i += 2;
  }
  return text;
}

template <class Check>
bool passes(Check check, std::string_view id) {
  try {
    check(id);
    return true;
  } catch (const InvalidArgumentError& error) {
    promisePrintable(error.what());
    return false;
  }
}

void promiseNotNormalised(const std::string& url) {
  CURLU* const handle = curl_url();
  char* path = nullptr;
  promise(curl_url_set(handle, CURLUPART_URL, url.c_str(), 0) == CURLUE_OK, "libcurl takes it");
  promise(curl_url_get(handle, CURLUPART_PATH, &path, 0) == CURLUE_OK && url.substr(kBase.size()) == path,
          "there is nothing in it to be normalised");
  curl_free(path);
  curl_url_cleanup(handle);
}

void run(std::string_view input) {
  const std::string_view subAccountId = takeLine(input);
  const bool isGood = passes(call::checkSubAccountId, subAccountId);
  const std::string_view umid = passes(call::checkUmid, input) ? input : "dec02e44-c76f-4a0a-b69f-6ac2a4386eb9";
  // Even a subaccount that does not pass stays in its segment.
  const std::string url = call::messageUrl(kBase, subAccountId, umid);
  promise(url.compare(0, kPrefix.size(), kPrefix) == 0, "the path keeps its prefix");
  promise(std::count(url.begin(), url.end(), '/') == 8, "no id adds a segment");
  promise(std::all_of(url.begin(), url.end(), [](char c) { return c > 0x20 && c < 0x7f; }), "the path is plain ASCII");
  promise(url.find_first_of("?#@\\&") == std::string::npos, "nothing in it has a meaning of its own");
  const std::size_t end = url.find('/', kPrefix.size());
  promise(decoded(url.substr(kPrefix.size(), end - kPrefix.size())) == subAccountId,
          "the subaccount can be read again");
  promise(url.substr(url.rfind('/') + 1) == umid, "the umid stands as it was given");
  if (isGood) promiseNotNormalised(url);
}

const Registered registered("message_url", run);

}  // namespace
}  // namespace chatapps::fuzz
