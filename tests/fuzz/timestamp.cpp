#include "chatapps/timestamp.hpp"

#include <string>

#include "fuzz_target.hpp"
#include "testing/wire_time.hpp"

namespace chatapps::fuzz {
namespace {

void run(std::string_view text) {
  const Timestamp timestamp{std::string(text)};
  promise(timestamp.text() == text, "the text is kept as it came");
  const std::optional<SystemTime> time = timestamp.time();
  if (!time) return;
  promise(text.size() >= 20 && text.find_first_not_of("0123456789TtZz:+-., ") == std::string_view::npos,
          "only a full date and time with a zone has an instant");
  const SystemTime tick(time->time_since_epoch() - time->time_since_epoch() % std::chrono::nanoseconds(100));
  if (tick < SystemTime()) return;  // what writes times knows none before 1970
  promise(Timestamp(testing::isoTime(tick)).time() == tick, "what is written and read again is the same instant");
  promise(Timestamp(testing::isoTime(tick, "+00:00")).time() == tick, "whatever the spelling of its zone");
}

const Registered registered("timestamp", run);

}  // namespace
}  // namespace chatapps::fuzz
