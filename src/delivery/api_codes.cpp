#include "delivery/api_codes.hpp"

namespace chatapps {

using delivery::CodeEntry;
using delivery::kApiCodes;

bool ApiCode::isKnown() const noexcept { return kApiCodes.find(code) != nullptr; }

std::string ApiCode::text() const {
  const CodeEntry* entry = kApiCodes.find(code);
  return entry ? std::string(entry->text) : "unknown code " + std::to_string(code);
}

CodeClass ApiCode::codeClass() const noexcept {
  const CodeEntry* entry = kApiCodes.find(code);
  return entry ? entry->codeClass : CodeClass::Unknown;
}

std::string_view ApiCode::advice() const noexcept {
  const CodeEntry* entry = kApiCodes.find(code);
  return entry && !entry->advice.empty() ? entry->advice : delivery::adviceFor(codeClass());
}

}  // namespace chatapps
