/// @file redis_pacer.hpp
/// One rate limit for a whole fleet, through a Redis that all its machines reach. An optional component: link
/// `chatapps::redis`.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "chatapps/pacer.hpp"

namespace chatapps {

/// What a process does while Redis can't be asked. Its own lanes hold in any case.
enum class WhenRedisIsAway {
  SafeShare,   ///< it keeps to its share, one of `processes`, of the limit, which thus holds if nobody reaches Redis
  Optimistic,  ///< it keeps to the whole limit, as if it were alone: 429s are likely where others send as well
  FailClosed,  ///< its calls fail at once with `TimeoutError::wouldWait`
};

/// How the pacing of one process through Redis changed.
struct RedisPacerEvent {
  bool shared = false;          ///< true: Redis is asked again; false: it is not, and `WhenRedisIsAway` holds
  bool needsAttention = false;  ///< it won't pass by itself: a wrong password, a missing right, a key of another's
  std::string reason;           ///< printable, without the password and without what Redis said beyond its error code
};

/// How to reach Redis, 5.0 or newer. A plain value.
struct RedisPacerOptions {
  /// `redis://[[user]:password@]host[:port][/database]`, `rediss://` for TLS. Special characters in user and password
  /// are percent-encoded.
  std::string url;
  std::string user;                    ///< instead of the URL's, as it is; empty: Redis's default user
  std::string password;                ///< instead of the URL's, as it is; empty: none
  std::string caFile;                  ///< with `rediss://`: PEM bundle that verifies the server; empty: the system's
  std::string certFile;                ///< client certificate, PEM; empty: none
  std::string keyFile;                 ///< its private key, PEM; empty: in `certFile`
  std::string keyPrefix = "chatapps";  ///< of all keys; 1 to 64 of A-Z, a-z, 0-9, `.`, `_`, `-`
  int processes = 0;  ///< how many share the limit, at most: each one's safe share is 1 in so many; at least 1
  WhenRedisIsAway whenAway = WhenRedisIsAway::SafeShare;  ///< what then holds the limit
  std::chrono::milliseconds replyTimeout{100};            ///< no call waits longer for Redis; 1 ms to 10 s
  std::function<void(const RedisPacerEvent&)> onEvent;    ///< from any thread; what it throws is contained
};

/// A pacer for `Pacing::shared`, for clients on the machine's own clock. Thread-safe; one for all clients of a process.
///
/// Nothing of it blocks: a thread of its own talks to Redis, from the first call on. The clocks of the machines may
/// differ, since only Redis's own counts. Redis learns subaccounts and when they send, nothing else.
///
/// Throws InvalidArgumentError naming the option that can not work. That Redis can't be reached is no error.
std::shared_ptr<Pacer> makeRedisPacer(RedisPacerOptions options);

}  // namespace chatapps
