// Take delivery receipts in over HTTP, and look only at the messages whose receipts got lost.
//
//   CHATAPPS_API_KEY=... RECEIPTS_AUTHORIZATION=... receipts PORT SUBACCOUNT < umids.txt
#include <httplib.h>

#include <chatapps/chatapps.hpp>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

int main(int argc, char** argv) {
  const int port = argc > 1 ? std::atoi(argv[1]) : 8080;
  const std::string subAccountId = argc > 2 ? argv[2] : "sandbox";
  const char* const configured = std::getenv("RECEIPTS_AUTHORIZATION");
  const std::string expected = configured ? configured : "";  // the value that was configured with 8x8

  chatapps::TrackerOptions options;
  options.onChange = [](const chatapps::TrackedChange& change) {
    std::cout << change.umid << ' ' << chatapps::printable(change.report.state.text())
              << (change.ending ? ", final" : "") << std::endl;
  };

  try {
    chatapps::DeliveryTracker tracker(chatapps::ChatAppsClient::fromEnvironment(), options);
    for (std::string umid; std::getline(std::cin, umid);) tracker.follow({subAccountId, umid});

    httplib::Server server;
    server.Post("/receipts", [&](const httplib::Request& request, httplib::Response& response) {
      if (!chatapps::authorizedBy(request.get_header_value("Authorization"), expected)) {
        response.status = 401;
        return;
      }
      try {
        tracker.ingest(chatapps::parseDeliveryReceipt(request.body));  // from the server's threads
      } catch (const chatapps::DecodeError&) {
        response.status = 400;  // and 8x8 tries it again
      }
    });
    if (!server.bind_to_port("127.0.0.1", port)) {
      std::cerr << "port " << port << " is taken\n";
      return 1;
    }
    std::thread listener([&server] { server.listen_after_bind(); });
    std::cout << "receipts at http://127.0.0.1:" << port << "/receipts" << std::endl;

    std::string problem;
    try {
      tracker.run();
    } catch (const chatapps::ChatAppsError& error) {
      problem = error.what();
    }
    server.stop();
    listener.join();
    if (!problem.empty()) std::cerr << problem << '\n';
    return problem.empty() ? 0 : 1;
  } catch (const chatapps::ChatAppsError& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
