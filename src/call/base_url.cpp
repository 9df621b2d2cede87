#include "call/base_url.hpp"

#ifdef _WIN32
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#endif

#include <algorithm>
#include <charconv>

#include "chatapps/errors.hpp"
#include "lower_case.hpp"

namespace chatapps::call {
namespace {

[[noreturn]] void reject(const std::string& problem) {
  throw InvalidArgumentError("baseUrl",
                             problem + "; allowed is scheme, host and optional port, such as https://chatapps.8x8.com");
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isHostChar(char c) { return isDigit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_'; }

int parseNumber(std::string_view digits, int most) {
  int number = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = error == std::errc() && end == digits.data() + digits.size() && isDigit(digits.front());
  return whole && number <= most ? number : -1;
}

// Only the dotted form counts: libcurl would also take `127.1` or `0x7f000001`, reads `010` as 8 and `09` as a name, and
// the two must never disagree.
bool isLoopbackV4(std::string_view host) {
  if (host.substr(0, 4) != "127.") return false;
  int parts = 0;
  while (true) {
    const std::size_t dot = std::min(host.find('.'), host.size());
    if (dot == 0 || (dot > 1 && host.front() == '0') || parseNumber(host.substr(0, dot), 255) < 0) return false;
    ++parts;
    if (dot == host.size()) return parts == 4;
    host.remove_prefix(dot + 1);
    if (host.empty()) return false;
  }
}

// Splits `authority` into host and port text; the brackets of an IPv6 address stay with the host.
std::pair<std::string, std::string_view> splitPort(std::string_view authority) {
  std::size_t hostEnd = 0;
  if (!authority.empty() && authority.front() == '[') {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) reject("has an IPv6 address without its closing bracket");
    hostEnd = close + 1;
  } else {
    hostEnd = std::min(authority.find(':'), authority.size());
  }
  std::string_view port = authority.substr(hostEnd);
  if (!port.empty()) {
    if (port.front() != ':' || port.size() == 1) reject("has no port after the host's colon");
    port.remove_prefix(1);
  }
  return {lowerCase(authority.substr(0, hostEnd)), port};
}

void checkHost(std::string_view host) {
  if (host.empty()) reject("has no host");
  const bool bracketed = host.front() == '[';
  const std::string_view inner = bracketed ? host.substr(1, host.size() - 2) : host;
  in6_addr address{};
  const bool valid =
      bracketed ? inner.find('\0') == inner.npos && inet_pton(AF_INET6, std::string(inner).c_str(), &address) == 1
                : host.size() <= 253 && std::all_of(inner.begin(), inner.end(), isHostChar);
  if (!valid) reject("has a host with a character that no host name or address has");
}

}  // namespace

bool isLoopback(std::string_view host) { return host == "localhost" || host == "[::1]" || isLoopbackV4(host); }

BaseUrl parseBaseUrl(std::string_view url) {
  const std::size_t schemeEnd = url.find("://");
  if (schemeEnd == std::string_view::npos) reject("has no scheme");
  const std::string scheme = lowerCase(url.substr(0, schemeEnd));
  if (scheme != "https" && scheme != "http") reject("has a scheme that is neither https nor http");
  std::string_view authority = url.substr(schemeEnd + 3);
  if (!authority.empty() && authority.back() == '/') authority.remove_suffix(1);
  if (authority.find('@') != std::string_view::npos) reject("holds a user name or password");
  if (authority.find_first_of("/?#\\") != std::string_view::npos) reject("goes on after host and port");

  const auto [host, portText] = splitPort(authority);
  checkHost(host);
  const int standard = scheme == "https" ? 443 : 80;
  const int port = portText.empty() ? standard : parseNumber(portText, 65535);
  if (port < 1) reject("has a port that is not a number from 1 to 65535");

  BaseUrl base;
  base.loopback = isLoopback(host);
  base.plain = scheme == "http";
  if (base.plain && !base.loopback)
    reject("is plain http, which is only for a loopback address, since it shows the API key");
  base.origin = scheme + "://" + host + ":" + std::to_string(port);
  base.text = port == standard ? scheme + "://" + host : base.origin;
  return base;
}

std::string_view regionUrl(Region region) {
  switch (region) {
    case Region::AsiaPacific: return "https://chatapps.8x8.com";
    case Region::NorthAmerica: return "https://chatapps.us.8x8.com";
    case Region::Europe: return "https://chatapps.8x8.uk";
    case Region::Indonesia: return "https://chatapps.8x8.id";
  }
  throw InvalidArgumentError("region", "is not one of the four regions");
}

}  // namespace chatapps::call
