#include "bulk_line.hpp"

#include <chatapps/errors.hpp>

namespace chatapps::cli {
namespace {

/// Without the blanks around it, and without the byte order mark that some editors put before the first line.
std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) text.remove_prefix(kByteOrderMark.size());
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

bool isSkippedBulkLine(std::string_view line, bool wasCut) {
  const auto text = trimmed(line);
  return text.empty() ? !wasCut : text.front() == '#';
}

MessageRef parseBulkLine(std::string_view line, const std::string& defaultSubAccountId) {
  const auto text = trimmed(line);
  const auto comma = text.find(',');
  if (comma == std::string_view::npos) {
    if (defaultSubAccountId.empty()) {
      throw InvalidArgumentError("line", "must be 'subaccount,umid'; a umid alone needs --subaccount");
    }
    return {defaultSubAccountId, std::string(text)};
  }
  const auto subAccountId = trimmed(text.substr(0, comma)), umid = trimmed(text.substr(comma + 1));
  if (subAccountId.empty() || umid.empty() || umid.find(',') != std::string_view::npos) {
    throw InvalidArgumentError("line", "must be 'subaccount,umid', neither empty and nothing more");
  }
  return {std::string(subAccountId), std::string(umid)};
}

}  // namespace chatapps::cli
