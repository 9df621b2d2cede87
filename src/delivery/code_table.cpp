#include "delivery/code_table.hpp"

namespace chatapps::delivery {
namespace {

std::string_view adviceFor(CodeClass codeClass) noexcept {
  switch (codeClass) {
    case CodeClass::NoFailure: return "Nothing to do.";
    case CodeClass::Permanent: return "Do not send it again this way: use another channel or another address.";
    case CodeClass::Transient: return "Try again later, with growing pauses.";
    case CodeClass::Configuration: return "Have the account, key or sender put right, then send again.";
    case CodeClass::OptedOut: return "Stop sending this to the person until they opt in again.";
    case CodeClass::Content: return "Change what is sent; the same again will fail again.";
    case CodeClass::Unknown: break;
  }
  return "Look the number up in 8x8's list of error codes, or ask its support.";
}

}  // namespace

std::string textOf(const CodeEntry* entry, std::int64_t code) {
  return entry ? entry->text : "unknown code " + std::to_string(code);
}

CodeClass classOf(const CodeEntry* entry) noexcept { return entry ? entry->codeClass : CodeClass::Unknown; }

std::string_view adviceOf(const CodeEntry* entry) noexcept {
  return entry && entry->advice ? entry->advice : adviceFor(classOf(entry));
}

}  // namespace chatapps::delivery
