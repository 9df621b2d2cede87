/// @file receipt_text.hpp
/// A delivery receipt, as a person and as a program reads it.
#pragma once

#include <chatapps/receipt.hpp>
#include <string>

#include "output/record_json.hpp"

namespace chatapps::cli {

/// One line a field. Text that a terminal could act on is escaped.
std::string receiptText(const DeliveryReceipt& receipt);

/// In the wire's own names; absent fields absent.
Json receiptJson(const DeliveryReceipt& receipt);

}  // namespace chatapps::cli
