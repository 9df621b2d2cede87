// From one answer to records or a typed error.
#pragma once

#include <exception>
#include <optional>
#include <variant>

#include "chatapps/errors.hpp"
#include "chatapps/message_detail.hpp"
#include "chatapps/transport.hpp"

namespace chatapps::call {

/// An answer that belongs to another message: the connection it came over can not be trusted.
struct Desync {};

struct Refusal {
  int httpStatus = 0;
  std::optional<std::chrono::milliseconds> retryAfter;
  std::exception_ptr error;  ///< the typed ApiError
};

/// A 2xx that can not be read.
struct Unreadable {
  bool cut = false;          ///< the body ends before the document does
  std::exception_ptr error;  ///< the DecodeError
};

using Verdict = std::variant<MessageDetails, Refusal, Unreadable, Desync>;

/// Replaces a text that holds the secret; says whether it did.
bool hide(std::string& text, std::string_view secret);

/// `secret` is the API key: where the server echoes it, the error does not show it.
Verdict judge(HttpResponse response, const CallFacts& call, std::string_view secret, SystemTime utcNow);

}  // namespace chatapps::call
