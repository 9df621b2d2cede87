// The first line is the error's message; the others are values of Retry-After, but the second, which is that of Date.
#include "call/retry_after.hpp"

#include <string>

#include "fuzz_target.hpp"

namespace chatapps::fuzz {
namespace {

void run(std::string_view input) {
  using std::chrono::milliseconds;
  const SystemTime now(std::chrono::hours(24 * 365 * 56));
  const std::string message(takeLine(input));
  HttpResponse response;
  response.headers.emplace_back("Date", takeLine(input));
  std::optional<milliseconds> before = call::retryAfter(response, message, now);
  promise(!before || *before <= std::chrono::hours(24), "a message asks for at most a day");
  while (!input.empty()) {
    response.headers.emplace_back("Retry-After", takeLine(input));
    const std::optional<milliseconds> asked = call::retryAfter(response, message, now);
    promise(!asked || (asked->count() >= 0 && *asked <= std::chrono::seconds(1'000'000'000)), "it is bounded");
    promise(asked >= before, "the largest counts: a further header never shortens the wait");
    before = asked;
  }
  const bool anyDigit = message.find_first_of("0123456789") != std::string::npos;
  promise(anyDigit || response.headers.size() > 1 || !before, "it is never made up");
}

const Registered registered("retry_after", run);

}  // namespace
}  // namespace chatapps::fuzz
