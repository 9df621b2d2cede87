#include "redis/url.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

#include "chatapps/errors.hpp"
#include "url_text.hpp"

namespace chatapps::redis {
namespace {

[[noreturn]] void refuse(const char* why) { throw InvalidArgumentError("url", why); }

bool takePrefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::string decoded(std::string_view text) {
  std::optional<std::string> bytes = percentDecoded(text);
  if (!bytes) refuse("has a '%' without two hex digits");
  return *std::move(bytes);
}

std::optional<int> number(std::string_view text, int most) {
  if (text.empty() || text.size() > 5) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value <= most ? std::optional<int>(value) : std::nullopt;
}

bool isHost(std::string_view host) {
  const auto allowed = [](char c) { return isUnreserved(c) || c == ':'; };
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), allowed);
}

void readCredentials(std::string_view text, Address& address) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) refuse("names a user without a password");
  address.user = decoded(text.substr(0, colon));
  address.password = decoded(text.substr(colon + 1));
}

void readPlace(std::string_view text, Address& address) {
  std::string_view port;
  if (takePrefix(text, "[")) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) refuse("has a '[' without ']'");
    address.host = text.substr(0, end);
    port = text.substr(end + 1);
  } else {
    const std::size_t colon = text.find(':');
    address.host = text.substr(0, colon);
    if (colon != std::string_view::npos) port = text.substr(colon);
  }
  if (!isHost(address.host)) refuse("has no valid host");
  if (port.empty()) return;
  const auto value = port[0] == ':' ? number(port.substr(1), 65'535) : std::nullopt;
  if (!value || *value == 0) refuse("has no valid port");
  address.port = *value;
}

}  // namespace

Address parseUrl(const std::string& url) {
  std::string_view text = url;
  Address address;
  address.tls = takePrefix(text, "rediss://");
  if (!address.tls && !takePrefix(text, "redis://")) refuse("must begin with redis:// or rediss://");
  if (text.find_first_of("?#") != std::string_view::npos) refuse("may have neither '?' nor '#'; percent-encode them");
  const std::size_t at = text.rfind('@');
  if (at != std::string_view::npos) {
    readCredentials(text.substr(0, at), address);
    text.remove_prefix(at + 1);
  }
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos && slash + 1 < text.size()) {
    const auto value = number(text.substr(slash + 1), 99'999);
    if (!value) refuse("has no valid database number");
    address.database = *value;
  }
  readPlace(text.substr(0, slash), address);
  return address;
}

}  // namespace chatapps::redis
