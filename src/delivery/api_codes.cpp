#include "delivery/api_codes.hpp"

namespace chatapps {

using delivery::kApiCodes;

bool ApiCode::isKnown() const noexcept { return kApiCodes.find(code) != nullptr; }
std::string ApiCode::text() const { return delivery::textOf(kApiCodes.find(code), code); }
CodeClass ApiCode::codeClass() const noexcept { return delivery::classOf(kApiCodes.find(code)); }
std::string_view ApiCode::advice() const noexcept { return delivery::adviceOf(kApiCodes.find(code)); }

}  // namespace chatapps
