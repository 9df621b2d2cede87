// The lines of an answer's head, each with its end.
#include "http/answer_head.hpp"

#include <algorithm>
#include <string>

#include "fuzz_target.hpp"

namespace chatapps::fuzz {
namespace {

void run(std::string_view input) {
  constexpr std::size_t kMaxBody = 1000;
  http::AnswerHead head;
  while (!input.empty()) {
    const std::size_t end = std::min(input.find('\n'), input.size() - 1) + 1;
    const auto failure = head.add(input.substr(0, end), kMaxBody);
    input.remove_prefix(end);
    if (!failure) continue;
    promisePrintable(failure->reason);
    promise(!failure->reason.empty(), "a failure says why");
    return;
  }
  for (const auto& [name, value] : head.takeHeaders())
    promise((name + value).find('\n') == std::string::npos, "no header holds a line break");
}

const Registered registered("answer_head", run);

}  // namespace
}  // namespace chatapps::fuzz
