/// @file transport.hpp
/// The seam through which the network enters the library.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatapps/clock.hpp"
#include "chatapps/delivery.hpp"
#include "chatapps/export.hpp"

namespace chatapps {

using Header = std::pair<std::string, std::string>;  ///< name and value, without the colon
using Headers = std::vector<Header>;                 ///< in the order of the wire

/// One GET. The headers include `Authorization`, so treat a request as a secret.
struct HttpRequest {
  std::string url;                         ///< scheme, host, port and percent-encoded path
  std::shared_ptr<const Headers> headers;  ///< never null when the library sends it
};

/// One whole answer.
struct HttpResponse {
  int status = 0;    ///< such as 200
  Headers headers;   ///< as received; a name may stand more than once
  std::string body;  ///< decoded; may hold any byte

  /// The first header of that name (case does not matter), or null.
  CHATAPPS_EXPORT const std::string* header(std::string_view name) const noexcept;
};

/// Why there is no answer.
struct TransportFailure {
  /// Which error it becomes.
  enum class Kind {
    Network,       ///< refused, reset, DNS, framing: `TransportError`
    Tls,           ///< certificates and versions: `TlsError`
    Timeout,       ///< the connect timeout: `TimeoutError` once retries are spent
    BodyTooLarge,  ///< larger than the limit: `DecodeError`
    BadEncoding,   ///< a content encoding that does not hold what it says: `DecodeError`
    LibraryFault,  ///< the library could not do its part (out of memory): `TransportError`
  };
  Kind kind = Kind::Network;              ///< which error it becomes
  Delivery delivery = Delivery::NotSent;  ///< whether the request may have arrived
  std::string reason;                     ///< for `what()`; says what failed and where, without secrets
  int osError = 0;                        ///< errno where the system gave one
  /// How often such a failure may be tried again, by the retry policy's limits.
  enum class Retry { Never, Once, Always };
  Retry retry = Retry::Always;  ///< whether another try may help
  int httpStatus = 0;           ///< where a status line had come already
};

/// What a transport gives back: an answer, or why there is none, and how long that takes on the client's clock.
struct CHATAPPS_EXPORT Reply {
  Reply() = default;  ///< An empty answer, to be filled.
  /// An answer.
  Reply(HttpResponse answer, Clock::duration takes = {});  // NOLINT(google-explicit-constructor): to return one
  /// None.
  Reply(TransportFailure whyNone, Clock::duration takes = {});  // NOLINT(google-explicit-constructor)

  bool answered = true;      ///< whether `response` counts; else `failure` does
  HttpResponse response;     ///< the answer
  TransportFailure failure;  ///< why there is none
  Clock::duration after{0};  ///< `Clock::duration::max()` never answers: the deadline ends it
};

/// Sends requests. Replaces the network in tests: see `testing::Sandbox` and `testing::ScriptedTransport`.
///
/// The library calls it once for each request that would go on the wire, from the thread that runs the call, and
/// concurrently from several threads: implementations are thread-safe. One that blocks holds up that thread, and a call
/// of the client that it makes in turn may have to wait for calls of that thread. Compile what derives from it with
/// run-time type information, as is the default: each kind of transport has lanes of its own.
class CHATAPPS_EXPORT Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport();

  /// Answers one request. `clock` is the client's. An exception counts as a `Network` failure that may have been sent.
  virtual Reply send(const HttpRequest& request, const Clock& clock) = 0;
};

}  // namespace chatapps
