// Ctrl-C ends the calls, not the program: a thread waits for the signal and cancels.
//
//   CHATAPPS_API_KEY=... cancel SUBACCOUNT UMID
#include <csignal>

#include <chatapps/chatapps.hpp>
#include <iostream>
#include <string>
#include <thread>

int main(int argc, char** argv) {
  const std::string subAccountId = argc > 1 ? argv[1] : "sandbox";
  const std::string umid = argc > 2 ? argv[2] : "a0000000-0000-4000-8000-000000000003";

  // Blocked before any thread exists, so that all of them inherit it and only sigwait receives the signal. A handler is
  // no place to cancel from: cancelling takes locks.
  sigset_t interrupts;
  sigemptyset(&interrupts);
  sigaddset(&interrupts, SIGINT);
  pthread_sigmask(SIG_BLOCK, &interrupts, nullptr);

  const chatapps::CancellationSource source;
  std::thread([source, interrupts] {
    int signal = 0;
    sigwait(&interrupts, &signal);
    source.cancel();
  }).detach();

  try {
    const auto client = chatapps::ChatAppsClient::fromEnvironment();
    chatapps::CallOptions call;
    call.cancellation = source.token();
    while (true) {
      for (const auto& record : client.getMessageDetails(subAccountId, umid, call)) {
        std::cout << record.channel.text() << ' ' << record.status.state.text() << "  ";
      }
      std::cout << "(Ctrl-C ends this)" << std::endl;
    }
  } catch (const chatapps::CancelledError&) {
    std::cout << "cancelled; this is where to clean up" << std::endl;
    return 0;
  } catch (const chatapps::ChatAppsError& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
