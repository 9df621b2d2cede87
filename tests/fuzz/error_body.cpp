// An error answer, from its bytes to the error that the caller catches. The first byte chooses the status.
#include <array>
#include <string>

#include "call/judge.hpp"
#include "fuzz_target.hpp"

namespace chatapps::fuzz {
namespace {

constexpr std::string_view kSecret = "a-key-77";

void look(const ApiError& error, int status, std::string_view body) {
  promise(error.httpStatus() == status, "the status is the answer's");
  const bool mayEcho = body.find(kSecret) != std::string_view::npos || body.find('\\') != std::string_view::npos;
  promise(mayEcho || error.body() == body, "a body without the API key is kept as it came");
  promise(error.body().find(kSecret) == std::string::npos, "body() does not hold the API key");
  promisePrintable(error.what());
  const bool shown = std::string_view(error.what()).find(kSecret) != std::string_view::npos;
  promise(!shown, "what() does not hold the API key");
  promise(!error.message() || error.message()->find(kSecret) == std::string::npos, "message() neither");
  promise(!error.errorId() || error.errorId()->find(kSecret) == std::string::npos, "errorId() neither");
  if (error.timestamp()) static_cast<void>(error.timestamp()->time());
  promise(!error.retryAfter() || (error.retryAfter()->count() >= 0 && *error.retryAfter() <= std::chrono::hours(24)),
          "a message asks for at most a day");
}

void run(std::string_view input) {
  constexpr std::array<int, 12> kStatuses{301, 400, 401, 403, 404, 410, 422, 426, 429, 500, 503, 999};
  if (input.empty()) return;
  HttpResponse response;
  response.status = kStatuses.at(static_cast<unsigned char>(input.front()) % kStatuses.size());
  response.body = std::string(input.substr(1));
  const int status = response.status;
  CallFacts facts;
  facts.umid = "dec02e44-c76f-4a0a-b69f-6ac2a4386eb9";
  facts.subAccountId = "sandbox";
  const call::Verdict verdict = call::judge(std::move(response), facts, kSecret, SystemTime());
  const auto* refusal = std::get_if<call::Refusal>(&verdict);
  promise(refusal != nullptr, "what is no 2xx is a refusal");
  try {
    std::rethrow_exception(refusal->error);
  } catch (const ApiError& error) {
    look(error, status, input.substr(1));
  }
}

const Registered registered("error_body", run);

}  // namespace
}  // namespace chatapps::fuzz
