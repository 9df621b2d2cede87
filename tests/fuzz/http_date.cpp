#include "call/http_date.hpp"

#include <string>

#include "civil_time.hpp"
#include "fuzz_target.hpp"
#include "testing/wire_time.hpp"

namespace chatapps::fuzz {
namespace {

void run(std::string_view text) {
  const auto time = call::httpDate(text);
  if (!time) return;
  const auto moment = systemTime(time->count());
  if (!moment) return;  // before 1678 or after 2261
  promise(call::httpDate(testing::httpDate(*moment)) == time, "what is written and read again is the same date");
}

const Registered registered("http_date", run);

}  // namespace
}  // namespace chatapps::fuzz
