// Calls that do not hold up the thread that makes them: with a future, and with a callback.
//
//   CHATAPPS_API_KEY=... async SUBACCOUNT UMID UMID
#include <chatapps/chatapps.hpp>
#include <future>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

int main(int argc, char** argv) {
  const std::string subAccountId = argc > 1 ? argv[1] : "sandbox";
  const std::string first = argc > 2 ? argv[2] : "a0000000-0000-4000-8000-000000000001";
  const std::string second = argc > 3 ? argv[3] : "a0000000-0000-4000-8000-000000000003";

  try {
    // Keep the client until its calls are done: they end with it.
    const auto client = chatapps::ChatAppsClient::fromEnvironment();

    std::future<chatapps::MessageDetails> future = client.getMessageDetailsAsync(subAccountId, first);

    const auto done = std::make_shared<std::promise<bool>>();  // the callback owns what it needs
    client.getMessageDetailsAsync(subAccountId, second, {},
                                  [done](const chatapps::Outcome<chatapps::MessageDetails>& outcome) {
                                    // On the client's own thread: be quick, and hand longer work on.
                                    // ClientOptions::executor does that for you.
                                    if (outcome.ok())
                                      std::cout << "callback: " << outcome.value().size() << " channels were tried\n";
                                    done->set_value(outcome.ok());
                                  });

    std::cout << "both are under way; each waits for its turn, one a second\n";
    std::cout << "future: " << future.get().size() << " channels were tried\n";  // throws what the call ended with
    return done->get_future().get() ? 0 : 1;
  } catch (const chatapps::ChatAppsError& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
