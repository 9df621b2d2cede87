#include "doctor/environment_findings.hpp"

#include <cstdlib>

namespace chatapps::cli {
namespace {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

std::string withoutCredentials(const std::string& url) {
  const auto scheme = url.find("://");
  const auto begin = scheme == std::string::npos ? 0 : scheme + 3;
  const auto at = url.rfind('@');  // a password may hold any character, '/' and '@' included
  if (at == std::string::npos || at < begin) return url;
  return url.substr(0, begin) + "***@" + url.substr(at + 1);
}

Findings proxyFindings(const std::optional<std::string>& given) {
  if (given) return {good("proxy", given->empty() ? "none, by --proxy" : withoutCredentials(*given) + ", by --proxy")};
  Findings findings;
  // libcurl's order for https: the first that is set wins.
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    const std::string value = variable(name);
    if (value.empty()) continue;
    findings.push_back(good("proxy", withoutCredentials(value) + ", by " + name));
    break;
  }
  if (findings.empty()) return {good("proxy", "none")};
  for (const char* name : {"no_proxy", "NO_PROXY"}) {
    const std::string value = variable(name);
    if (value.empty()) continue;
    findings.push_back(good("no proxy", "for " + value + ", by " + name));
    break;
  }
  return findings;
}

Findings keyLogFindings() {
  const std::string file = variable("SSLKEYLOGFILE");
  if (file.empty()) return {};
  return {note("SSLKEYLOGFILE", "TLS session keys are written to " + file,
               "Whoever reads that file can read your traffic: unset it when you are done.")};
}

}  // namespace chatapps::cli
