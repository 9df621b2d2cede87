// What a running `chatapps-sandbox` saw.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace chatapps::support {

struct LoggedRequest {
  std::chrono::nanoseconds at;  ///< on the server's clock
  std::string subAccountId, umid;
  int status = 0;
};

/// All requests in order of arrival, asked from the server at `port`. Throws std::runtime_error where it does not tell.
std::vector<LoggedRequest> sandboxLog(int port);

}  // namespace chatapps::support
