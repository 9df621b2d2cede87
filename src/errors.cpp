#include "chatapps/errors.hpp"

#include <memory>
#include <utility>

#include "chatapps/printable.hpp"
#include "chatapps/tracker.hpp"
#include "chatapps/wait.hpp"
#include "error_facts.hpp"

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
  text += ": HTTP " + std::to_string(answer.httpStatus);
  if (call.baseUrl) text += " from " + printable(*call.baseUrl);
  text += " for umid " + call.umid + " of subaccount " + call.subAccountId;
  if (answer.code || answer.errorId) {
    text += " (";
    if (answer.code) text += "code " + std::to_string(*answer.code);
    if (answer.code && answer.errorId) text += ", ";
    if (answer.errorId) text += "errorId " + printable(*answer.errorId, kShownErrorId);
    text += ")";
  }
  return text;
}

std::shared_ptr<ErrorFacts> about(const CallFacts& call) {
  auto facts = std::make_shared<ErrorFacts>();
  facts->call = call;
  return facts;
}

std::shared_ptr<const ErrorFacts> about(const CallFacts& call, const ApiAnswer& answer) {
  auto facts = about(call);
  facts->answer = answer;
  return facts;
}

std::shared_ptr<const ErrorFacts> about(const CallFacts& call, std::string place, int httpStatus = 0,
                                        std::string contentType = {}) {
  auto facts = about(call);
  facts->place = std::move(place);
  facts->answer.httpStatus = httpStatus;
  facts->answer.contentType = std::move(contentType);
  return facts;
}

std::string inLine(std::size_t line) { return line > 0 ? ", line " + std::to_string(line) : std::string(); }

}  // namespace

ChatAppsError::ChatAppsError(std::shared_ptr<const ErrorFacts> facts, const std::string& what)
    : std::runtime_error(what), facts_(std::move(facts)) {}

ChatAppsError::ChatAppsError(const std::string& what, const CallFacts& call) : ChatAppsError(about(call), what) {}

InvalidArgumentError::InvalidArgumentError(const std::string& argument, const std::string& problem,
                                           const CallFacts& call)
    : ChatAppsError(about(call, argument), "invalid argument: " + argument + " " + problem) {}

ApiError::ApiError(const ApiAnswer& answer, const CallFacts& call)
    : ChatAppsError(about(call, answer), describe(answer, call)) {}

TransportError::TransportError(const std::string& what, const CallFacts& call, int osError)
    : ChatAppsError(what, call), osError_(osError) {}

TimeoutError::TimeoutError(const std::string& what, const CallFacts& call, bool wouldWait)
    : ChatAppsError(what, call), wouldWait_(wouldWait) {}

DecodeError::DecodeError(const std::string& problem, const std::string& where, const CallFacts& call, int httpStatus,
                         std::string contentType)
    : ChatAppsError(about(call, where, httpStatus, std::move(contentType)),
                    "unreadable answer: " + problem + (where.empty() ? "" : " at " + printable(where))) {}

WaitTimeoutError::WaitTimeoutError(const std::string& what, const CallFacts& call) : TimeoutError(what, call) {}

UnreachableGoalError::UnreachableGoalError(const std::string& what, const CallFacts& call)
    : ChatAppsError(what, call) {}

CheckpointError::CheckpointError(const std::string& file, std::size_t line, const std::string& problem)
    : ChatAppsError(about(CallFacts{}, file), "checkpoint " + printable(file) + inLine(line) + " " + problem),
      line_(line) {}

void attachReport(ChatAppsError& error, const std::shared_ptr<const DeliveryReport>& report) {
  std::shared_ptr<const DeliveryReport> none;
  std::atomic_compare_exchange_strong(&error.facts_->lastReport, &none, report);
}

int ChatAppsError::attempts() const noexcept { return facts_->call.attempts; }
bool ChatAppsError::retryable() const noexcept { return facts_->call.retryable; }
Delivery ChatAppsError::delivery() const noexcept { return facts_->call.delivery; }
const std::string& ChatAppsError::subAccountId() const noexcept { return facts_->call.subAccountId; }
const std::string& ChatAppsError::umid() const noexcept { return facts_->call.umid; }
std::string_view ChatAppsError::baseUrl() const noexcept {
  return facts_->call.baseUrl ? std::string_view(*facts_->call.baseUrl) : std::string_view();
}
const DeliveryReport* ChatAppsError::lastReport() const noexcept { return std::atomic_load(&facts_->lastReport).get(); }
const std::string& InvalidArgumentError::argument() const noexcept { return facts_->place; }
int ApiError::httpStatus() const noexcept { return facts_->answer.httpStatus; }
const std::optional<std::int64_t>& ApiError::code() const noexcept { return facts_->answer.code; }
const std::optional<std::string>& ApiError::message() const noexcept { return facts_->answer.message; }
const std::optional<std::string>& ApiError::errorId() const noexcept { return facts_->answer.errorId; }
const std::optional<Timestamp>& ApiError::timestamp() const noexcept { return facts_->answer.timestamp; }
const std::optional<std::chrono::milliseconds>& ApiError::retryAfter() const noexcept {
  return facts_->answer.retryAfter;
}
const std::string& ApiError::body() const noexcept { return facts_->answer.body; }
const std::string& ApiError::contentType() const noexcept { return facts_->answer.contentType; }
const std::string& DecodeError::where() const noexcept { return facts_->place; }
int DecodeError::httpStatus() const noexcept { return facts_->answer.httpStatus; }
const std::string& DecodeError::contentType() const noexcept { return facts_->answer.contentType; }
const std::string& CheckpointError::file() const noexcept { return facts_->place; }

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
