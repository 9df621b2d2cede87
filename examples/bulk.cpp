// Many messages: as fast as the limits allow, in bounded memory, and a bad one never ends the run.
//
//   CHATAPPS_API_KEY=... bulk SUBACCOUNT < umids.txt
#include <chatapps/chatapps.hpp>
#include <iostream>
#include <optional>
#include <string>

int main(int argc, char** argv) {
  const std::string subAccountId = argc > 1 ? argv[1] : "sandbox";

  // Asked for the next message only when there is room for it: the list may be endless.
  const auto source = [&]() -> std::optional<chatapps::MessageRef> {
    std::string umid;
    if (!std::getline(std::cin, umid)) return std::nullopt;
    return chatapps::MessageRef{subAccountId, umid};
  };

  // Results come as they finish, one at a time, on this thread.
  const auto sink = [](const chatapps::BulkResult& result) {
    std::cout << chatapps::printable(result.ref.umid) << ": ";
    try {
      for (const auto& record : result.outcome.value())
        std::cout << record.channel.text() << ' ' << record.status.state.text() << "  ";
      std::cout << '\n';
    } catch (const chatapps::ChatAppsError& error) {
      std::cout << error.what() << '\n';
    }
  };

  try {
    const auto summary = chatapps::ChatAppsClient::fromEnvironment().getMany(source, sink);
    std::cout << summary.succeeded << " succeeded, " << summary.failed << " failed\n";
    return summary.failed == 0 ? 0 : 1;
  } catch (const chatapps::ChatAppsError& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
