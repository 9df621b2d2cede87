#include "call/engine.hpp"

#include <chrono>
#include <random>
#include <typeinfo>
#include <utility>

#include "call/check_options.hpp"
#include "chatapps/errors.hpp"
#include "http/proxy_url.hpp"
#include "lower_case.hpp"
#include "pacing/host_pacer.hpp"
#include "pacing/lanes.hpp"
#include "process_id.hpp"

namespace chatapps::call {
namespace {

const ClientOptions& checked(const ClientOptions& options) {
  checkOptions(options);
  return options;
}

// Needs no descriptor, of which none may be left. Retries are rare, and processes that forked from one another must not draw
// alike.
double drawEvenly() noexcept {
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  std::minstd_rand random(static_cast<std::minstd_rand::result_type>(now + 7919 * processId()));
  return std::uniform_real_distribution<double>(0.0, 1.0)(random);
}

void tellOf(const std::shared_ptr<Observer>& observer, const char* callback) noexcept {
  if (!observer) return;
  try {
    observer->onCallbackFailed({callback, std::current_exception()});
  } catch (...) {  // NOLINT(bugprone-empty-catch): there is nobody left to tell
  }
}

RetryOptions withRandom(RetryOptions retry, const std::shared_ptr<Observer>& observer) {
  if (!retry.random) {
    retry.random = drawEvenly;
    return retry;
  }
  retry.random = [random = std::move(retry.random), observer] {
    try {
      return random();
    } catch (...) {
      tellOf(observer, "retry.random");
      return drawEvenly();
    }
  };
  return retry;
}

Clock::duration intervalOf(const Pacing& pacing) {
  const std::chrono::duration<double> even(1.0 / pacing.requestsPerSecond);
  return std::chrono::ceil<Clock::duration>(even) + pacing.margin;
}

// What one process counts of another has to pass for it as well, so a clock that doesn't run by itself shares nothing.
bool sharesHost(const ClientOptions& options) {
  return options.pacing.scope == Pacing::Scope::Host && (!options.clock || options.clock->isReal());
}

std::shared_ptr<Pacer> pacerOf(const ClientOptions& options) {
  if (options.pacing.scope == Pacing::Scope::Shared) return options.pacing.pacer;
  if (!sharesHost(options)) return nullptr;
  return pacing::makeHostPacer(options.pacing.hostFile, [observer = options.observer](const std::string& reason) {
    if (observer) observer->onPacingAlone({reason});
  });
}

std::size_t kindOf(const Transport* transport) { return transport ? typeid(*transport).hash_code() : 0; }

// The loopback of plain http would be the proxy's.
void checkProxy(const ClientOptions& options, const BaseUrl& base) {
  if (!base.plain || options.transport || !options.proxy || options.proxy->empty()) return;
  if (!isLoopback(lowerCase(http::hostOfProxy(*options.proxy).value_or(""))))
    throw InvalidArgumentError("proxy",
                               "would see the API key, since baseUrl is plain http: only one on this machine may");
}

http::WireOptions wireOptions(const ClientOptions& options, const BaseUrl& base, std::shared_ptr<Clock> clock) {
  checkProxy(options, base);
  return {options.tls,          options.proxy,   base.loopback, base.text, options.connectTimeout,
          options.maxBodyBytes, std::move(clock)};
}

}  // namespace

Engine::Engine(const ClientOptions& options)
    : base(parseBaseUrl(checked(options).baseUrl.empty() ? regionUrl(options.region)
                                                         : std::string_view(options.baseUrl))),
      clock(options.clock ? options.clock : Clock::system()),
      transport(options.transport),
      wires(std::make_shared<http::WirePool>(wireOptions(options, base, clock))),
      observer(options.observer),
      executor(options.executor),
      retry(withRandom(options.retry, options.observer)),
      timeout(options.timeout),
      maxWaiting(options.pacing.maxWaiting),
      maxBodyBytes(options.maxBodyBytes),
      interval(intervalOf(options.pacing)),
      pacer(pacerOf(options)),
      shareIdenticalCalls(options.shareIdenticalCalls),
      keys(options.apiKey, options.apiKeyProvider, options.userAgentSuffix, options.headers),
      baseUrl_(std::make_shared<const std::string>(base.text)),
      isPaced_(options.pacing.scope != Pacing::Scope::Off),
      transportKind_(kindOf(transport.get())) {}

std::shared_ptr<pacing::Lane> Engine::lane(std::string_view subAccountId) const {
  return pacing::Lanes::ofProcess().lane({base.origin, subAccountId, clock, transportKind_});
}

CallFacts Engine::facts(std::string subAccountId, std::string umid) const {
  CallFacts facts;
  facts.subAccountId = std::move(subAccountId);
  facts.umid = std::move(umid);
  facts.baseUrl = baseUrl_;
  return facts;
}

void Engine::callbackFailed(const char* where) const noexcept { tellOf(observer, where); }

}  // namespace chatapps::call
