// What an error carries besides its text.
#pragma once

#include <memory>
#include <string>

#include "chatapps/errors.hpp"

namespace chatapps {

/// One type for all errors, so that the public header needs only its name.
struct ErrorFacts {
  CallFacts call;
  ApiAnswer answer;   ///< of an ApiError; a DecodeError has its status and content type
  std::string place;  ///< the argument, JSON pointer or file that the error is about
  /// Of a wait: the last that was seen of the message. Set by an atomic step: an observer may have the error already.
  mutable std::shared_ptr<const DeliveryReport> lastReport;
};

}  // namespace chatapps
