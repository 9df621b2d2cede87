// Take delivery receipts in over HTTP, and look only at the messages whose receipts got lost.
//
//   CHATAPPS_API_KEY=... RECEIPTS_AUTHORIZATION=... receipts PORT SUBACCOUNT PATIENCE < umids.txt
#include <httplib.h>

#include <chatapps/chatapps.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

/// What an endpoint for receipts does with a request.
void take(const httplib::Request& request, const std::string& expected, chatapps::DeliveryTracker& tracker,
          httplib::Response& response) {
  if (!chatapps::authorizedBy(request.get_header_value("Authorization"), expected)) {
    response.status = 401;
    return;
  }
  try {
    tracker.ingest(chatapps::parseDeliveryReceipt(request.body));  // from any thread; waits for nothing
  } catch (const chatapps::DecodeError&) {
    response.status = 400;
  }
}

int portOf(const std::string& text) {
  std::size_t read = 0;
  const int port = text.empty() || text.size() > 5 ? -1 : std::stoi("0" + text, &read);
  if (port < 0 || port > 65535 || read != text.size() + 1) throw std::invalid_argument("PORT must be from 0 to 65535");
  return port;
}

int track(int port, const std::string& subAccountId, std::chrono::seconds patience, const std::string& expected) {
  chatapps::TrackerOptions options;
  options.receiptPatience = patience;  // so long a receipt is waited for before a look
  options.onChange = [](const chatapps::TrackedChange& change) {
    std::cout << change.umid << ' ' << chatapps::printable(change.report.state.text())
              << (change.ending != chatapps::Ending::None ? ", final" : "") << std::endl;
  };
  chatapps::DeliveryTracker tracker(chatapps::ChatAppsClient::fromEnvironment(), options);

  httplib::Server server;
  server.Post("/receipts", [&](const auto& request, auto& response) { take(request, expected, tracker, response); });
  if (port == 0) {
    port = server.bind_to_any_port("127.0.0.1");
  } else if (!server.bind_to_port("127.0.0.1", port)) {
    std::cerr << "port " << port << " is taken\n";
    return 1;
  }
  std::thread listener([&server] { server.listen_after_bind(); });
  while (!server.is_running()) std::this_thread::yield();  // before it runs, `stop` would do nothing
  std::cout << "receipts at http://127.0.0.1:" << port << "/receipts" << std::endl;

  int exitCode = 0;
  try {
    for (std::string umid; std::getline(std::cin, umid);) tracker.follow({subAccountId, umid});
    tracker.run();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    exitCode = 1;
  }
  server.stop();
  listener.join();
  return exitCode;
}

}  // namespace

int main(int argc, char** argv) {
  // The value that was configured with 8x8 for the header Authorization.
  const char* const expected = std::getenv("RECEIPTS_AUTHORIZATION");
  try {
    return track(argc > 1 ? portOf(argv[1]) : 0, argc > 2 ? argv[2] : "sandbox",
                 std::chrono::seconds(argc > 3 ? std::stoi(argv[3]) : 60), expected ? expected : "");
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
