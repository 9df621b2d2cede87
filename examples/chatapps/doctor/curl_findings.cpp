#include "doctor/curl_findings.hpp"

#include <curl/curl.h>
#include <dirent.h>

#include <fstream>
#include <memory>

namespace chatapps::cli {
namespace {

constexpr unsigned kPrereq = 0x075000;     // 7.80: CURLOPT_PREREQFUNCTION
constexpr unsigned kQuickExit = 0x075700;  // 7.87: CURLOPT_QUICK_EXIT

const char* orEmpty(const char* text) { return text ? text : ""; }

Finding versionFinding(const curl_version_info_data& curl) {
  const std::string text = orEmpty(curl.version);
  if (curl.version_num >= kPrereq) return good("libcurl", text);
  return problem("libcurl", kTransport, text + " lacks CURLOPT_PREREQFUNCTION", "Install libcurl 7.80 or newer.");
}

Finding tlsFinding(const curl_version_info_data& curl) {
  const std::string backend = orEmpty(curl.ssl_version);
  if (!backend.empty()) return good("TLS", backend);
  return problem("TLS", kTls, "this libcurl was built without TLS", "Install a libcurl with TLS.");
}

Finding namesFinding(const curl_version_info_data& curl) {
  if ((curl.features & CURL_VERSION_ASYNCHDNS) == 0) {
    return note("name lookup", "blocks: a slow name server holds up all calls of a process",
                "Install a libcurl with asynchronous DNS (threaded resolver or c-ares).");
  }
  const bool cares = orEmpty(curl.ares)[0] != '\0';
  const std::string text = cares ? std::string("asynchronous, c-ares ") + curl.ares : "asynchronous, threaded";
  if (cares || curl.version_num >= kQuickExit) return good("name lookup", text);
  return note("name lookup", text, "Before 7.87 a dead name server can hold a call past its deadline.");
}

/// How many certificates a PEM bundle holds; -1 when it can not be read.
int certificatesIn(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  int count = 0;
  while (std::getline(file, line)) {
    if (line.rfind("-----BEGIN", 0) == 0 && line.find("CERTIFICATE-----") != std::string::npos) ++count;
  }
  return file.is_open() && file.eof() ? count : -1;
}

bool isFolder(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(path.c_str()), &closedir);
  return folder != nullptr;
}

}  // namespace

Findings curlFindings() {
  const auto& curl = *curl_version_info(CURLVERSION_NOW);
  return {versionFinding(curl), tlsFinding(curl), namesFinding(curl)};
}

Finding authoritiesFinding(const std::string& caFile, bool used) {
  std::string file = caFile, folder;
#if LIBCURL_VERSION_NUM >= 0x074600
  const auto& curl = *curl_version_info(CURLVERSION_NOW);
  if (caFile.empty()) {
    file = orEmpty(curl.cainfo);
    folder = orEmpty(curl.capath);
  }
#endif
  if (file.empty() && folder.empty()) return good("CA bundle", "the system's own store");
  const int count = file.empty() ? -1 : certificatesIn(file);
  if (count > 0) return good("CA bundle", file + ", " + std::to_string(count) + " certificates");
  if (!folder.empty() && isFolder(folder)) return good("CA bundle", folder);
  const std::string where = file.empty() ? folder : file;
  const bool isText = count == 0 && std::ifstream(file).get() != std::ifstream::traits_type::eof();
  const std::string text = where + (isText ? " holds no certificate" : count == 0 ? " is empty" : " can not be read");
  if (!used) return note("CA bundle", text, "Plain http does not ask for it.");
  return problem("CA bundle", caFile.empty() || isText ? kTls : kUsage, text,
                 "Install ca-certificates, or name a PEM bundle with --ca-file.");
}

}  // namespace chatapps::cli
