#include "chatapps/errors.hpp"

#include <utility>

#include "chatapps/printable.hpp"
#include "chatapps/tracker.hpp"
#include "chatapps/wait.hpp"

namespace chatapps {
namespace {

constexpr std::size_t kShownErrorId = 64;

const char* meaning(int status) {
  switch (status) {
    case 400:
    case 422: return "bad request";
    case 401: return "unauthorized";
    case 403: return "forbidden";
    case 404:
    case 410: return "message not found";
    case 426: return "upgrade required: the server asks for a newer TLS version, TLS 1.3";
    case 429: return "rate limit exceeded";
    default: return status >= 500 && status <= 599 ? "server error" : "unexpected answer";
  }
}

// The server's message stays out: it may hold personal data. `ApiError::message()` has it.
std::string describe(const ApiAnswer& answer, const CallFacts& call) {
  std::string text = meaning(answer.httpStatus);
  text += ": HTTP " + std::to_string(answer.httpStatus) + " for umid " + call.umid + " of subaccount " + call.subAccountId;
  if (answer.code || answer.errorId) {
    text += " (";
    if (answer.code) text += "code " + std::to_string(*answer.code);
    if (answer.code && answer.errorId) text += ", ";
    if (answer.errorId) text += "errorId " + printable(*answer.errorId, kShownErrorId);
    text += ")";
  }
  return text;
}

}  // namespace

ChatAppsError::ChatAppsError(const std::string& what, CallFacts call)
    : std::runtime_error(what), call_(std::make_shared<const CallFacts>(std::move(call))) {}

InvalidArgumentError::InvalidArgumentError(const std::string& argument, const std::string& problem, CallFacts call)
    : ChatAppsError("invalid argument: " + argument + " " + problem, std::move(call)),
      argument_(std::make_shared<const std::string>(argument)) {}

ApiError::ApiError(ApiAnswer answer, CallFacts call)  // NOLINT(performance-unnecessary-value-param): as its kin
    : ChatAppsError(describe(answer, call), call), answer_(std::make_shared<const ApiAnswer>(std::move(answer))) {}

TransportError::TransportError(const std::string& what, CallFacts call, int osError)
    : ChatAppsError(what, std::move(call)), osError_(osError) {}

TimeoutError::TimeoutError(const std::string& what, CallFacts call, bool wouldWait)
    : ChatAppsError(what, std::move(call)), wouldWait_(wouldWait) {}

DecodeError::DecodeError(const std::string& problem, std::string where, CallFacts call, int httpStatus,
                         std::string contentType)
    : ChatAppsError("unreadable answer: " + problem + (where.empty() ? "" : " at " + printable(where)), std::move(call)),
      place_(std::make_shared<const Place>(Place{std::move(where), httpStatus, std::move(contentType)})) {}

WaitTimeoutError::WaitTimeoutError(const std::string& what, CallFacts call) : TimeoutError(what, std::move(call)) {}

UnreachableGoalError::UnreachableGoalError(const std::string& what, CallFacts call) : ChatAppsError(what, std::move(call)) {}

CheckpointError::CheckpointError(const std::string& file, std::size_t line, const std::string& problem)
    : ChatAppsError("checkpoint " + printable(file) + (line > 0 ? ", line " + std::to_string(line) : "") + " " + problem, {}),
      file_(std::make_shared<const std::string>(file)),
      line_(line) {}

void attachReport(ChatAppsError& error, const std::shared_ptr<const DeliveryReport>& report) {
  CallFacts call = *error.call_;
  call.lastReport = report;
  error.call_ = std::make_shared<const CallFacts>(std::move(call));
}

// One place for each vtable, so that a catch in another library sees the same type.
ChatAppsError::~ChatAppsError() = default;
InvalidArgumentError::~InvalidArgumentError() = default;
ApiError::~ApiError() = default;
BadRequestError::~BadRequestError() = default;
UnauthorizedError::~UnauthorizedError() = default;
ForbiddenError::~ForbiddenError() = default;
NotFoundError::~NotFoundError() = default;
UpgradeRequiredError::~UpgradeRequiredError() = default;
RateLimitError::~RateLimitError() = default;
ServerError::~ServerError() = default;
TransportError::~TransportError() = default;
TlsError::~TlsError() = default;
TimeoutError::~TimeoutError() = default;
CancelledError::~CancelledError() = default;
DecodeError::~DecodeError() = default;
WaitTimeoutError::~WaitTimeoutError() = default;
UnreachableGoalError::~UnreachableGoalError() = default;
CheckpointError::~CheckpointError() = default;

}  // namespace chatapps
