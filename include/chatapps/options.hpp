/// @file options.hpp
/// How a client and a call are set up. Plain structs: set the members you need.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "chatapps/cancellation.hpp"
#include "chatapps/clock.hpp"
#include "chatapps/export.hpp"
#include "chatapps/observer.hpp"
#include "chatapps/pacing.hpp"
#include "chatapps/transport.hpp"

namespace chatapps {

/// Where the account lives. Source: 8x8's list of Chat Apps hosts.
enum class Region {
  AsiaPacific,   ///< https://chatapps.8x8.com
  NorthAmerica,  ///< https://chatapps.us.8x8.com
  Europe,        ///< https://chatapps.8x8.uk
  Indonesia,     ///< https://chatapps.8x8.id
};

/// When a failed attempt is tried again. Each attempt takes a slot of its own.
struct RetryOptions {
  /// Of one call, the first included; 1 never retries; at most 100. A 401 adds one if the provider has another key.
  int maxAttempts = 4;
  std::chrono::milliseconds baseDelay{1000};   ///< backoff is drawn from 0 to `baseDelay` doubled with each attempt,
  std::chrono::milliseconds maxDelay{20'000};  ///< up to this; both from 0 to 24 hours
  std::function<double()> random;              ///< uniform in [0, 1), thread-safe; empty: seeded by the system
};

/// The oldest version of TLS that is accepted.
enum class TlsVersion { Tls12, Tls13 };

/// How the server is verified. Connections are never shared between clients whose settings differ.
struct TlsOptions {
  std::string caFile;                         ///< PEM bundle; with it or `caPath` the system's are not trusted
  std::string caPath;                         ///< folder of hashed certificates, as by `openssl rehash`
  TlsVersion minVersion = TlsVersion::Tls12;  ///< an older server is `TlsError`
  std::string pinnedPublicKey;                ///< `sha256//BASE64[;sha256//...]`, or empty
  std::string certFile;                       ///< client certificate, PEM; empty: none
  std::string keyFile;                        ///< its private key, PEM; empty: in `certFile`
  bool verifyPeer = true;                     ///< false accepts any certificate: for a test server only
};

/// Runs a function somewhere, sometime: a thread pool's post, for example.
using Executor = std::function<void(std::function<void()>)>;

/// How a client is set up. `ChatAppsClient` checks it once and throws `InvalidArgumentError` naming the member.
struct CHATAPPS_EXPORT ClientOptions {
  std::string apiKey;  ///< from 8x8 Connect; printable ASCII without spaces, at most 4096 characters
  /// Instead of `apiKey`: asked at the first call, and again after a 401. On the thread that runs the call, which waits for
  /// it however long it takes, asynchronous calls with it; so it is quick, as from a cache, and makes no calls of the client.
  std::function<std::string()> apiKeyProvider;
  Region region = Region::AsiaPacific;        ///< where the account lives
  std::string baseUrl;                        ///< instead of `region`: scheme, host and port; http only for loopback
  std::chrono::milliseconds timeout{30'000};  ///< deadline of one call, everything included; up to 30 days
  std::chrono::milliseconds connectTimeout{10'000};  ///< of one connection, DNS and TLS included; up to 30 days
  RetryOptions retry;                                ///< when a failed attempt goes again
  Pacing pacing;                                     ///< how the rate limit is kept
  TlsOptions tls;                                    ///< how the server is verified
  /// Nullopt: as the environment says; "": none; else a URL, of a proxy on this machine where `baseUrl` is plain http.
  std::optional<std::string> proxy;
  /// Added to each request. `User-Agent` and `Accept` may be replaced; what else the library sets is refused.
  Headers headers;
  std::string userAgentSuffix;  ///< appended to `chatapps-cpp/VERSION`; at most 256 bytes
  /// Calls of this client for one message that wait for their slot share a request, unless they have headers of their
  /// own. Lists, waits and trackers keep their own places.
  bool shareIdenticalCalls = true;
  std::size_t maxBodyBytes = 1 << 20;    ///< of a decoded answer, 1 to 1 GiB; a larger one is `DecodeError`
  std::shared_ptr<Transport> transport;  ///< null: libcurl
  std::shared_ptr<Clock> clock;          ///< null: the machine's
  std::shared_ptr<Observer> observer;    ///< null: none
  Executor executor;                     ///< where `onDone` runs; empty: on the client's own thread

  /// Reads CHATAPPS_API_KEY, CHATAPPS_REGION (`asia-pacific`, `north-america`, `europe`, `indonesia`) and
  /// CHATAPPS_BASE_URL. Throws InvalidArgumentError for an unknown region.
  static ClientOptions fromEnvironment();
};

/// How one call differs from the client's options.
struct CallOptions {
  std::optional<std::chrono::milliseconds> timeout;  ///< instead of the client's; more than 0
  CancellationToken cancellation;                    ///< default: can not be cancelled
  Headers headers;                                   ///< added to this request; instead of the client's of that name
};

}  // namespace chatapps
