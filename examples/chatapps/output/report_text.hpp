/// @file report_text.hpp
/// What became of a message, as a person reads it.
#pragma once

#include <chatapps/delivery_report.hpp>
#include <string>

namespace chatapps::cli {

/// A line that says it all, then a line for each step that did not win. Text that a terminal could act on is escaped.
std::string reportText(const DeliveryReport& report);

}  // namespace chatapps::cli
