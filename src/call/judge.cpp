#include "call/judge.hpp"

#include <algorithm>
#include <utility>

#include "call/retry_after.hpp"
#include "call/retry_policy.hpp"
#include "decode/error_body.hpp"
#include "decode/message_details.hpp"

namespace chatapps::call {
namespace {

template <class Error>
std::exception_ptr make(const ApiAnswer& answer, const CallFacts& call) {
  return std::make_exception_ptr(Error(answer, call));
}

// The status alone decides the type.
std::exception_ptr typedError(const ApiAnswer& answer, const CallFacts& call) {
  switch (answer.httpStatus) {
    case 400:
    case 422: return make<BadRequestError>(answer, call);
    case 401: return make<UnauthorizedError>(answer, call);
    case 403: return make<ForbiddenError>(answer, call);
    case 404:
    case 410: return make<NotFoundError>(answer, call);
    case 426: return make<UpgradeRequiredError>(answer, call);
    case 429: return make<RateLimitError>(answer, call);
    default: break;
  }
  if (answer.httpStatus >= 500 && answer.httpStatus <= 599) return make<ServerError>(answer, call);
  return make<ApiError>(answer, call);
}

std::string contentType(const HttpResponse& response) {
  const std::string* type = response.header("Content-Type");
  return type ? *type : std::string();
}

// A shorter key is a word that any text may hold, such as one made up for a test.
constexpr std::size_t kShortestSecret = 8;

bool holds(std::string_view text, std::string_view secret) {
  return secret.size() >= kShortestSecret && text.find(secret) != std::string_view::npos;
}

constexpr const char* kHidden = "(hidden: it held the API key)";

Refusal refuse(HttpResponse&& response, CallFacts call, std::string_view secret, SystemTime utcNow) {
  decode::ErrorBody said = decode::errorBody(response.body);
  Refusal refusal;
  refusal.httpStatus = response.status;
  refusal.retryAfter = retryAfter(response, said.message, utcNow);
  call.retryable = response.status == 429 || isRetryableStatus(response.status);
  bool echoed = holds(response.body, secret);
  if (said.message) echoed |= hide(*said.message, secret);
  if (said.errorId) echoed |= hide(*said.errorId, secret);
  if (said.timestamp && holds(said.timestamp->text(), secret)) {
    said.timestamp.reset();
    echoed = true;
  }
  if (said.code && holds(std::to_string(*said.code), secret)) said.code.reset();  // some keys are numbers
  if (echoed) response.body = kHidden;  // the key may stand there in JSON's escapes
  ApiAnswer answer;
  answer.httpStatus = response.status;
  answer.code = said.code;
  answer.message = std::move(said.message);
  answer.errorId = std::move(said.errorId);
  answer.timestamp = std::move(said.timestamp);
  answer.retryAfter = refusal.retryAfter;
  answer.contentType = contentType(response);
  hide(answer.contentType, secret);
  answer.body = std::move(response.body);
  refusal.error = typedError(answer, call);
  return refusal;
}

Unreadable unreadable(const HttpResponse& response, CallFacts call, std::string_view secret,
                      decode::Problem&& problem) {
  call.retryable = problem.cut;
  std::string text = problem.what + " (HTTP " + std::to_string(response.status) + ", " +
                     std::to_string(response.body.size()) + " bytes)";
  std::string type = contentType(response);
  hide(type, secret);
  return {problem.cut, std::make_exception_ptr(DecodeError(text, problem.where, call, response.status, type))};
}

}  // namespace

bool hide(std::string& text, std::string_view secret) {
  const bool held = holds(text, secret);
  if (held) text = kHidden;
  return held;
}

Verdict judge(HttpResponse response, const CallFacts& call, std::string_view secret, SystemTime utcNow) {
  if (response.status < 200 || response.status > 299) return refuse(std::move(response), call, secret, utcNow);
  if (response.status == 206)
    return unreadable(response, call, secret, {"", "the server sent only a part of the answer", false});
  auto decoded = decode::messageDetails(response.body);
  if (auto* problem = std::get_if<decode::Problem>(&decoded))
    return unreadable(response, call, secret, std::move(*problem));
  auto& details = std::get<MessageDetails>(decoded);
  const bool ours = std::all_of(details.begin(), details.end(), [&](const MessageDetail& detail) {
    return detail.umid == call.umid || equalIgnoringCase(detail.umid, call.umid);
  });
  if (!ours) return Desync{};
  return std::move(details);
}

}  // namespace chatapps::call
