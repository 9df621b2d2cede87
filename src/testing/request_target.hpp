// What a request asks for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chatapps/transport.hpp"

namespace chatapps::testing {

/// The two ids of `/api/v1/subaccounts/{subAccountId}/messages/{umid}`, decoded and otherwise as they came.
struct RequestTarget {
  std::string subAccountId, umid;
};

/// Nullopt where the URL's path is another one, or is badly encoded.
std::optional<RequestTarget> requestTarget(std::string_view url);

/// The key of `Authorization: Bearer KEY`; empty where there is none.
std::string_view bearerKey(const HttpRequest& request);

}  // namespace chatapps::testing
