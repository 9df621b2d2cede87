/// @file bulk_line.hpp
/// What one line of a bulk file means.
#pragma once

#include <chatapps/bulk.hpp>
#include <string>
#include <string_view>

namespace chatapps::cli {

/// An empty line or a `#` comment: it asks for nothing. Of a line that was cut only the beginning is known.
bool isSkippedBulkLine(std::string_view line, bool wasCut = false);

/// `subaccount,umid`, or a umid alone where `defaultSubAccountId` is not empty. Blanks around either do not matter.
/// Throws InvalidArgumentError for what is neither; whether the ids themselves can be right is the library's to say.
MessageRef parseBulkLine(std::string_view line, const std::string& defaultSubAccountId);

}  // namespace chatapps::cli
