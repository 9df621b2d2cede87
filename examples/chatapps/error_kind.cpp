#include "error_kind.hpp"

#include <chatapps/errors.hpp>
#include <chatapps/tracker.hpp>
#include <chatapps/wait.hpp>

namespace chatapps::cli {
namespace {

template <class Error>
bool is(const std::exception& error) {
  return dynamic_cast<const Error*>(&error) != nullptr;
}

ErrorKind apiErrorKind(const std::exception& error) {
  if (is<BadRequestError>(error)) return {"BadRequestError", kBadRequest, "Check the subaccount and the umid."};
  if (is<UnauthorizedError>(error)) {
    return {"UnauthorizedError", kNotAllowed, "Check the API key, and that it belongs to this region."};
  }
  if (is<ForbiddenError>(error))
    return {"ForbiddenError", kNotAllowed, "This API key may not do this: see 8x8 Connect."};
  if (is<NotFoundError>(error)) {
    return {"NotFoundError", kNotFound, "Check the umid, and that subaccount and region are those it was sent with."};
  }
  if (is<UpgradeRequiredError>(error)) {
    return {"UpgradeRequiredError", kTls,
            "The server wants TLS 1.3: update libcurl's TLS library, or the proxy between."};
  }
  if (is<RateLimitError>(error)) {
    return {"RateLimitError", kRateLimit, "Another program uses this subaccount's quota: wait, or share the pacing."};
  }
  if (is<ServerError>(error)) return {"ServerError", kServer, "Try again later; 8x8 support can look up the errorId."};
  return {"ApiError", kServer, "This is not an answer of the API: check the base URL, and the proxy between."};
}

}  // namespace

ErrorKind errorKind(const std::exception& error) {
  if (is<ApiError>(error)) return apiErrorKind(error);
  if (is<CheckpointError>(error)) return {"CheckpointError", kUsage, ""};
  if (is<InvalidArgumentError>(error)) return {"InvalidArgumentError", kUsage, ""};
  if (is<TlsError>(error)) {
    return {"TlsError", kTls, "The server could not be verified: check the base URL, the local clock and --ca-file."};
  }
  if (is<TransportError>(error))
    return {"TransportError", kTransport, "Check the network, the proxy and the base URL."};
  if (const auto* wait = dynamic_cast<const WaitTimeoutError*>(&error)) {
    return {"WaitTimeoutError", kTimeout,
            wait->lastReport() != nullptr ? "Allow more time with --timeout."
                                          : "Look for the cause with: chatapps doctor --online"};
  }
  if (is<UnreachableGoalError>(error))
    return {"UnreachableGoalError", kEndedOtherwise, "Wait for something that this channel reports."};
  if (is<TimeoutError>(error)) return {"TimeoutError", kTimeout, "Allow more time with --timeout."};
  if (is<CancelledError>(error)) return {"CancelledError", kInterrupted, ""};
  if (const auto* decode = dynamic_cast<const DecodeError*>(&error)) {
    return {"DecodeError", kDecode,
            decode->httpStatus() != 0 ? "The answer is not the API's: check the base URL, and the proxy between."
                                      : "Give it the body of a delivery receipt as 8x8 posted it."};
  }
  if (is<ChatAppsError>(error)) return {"ChatAppsError", kOutputFailed, ""};
  return {"Error", kOutputFailed, ""};
}

}  // namespace chatapps::cli
