#include "error_text.hpp"

#include <chatapps/errors.hpp>
#include <chatapps/printable.hpp>

#include "error_kind.hpp"

namespace chatapps::cli {

std::string errorText(const std::exception& error) {
  const std::string advice = errorKind(error).advice;
  std::string text = "chatapps: " + printable(error.what(), 4096) + "\n";
  std::string next;
  const auto* api = dynamic_cast<const ApiError*>(&error);
  if (api != nullptr && api->message()) next += "8x8 says \"" + printable(*api->message(), 300) + "\". ";
  next += advice;
  if (!next.empty()) text += "          " + next + "\n";
  return text;
}

}  // namespace chatapps::cli
