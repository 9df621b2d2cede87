#include "call/request.hpp"

#include <algorithm>
#include <array>

#include "chatapps/errors.hpp"
#include "chatapps/open_enum.hpp"
#include "chatapps/version.hpp"
#include "url_text.hpp"

namespace chatapps::call {
namespace {

constexpr std::size_t kLongestHeader = 8192;
constexpr std::size_t kLongestKey = 4096;

constexpr std::array<std::string_view, 10> kOwnHeaders = {
    "Host", "Authorization", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade",
    "TE",   "Trailer",       "Expect"};

bool isVisible(char c) { return c > 0x20 && c < 0x7f; }
bool isVisibleOrSpace(char c) { return c >= 0x20 && c < 0x7f; }

// A header name's characters, by RFC 9110.
bool isToken(char c) {
  return isAlphanumeric(c) || (isVisible(c) && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

bool isReserved(std::string_view name) {
  return equalIgnoringCase(name.substr(0, 6), "Proxy-") ||
         std::any_of(kOwnHeaders.begin(), kOwnHeaders.end(),
                     [&](std::string_view own) { return equalIgnoringCase(name, own); });
}

}  // namespace

void checkSubAccountId(std::string_view subAccountId) {
  if (!isSubAccountId(subAccountId))
    throw InvalidArgumentError("subAccountId", "must be 3 to 50 characters of A-Z a-z 0-9 - . _ &");
}

void checkUmid(std::string_view umid) {
  if (!isUmid(umid))
    throw InvalidArgumentError("umid", "must be a dashed UUID, such as dec02e44-c76f-4a0a-b69f-6ac2a4386eb9");
}

void checkApiKey(std::string_view key) {
  if (key.empty())
    throw InvalidArgumentError("apiKey", "is empty; set it, or CHATAPPS_API_KEY where the environment is read");
  if (key.size() > kLongestKey || !std::all_of(key.begin(), key.end(), isVisible)) {
    throw InvalidArgumentError("apiKey",
                               "must be printable ASCII without spaces or line breaks, at most 4096 characters");
  }
}

void checkHeaders(const Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (name.empty() || !std::all_of(name.begin(), name.end(), isToken)) {
      throw InvalidArgumentError("headers", "holds a name that is empty or has a character that no header name has");
    }
    if (isReserved(name))
      throw InvalidArgumentError("headers",
                                 "may not set " + name + ": the library sets it, or it would break the request");
    if (name.size() + value.size() > kLongestHeader ||
        !std::all_of(value.begin(), value.end(), [](char c) { return isVisibleOrSpace(c) || c == '\t'; })) {
      throw InvalidArgumentError(
          "headers",
          "holds a value of " + name + " with a line break or other control or 8-bit character, or too long a one");
    }
  }
}

void checkUserAgentSuffix(std::string_view suffix) {
  if (suffix.size() > 256 || !std::all_of(suffix.begin(), suffix.end(), isVisibleOrSpace)) {
    throw InvalidArgumentError("userAgentSuffix", "must be printable ASCII, at most 256 characters");
  }
}

std::string messageUrl(std::string_view base, std::string_view subAccountId, std::string_view umid) {
  constexpr std::string_view kSubaccounts = "/api/v1/subaccounts/";
  constexpr std::string_view kMessages = "/messages/";
  std::string url;
  url.reserve(base.size() + kSubaccounts.size() + 3 * subAccountId.size() + kMessages.size() + umid.size());
  url += base;
  url += kSubaccounts;
  appendPercentEncoded(url, subAccountId);
  url += kMessages;
  url += umid;  // of hexadecimal digits and dashes
  return url;
}

Headers overridden(const Headers& ofClient, const Headers& ofCall) {
  Headers result;
  for (const auto& header : ofClient) {
    const auto isSame = [&](const auto& own) { return equalIgnoringCase(own.first, header.first); };
    if (std::none_of(ofCall.begin(), ofCall.end(), isSame)) result.push_back(header);
  }
  result.insert(result.end(), ofCall.begin(), ofCall.end());
  return result;
}

Headers requestHeaders(std::string_view key, std::string_view userAgentSuffix, const Headers& added) {
  const auto isAdded = [&](std::string_view name) {
    return std::any_of(added.begin(), added.end(),
                       [&](const Header& header) { return equalIgnoringCase(header.first, name); });
  };
  Headers headers{{"Authorization", std::string("Bearer ").append(key)}};
  if (!isAdded("User-Agent")) {
    std::string userAgent = "chatapps-cpp/" CHATAPPS_VERSION;
    if (!userAgentSuffix.empty()) (userAgent += ' ') += userAgentSuffix;
    headers.emplace_back("User-Agent", std::move(userAgent));
  }
  if (!isAdded("Accept")) headers.emplace_back("Accept", "application/json");
  headers.insert(headers.end(), added.begin(), added.end());
  return headers;
}

}  // namespace chatapps::call
