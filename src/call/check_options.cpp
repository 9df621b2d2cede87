#include "call/check_options.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include "call/request.hpp"
#include "chatapps/errors.hpp"
#include "http/proxy_url.hpp"

namespace chatapps::call {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kLongestTimeout = 24h * 30;
constexpr std::size_t kLargestBody = std::size_t{1} << 30;
constexpr double kLowestRate = 1e-5;
constexpr double kHighestRate = 1e6;

// In one place: all of them apart are 2.7 KB of code.
[[noreturn]] void refuse(const char* name, const char* problem) { throw InvalidArgumentError(name, problem); }

void checkDelay(const char* name, std::chrono::milliseconds delay) {
  if (delay < 0ms || delay > 24h) refuse(name, "must be from 0 to 24 hours");
}

void checkReadable(const char* name, const std::string& path) {
  if (path.empty()) return;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file || std::fgetc(file.get()) == EOF)  // a folder opens, but can not be read
    refuse(name, "names a file that is missing, empty or can not be read");
}

void checkFolder(const char* name, const std::string& path) {
  std::error_code ignored;
  if (!path.empty() && !std::filesystem::is_directory(path, ignored))
    refuse(name, "names a folder that is missing or can not be read");
}

void checkPacing(const Pacing& pacing) {
  if (!(pacing.requestsPerSecond >= kLowestRate && pacing.requestsPerSecond <= kHighestRate)) {
    refuse("pacing.requestsPerSecond", "must be from 0.00001 to 1,000,000");
  }
  if (pacing.margin < 0us || pacing.margin > 60s) refuse("pacing.margin", "must be from 0 to 60 seconds");
  if (pacing.maxWaiting == 0) refuse("pacing.maxWaiting", "must be at least 1");
  if (pacing.scope < Pacing::Scope::Process || pacing.scope > Pacing::Scope::Off)
    refuse("pacing.scope", "must be one of Pacing::Scope");
  if (pacing.scope == Pacing::Scope::Shared && !pacing.pacer) refuse("pacing.pacer", "must be set for a shared scope");
}

void checkTls(const TlsOptions& tls) {
  checkReadable("tls.caFile", tls.caFile);
  checkFolder("tls.caPath", tls.caPath);
  checkReadable("tls.certFile", tls.certFile);
  checkReadable("tls.keyFile", tls.keyFile);
  if (!tls.keyFile.empty() && tls.certFile.empty()) refuse("tls.keyFile", "needs the certificate, in tls.certFile");
  if (!tls.pinnedPublicKey.empty() && tls.pinnedPublicKey.rfind("sha256//", 0) != 0)
    refuse("tls.pinnedPublicKey", "must begin with sha256//");
  if (tls.minVersion != TlsVersion::Tls12 && tls.minVersion != TlsVersion::Tls13)
    refuse("tls.minVersion", "must be Tls12 or Tls13");
}

void checkRetry(const RetryOptions& retry) {
  if (retry.maxAttempts < 1 || retry.maxAttempts > 100) refuse("retry.maxAttempts", "must be from 1 to 100");
  checkDelay("retry.baseDelay", retry.baseDelay);
  checkDelay("retry.maxDelay", retry.maxDelay);
}

void checkProxy(const std::optional<std::string>& proxy) {
  if (!proxy) return;
  for (const char c : *proxy) {
    if (c <= 0x20 || c >= 0x7f) refuse("proxy", "must be a URL of printable ASCII without spaces");
  }
  if (!proxy->empty() && !http::hostOfProxy(*proxy))
    refuse("proxy",
           "must look like http://host:port; http, https, socks4, socks4a, socks5 and "
           "socks5h are known, and in a user or password / : @ are written as %2F %3A %40");
}

}  // namespace

void checkTimeout(const char* name, std::chrono::milliseconds timeout) {
  if (timeout <= 0ms || timeout > kLongestTimeout) refuse(name, "must be more than 0 and at most 30 days");
}

void checkInterval(const char* name, std::chrono::milliseconds interval) {
  if (interval < 1ms || interval > 24h) refuse(name, "must be from 1 ms to 24 hours");
}

void checkGrace(const char* name, std::chrono::milliseconds grace) {
  if (grace < 0ms || grace > 30 * 24h) refuse(name, "must be from 0 to 30 days");
}

void checkGoal(Goal goal) {
  if (goal < Goal::Final || goal > Goal::Read) refuse("goal", "must be one of Goal");
}

void checkPlan(const FallbackPlan& plan) {
  // As it is: a number of seconds may be more than milliseconds can hold.
  if (plan.patience < 0s || plan.patience > 30 * 24h) refuse("plan.patience", "must be from 0 to 30 days");
  for (const FallbackStep& step : plan.steps) {
    if (step.fallbackAfter) checkGrace("plan.steps.fallbackAfter", *step.fallbackAfter);
    if (step.successStatus < SuccessStatus::Accepted || step.successStatus > SuccessStatus::Read)
      refuse("plan.steps.successStatus", "must be one of SuccessStatus");
  }
}

void checkOptions(const ClientOptions& options) {
  checkTimeout("timeout", options.timeout);
  checkTimeout("connectTimeout", options.connectTimeout);
  checkRetry(options.retry);
  checkPacing(options.pacing);
  checkTls(options.tls);
  checkProxy(options.proxy);
  checkHeaders(options.headers);
  checkUserAgentSuffix(options.userAgentSuffix);
  if (options.maxBodyBytes == 0 || options.maxBodyBytes > kLargestBody)
    refuse("maxBodyBytes", "must be from 1 to 1 GiB");
}

}  // namespace chatapps::call
