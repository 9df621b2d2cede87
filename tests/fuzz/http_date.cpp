#include "call/http_date.hpp"

#include <string>

#include "fuzz_target.hpp"
#include "testing/wire_time.hpp"

namespace chatapps::fuzz {
namespace {

void run(std::string_view text) {
  const auto time = call::httpDate(text);
  if (!time) return;
  promise(time->time_since_epoch() % std::chrono::seconds(1) == std::chrono::seconds(0), "a date has whole seconds");
  promise(call::httpDate(testing::httpDate(*time)) == time, "what is written and read again is the same date");
}

const Registered registered("http_date", run);

}  // namespace
}  // namespace chatapps::fuzz
