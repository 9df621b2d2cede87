// What became of a message? Prints every channel that was tried, in order.
//
//   CHATAPPS_API_KEY=... quickstart SUBACCOUNT UMID
//
// CHATAPPS_REGION or CHATAPPS_BASE_URL say where; without arguments it asks for a message of `chatapps-sandbox`.
#include <chatapps/chatapps.hpp>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  const std::string subAccountId = argc > 1 ? argv[1] : "sandbox";
  const std::string umid = argc > 2 ? argv[2] : "a0000000-0000-4000-8000-000000000003";

  try {
    const auto client = chatapps::ChatAppsClient::fromEnvironment();

    for (const auto& record : client.getMessageDetails(subAccountId, umid)) {
      const auto& status = record.status;
      std::cout << "step " << record.step << ": " << record.channel.text() << ' ' << status.state.text();
      if (status.timestamp) std::cout << " at " << status.timestamp->text();
      if (status.errorMessage) std::cout << " (" << chatapps::printable(*status.errorMessage) << ')';
      std::cout << '\n';

      if (status.state == chatapps::State::Delivered) std::cout << "delivered by " << record.channel.text() << '\n';
    }
    return 0;
  } catch (const chatapps::NotFoundError& error) {
    std::cerr << "no such message; 8x8 support can look up errorId " << error.errorId().value_or("(none)") << '\n';
  } catch (const chatapps::ChatAppsError& error) {  // the root of all others
    std::cerr << error.what() << '\n';
  }
  return 1;
}
