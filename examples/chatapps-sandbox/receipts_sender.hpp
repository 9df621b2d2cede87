// Posts the sandbox's delivery receipts to a URL, as 8x8 does.
#pragma once

#include <chatapps/testing/sandbox.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace chatapps::sandbox {

/// Where to. Loopback only: a sandbox disturbs nobody else.
struct ReceiptsUrl {
  std::string origin;  ///< such as `http://127.0.0.1:8080`
  std::string path;    ///< such as `/receipts`
};

/// Nullopt for anything but plain http to 127.0.0.1, localhost or [::1].
std::optional<ReceiptsUrl> readReceiptsUrl(std::string_view url);

struct ReceiptsTarget {
  ReceiptsUrl url;
  std::string authorization;  ///< value of that header; empty: none
};

/// Posts each receipt when it is due, until the process ends. One that is not answered with a 2xx is tried again after
/// 1, 10, 30 and 90 seconds, then given up.
void sendReceipts(testing::Sandbox& sandbox, const ReceiptsTarget& target, bool verbose);

}  // namespace chatapps::sandbox
