/// @file errors.hpp
/// Every error that the library throws.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "chatapps/delivery.hpp"
#include "chatapps/export.hpp"
#include "chatapps/timestamp.hpp"

namespace chatapps {

struct DeliveryReport;
struct ErrorFacts;  // internal

/// What an error knows of the call it ended. A plain value.
struct CallFacts {
  std::string subAccountId;                      ///< as the caller gave it; empty where there was no call
  std::string umid;                              ///< the same
  int attempts = 0;                              ///< tries; 0 when it ended before its first
  Delivery delivery = Delivery::NotSent;         ///< of the last attempt
  bool retryable = false;                        ///< whether the same call may succeed later
  std::shared_ptr<const std::string> baseUrl{};  ///< where it goes, such as `https://chatapps.8x8.com`
};

/// Root of all errors. Copies share their facts and never lose text; safe to hand to another thread.
///
/// `what()` begins with the meaning and carries the errorId. It never holds the API key, personal data or raw control
/// characters. A key of fewer than 8 characters is not looked for in what the server says.
class CHATAPPS_EXPORT ChatAppsError : public std::runtime_error {
 public:
  ChatAppsError(const std::string& what, const CallFacts& call);      ///< `what` is free of secrets.
  ChatAppsError(const ChatAppsError&) noexcept = default;             ///< Shares the facts.
  ChatAppsError& operator=(const ChatAppsError&) noexcept = default;  ///< Shares the facts.
  ~ChatAppsError() override;

  /// Tries, those included whose connection failed; 0: it ended before its first. `delivery` tells of the last one.
  int attempts() const noexcept;
  bool retryable() const noexcept;                   ///< Whether the same call may succeed later.
  Delivery delivery() const noexcept;                ///< Whether the last request may have arrived.
  const std::string& subAccountId() const noexcept;  ///< As the caller gave it. Empty where it or the umid was refused.
  const std::string& umid() const noexcept;          ///< The same.
  std::string_view baseUrl() const noexcept;         ///< Where the call goes: `https://host[:port]`. Empty without one.
  /// Of a wait: the last that was seen of the message. Null where nothing was, and for every other call.
  const DeliveryReport* lastReport() const noexcept;

 protected:
  ChatAppsError(std::shared_ptr<const ErrorFacts> facts, const std::string& what);  ///< For the library's own.
  std::shared_ptr<const ErrorFacts> facts_;  ///< all that an error carries, shared by its copies

