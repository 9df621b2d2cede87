#include "testing/error_answer.hpp"

#include <chrono>

#include "testing/json_object.hpp"
#include "testing/wire_time.hpp"

namespace chatapps::testing {

HttpResponse errorAnswer(const Refusal& refusal, std::string_view errorId, SystemTime date) {
  HttpResponse response;
  response.status = refusal.status;
  JsonObject body(response.body);
  body.integer("code", refusal.code);
  body.text("message", refusal.message);
  body.text("errorId", errorId);
  body.text("timestamp", isoTime(date, refusal.zone));
  body.end();
  return response;
}

HttpResponse quotaExceeded(Clock::duration wait, bool retryAfterHeader, std::string_view errorId, SystemTime date) {
  const std::string seconds = std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count());
  const std::string message = "Quota exceeded. Please try again in " + seconds + " second(s).";
  HttpResponse response = errorAnswer({429, 429, message, "Z"}, errorId, date);
  if (retryAfterHeader) response.headers.emplace_back("Retry-After", seconds);
  return response;
}

}  // namespace chatapps::testing
