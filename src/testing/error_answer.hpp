// The API's error answers.
#pragma once

#include <string_view>

#include "chatapps/timestamp.hpp"
#include "chatapps/transport.hpp"

namespace chatapps::testing {

/// What the API finds wrong with a request.
struct Refusal {
  int status;
  int code;
  std::string_view message;
  const char* zone;  // of the timestamp: the published examples have both spellings
};

inline constexpr Refusal kInvalidUmid{400, 1000, "Invalid umid.", "+00:00"};
inline constexpr Refusal kForeignSubAccount{400, 1001, "Provided subAccountId doesn't belongs to your account",
                                            "+00:00"};
inline constexpr Refusal kNotAuthenticated{401, 1200, "Request was not authenticated properly", "+00:00"};
inline constexpr Refusal kNoSuchPath{404, 1300, "Not found", "Z"};
inline constexpr Refusal kNoSuchMessage{404, 4018, "Invalid jobId", "Z"};

HttpResponse errorAnswer(const Refusal& refusal, std::string_view errorId, SystemTime date);

/// A 429 that tells to come back in `wait`, rounded up to whole seconds.
HttpResponse quotaExceeded(Clock::duration wait, bool retryAfterHeader, std::string_view errorId, SystemTime date);

}  // namespace chatapps::testing
