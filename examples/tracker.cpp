// Follow many messages on one thread, until it is known what became of each. A checkpoint survives a crash.
//
//   CHATAPPS_API_KEY=... tracker SUBACCOUNT CHECKPOINT < umids.txt
#include <chatapps/chatapps.hpp>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  const std::string subAccountId = argc > 1 ? argv[1] : "sandbox";

  chatapps::TrackerOptions options;
  options.goal = chatapps::Goal::Delivered;
  if (argc > 2) options.checkpointFile = argv[2];
  // Called on the thread of run(), one change at a time. To have none twice after a crash, keep its number with what
  // you make of it, and give the last one as options.kept.
  options.onChange = [](const chatapps::TrackedChange& change) {
    std::cout << change.number << ' ' << change.umid << ' ' << chatapps::printable(change.report.state.text());
    if (change.ending == chatapps::Ending::Reached)
      std::cout << ", delivered by " << chatapps::printable(change.report.channel.text());
    if (change.ending != chatapps::Ending::None && change.ending != chatapps::Ending::Reached)
      std::cout << ", not known to be delivered";
    std::cout << std::endl;
  };

  try {
    chatapps::DeliveryTracker tracker(chatapps::ChatAppsClient::fromEnvironment(), options);
    for (std::string umid; std::getline(std::cin, umid);) tracker.follow({subAccountId, umid});
    std::cout << tracker.following() << " messages, a look at each takes " << tracker.cycleTime(subAccountId).count()
              << " ms\n";
    tracker.run();
    return 0;
  } catch (const chatapps::ChatAppsError& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