 private:
  friend void attachReport(ChatAppsError& error, const std::shared_ptr<const DeliveryReport>& report);
};

/// An argument or option that can not form a safe request. Nothing was sent, no quota spent.
class CHATAPPS_EXPORT InvalidArgumentError : public ChatAppsError {
 public:
  /// `argument` is the option's or parameter's name, such as `apiKey`; `problem` says what is allowed.
  InvalidArgumentError(const std::string& argument, const std::string& problem, const CallFacts& call = {});
  ~InvalidArgumentError() override;
  const std::string& argument() const noexcept;  ///< The name of the option or parameter.
};

/// What an error answer said. Each field is absent where the body lacked it or had another type there.
struct ApiAnswer {
  int httpStatus = 0;                                   ///< of the answer
  std::optional<std::int64_t> code;                     ///< 8x8's own code, such as 1001
  std::optional<std::string> message;                   ///< 8x8's description, raw
  std::optional<std::string> errorId;                   ///< what 8x8's support asks for
  std::optional<Timestamp> timestamp;                   ///< when the error occurred
  std::optional<std::chrono::milliseconds> retryAfter;  ///< from the header or the message's "N second(s)": the longer
  std::string body;                                     ///< as received, but for one that holds the API key
  std::string contentType;                              ///< the same, empty where absent
};

/// Any HTTP answer that is not a 2xx. The status decides the type; the body only decorates it.
class CHATAPPS_EXPORT ApiError : public ChatAppsError {
 public:
  ApiError(const ApiAnswer& answer, const CallFacts& call);  ///< The text of `what()` is made from both.
  ~ApiError() override;
  int httpStatus() const noexcept;  ///< Such as 404.
  /// 8x8's own code; see `ApiCode`.
  const std::optional<std::int64_t>& code() const noexcept;
  /// 8x8's text, raw: `printable` makes it safe to show.
  const std::optional<std::string>& message() const noexcept;
  /// What 8x8's support asks for.
  const std::optional<std::string>& errorId() const noexcept;
  /// When the error occurred, by 8x8's clock.
  const std::optional<Timestamp>& timestamp() const noexcept;
  /// How long to wait, by header or text.
  const std::optional<std::chrono::milliseconds>& retryAfter() const noexcept;
  const std::string& body() const noexcept;  ///< As received, raw; a text in its place where it holds the API key.
  /// As received; empty where absent.
  const std::string& contentType() const noexcept;
};

/// 400, 422: the umid or the subaccount is not what the API accepts.
class CHATAPPS_EXPORT BadRequestError : public ApiError {
 public:
  using ApiError::ApiError;
  ~BadRequestError() override;
};

/// 401: the API key was not accepted.
class CHATAPPS_EXPORT UnauthorizedError : public ApiError {
 public:
  using ApiError::ApiError;
  ~UnauthorizedError() override;
};

/// 403: the key is not allowed to do this.
class CHATAPPS_EXPORT ForbiddenError : public ApiError {
 public:
  using ApiError::ApiError;
  ~ForbiddenError() override;
};

/// 404, 410: there is no such message.
class CHATAPPS_EXPORT NotFoundError : public ApiError {
 public:
  using ApiError::ApiError;
  ~NotFoundError() override;
};

/// 426: the server asks for TLS 1.3.
class CHATAPPS_EXPORT UpgradeRequiredError : public ApiError {
 public:
  using ApiError::ApiError;
  ~UpgradeRequiredError() override;
};

/// 429: the rate limit of the subaccount was exceeded, and retries did not help or did not fit.
class CHATAPPS_EXPORT RateLimitError : public ApiError {
 public:
  using ApiError::ApiError;
  ~RateLimitError() override;
};

/// 5xx: the server or a gateway before it failed.
class CHATAPPS_EXPORT ServerError : public ApiError {
 public:
  using ApiError::ApiError;
  ~ServerError() override;
};

/// No usable HTTP answer: refused, reset, DNS, framing.
class CHATAPPS_EXPORT TransportError : public ChatAppsError {
 public:
  TransportError(const std::string& what, const CallFacts& call, int osError = 0);  ///< `osError` is an errno, or 0.
  ~TransportError() override;
  /// The system's errno, or 0 where there was none.
  int osError() const noexcept { return osError_; }

 private:
  int osError_;
};

/// A certificate or TLS version that does not hold. Never retried, never unverified instead.
class CHATAPPS_EXPORT TlsError : public TransportError {
 public:
  using TransportError::TransportError;
  ~TlsError() override;
};

/// The deadline passed, or no connection came within `connectTimeout` however often it was tried.
class CHATAPPS_EXPORT TimeoutError : public ChatAppsError {
 public:
  /// `wouldWait`: it failed before its deadline.
  TimeoutError(const std::string& what, const CallFacts& call, bool wouldWait = false);
  ~TimeoutError() override;
  /// True when the call failed as soon as it was clear that waiting would not help: its slot lies beyond the deadline,
  /// `pacing.maxWaiting` calls wait already, or the pacer is shut (`FailClosed`). No slot was used.
  bool wouldWait() const noexcept { return wouldWait_; }

 private:
  bool wouldWait_;
};

/// The caller's cancellation, or the end of the client.
class CHATAPPS_EXPORT CancelledError : public ChatAppsError {
 public:
  using ChatAppsError::ChatAppsError;
  ~CancelledError() override;
};

/// A 2xx whose body is not the documented shape.
class CHATAPPS_EXPORT DecodeError : public ChatAppsError {
 public:
  /// `where` is a JSON pointer to the place, such as `/data/0/status`; empty for the whole document.
  DecodeError(const std::string& problem, const std::string& where, const CallFacts& call, int httpStatus = 0,
              std::string contentType = {});
  ~DecodeError() override;
  /// A JSON pointer; empty for the whole document.
  const std::string& where() const noexcept;
  int httpStatus() const noexcept;  ///< Of the answer; 0 where it is not from one.
  /// Of the answer; empty where absent.
  const std::string& contentType() const noexcept;
};

}  // namespace chatapps
