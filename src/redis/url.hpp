// Where Redis is and who asks, as a URL says it.
#pragma once

#include <string>

namespace chatapps::redis {

struct Address {
  bool tls = false;
  std::string host;  ///< name or number, without brackets
  int port = 6379;
  int database = 0;
  std::string user;      ///< empty: Redis's default user
  std::string password;  ///< empty: none
};

/// Throws InvalidArgumentError, whose text holds nothing of the URL: it may hold a password.
Address parseUrl(const std::string& url);

}  // namespace chatapps::redis
