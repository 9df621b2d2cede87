#include "testing/request_target.hpp"

#include <algorithm>
#include <array>

#include "chatapps/open_enum.hpp"

namespace chatapps::testing {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

int hexDigit(char c) {
  if (isDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percentDecoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const int high = i + 1 < text.size() ? hexDigit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

std::string_view pathOf(std::string_view url) {
  const std::size_t authority = url.find("://");
  if (authority != std::string_view::npos) {
    const std::size_t path = url.find('/', authority + 3);
    url = path == std::string_view::npos ? std::string_view() : url.substr(path);
  }
  return url.substr(0, url.find_first_of("?#"));
}

}  // namespace

std::optional<RequestTarget> requestTarget(std::string_view url) {
  constexpr std::string_view kBefore = "/api/v1/subaccounts/";
  constexpr std::string_view kBetween = "/messages/";
  std::string_view path = pathOf(url);
  if (path.substr(0, kBefore.size()) != kBefore) return std::nullopt;
  path.remove_prefix(kBefore.size());
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos || path.substr(slash, kBetween.size()) != kBetween) return std::nullopt;
  const std::string_view umid = path.substr(slash + kBetween.size());
  if (umid.find('/') != std::string_view::npos) return std::nullopt;
  auto decodedSubAccountId = percentDecoded(path.substr(0, slash));
  auto decodedUmid = percentDecoded(umid);
  if (!decodedSubAccountId || !decodedUmid) return std::nullopt;
  return RequestTarget{*std::move(decodedSubAccountId), *std::move(decodedUmid)};
}

std::string_view bearerKey(const HttpRequest& request) {
  constexpr std::string_view kScheme = "Bearer ";
  if (request.headers == nullptr) return {};
  for (const auto& [name, value] : *request.headers) {
    if (!equalIgnoringCase(name, "Authorization")) continue;
    const std::string_view text = value;
    if (equalIgnoringCase(text.substr(0, kScheme.size()), kScheme)) return text.substr(kScheme.size());
  }
  return {};
}

bool isSubAccountId(std::string_view text) {
  const auto allowed = [](char c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' ||
           c == '&';
  };
  return text.size() >= 3 && text.size() <= 50 && std::all_of(text.begin(), text.end(), allowed);
}

bool isUmid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dashHere = i == 8 || i == 13 || i == 18 || i == 23;
    if (dashHere ? text[i] != '-' : hexDigit(text[i]) < 0) return false;
  }
  return true;
}

}  // namespace chatapps::testing
