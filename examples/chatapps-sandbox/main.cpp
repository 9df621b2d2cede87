// chatapps-sandbox: an imitation of the API that any HTTP client can ask.
#include <chatapps/errors.hpp>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>
#include <utility>

#include "command_line.hpp"
#include "http_front.hpp"

namespace chatapps::sandbox {
namespace {

constexpr int kCanNotListen = 1;
constexpr int kUsage = 2;

// SIGINT and SIGTERM are for one thread that waits for them, and ends the process under its idle connections.
void endOnSignal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread([signals] {
    int number = 0;
    sigwait(&signals, &number);
    std::_Exit(EXIT_SUCCESS);
  }).detach();
}

int run(CommandLine commandLine) {
  // Never destroyed: threads of connections go on until the process ends.
  auto* const sandbox = new testing::Sandbox(std::move(commandLine.scenario));
  auto* const front = new HttpFront(*sandbox, commandLine.verbose);
  const int port = front->bind(commandLine.port);
  if (port < 0) {
    std::cerr << "chatapps-sandbox: can not listen on 127.0.0.1:" << commandLine.port << "; is the port taken?\n";
    return kCanNotListen;
  }
  endOnSignal();
  if (commandLine.receipts) {
    std::thread([sandbox, target = *commandLine.receipts, verbose = commandLine.verbose] {
      sendReceipts(*sandbox, target, verbose);
    }).detach();
  }
  std::cout << "listening on http://127.0.0.1:" << port << std::endl;
  front->serve();
  return kCanNotListen;
}

}  // namespace
}  // namespace chatapps::sandbox

int main(int argc, char** argv) {
  auto parsed = chatapps::sandbox::parseCommandLine(argc, argv);
  if (!parsed.commandLine) return parsed.exitCode;
  try {
    return chatapps::sandbox::run(*std::move(parsed.commandLine));
  } catch (const chatapps::InvalidArgumentError& error) {
    std::cerr << "chatapps-sandbox: " << error.what() << "\n";
    return chatapps::sandbox::kUsage;
  }
}
