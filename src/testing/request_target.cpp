#include "testing/request_target.hpp"

#include "chatapps/open_enum.hpp"
#include "url_text.hpp"

namespace chatapps::testing {
namespace {

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

}  // namespace chatapps::testing
