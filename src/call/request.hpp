// From ids, key and headers to one request that is safe to send.
#pragma once

#include <string>
#include <string_view>

#include "chatapps/transport.hpp"

namespace chatapps::call {

/// Each throws InvalidArgumentError naming the argument, without echoing a secret.
void checkSubAccountId(std::string_view subAccountId);  ///< `^[A-Za-z0-9\-._&]{3,50}$`
void checkUmid(std::string_view umid);                  ///< a dashed UUID, either case
void checkApiKey(std::string_view key);                 ///< printable ASCII without spaces
void checkHeaders(const Headers& headers);              ///< names, values, and not those that the library sets itself
void checkUserAgentSuffix(std::string_view suffix);     ///< printable ASCII

/// `base` is BaseUrl::text; the ids have been checked.
std::string messageUrl(std::string_view base, std::string_view subAccountId, std::string_view umid);

/// The call's own headers, and those of the client that it does not name.
Headers overridden(const Headers& ofClient, const Headers& ofCall);

/// Everything that is sent beside Host.
Headers requestHeaders(std::string_view key, std::string_view userAgentSuffix, const Headers& added);

}  // namespace chatapps::call
