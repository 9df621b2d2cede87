// How code of your own is tested: the sandbox stands in for 8x8, and time is the test's. No network, no waiting.
#include <chatapps/chatapps.hpp>
#include <chatapps/testing/fake_clock.hpp>
#include <chatapps/testing/sandbox.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>

using namespace std::chrono_literals;
using chatapps::testing::FakeClock;
using chatapps::testing::Sandbox;

namespace {

/// The code under test: which channel brought the message to the recipient; empty while none has.
std::string deliveredBy(const chatapps::ChatAppsClient& client, const std::string& umid) {
  for (const auto& record : client.getMessageDetails(Sandbox::kSubAccountId, umid)) {
    if (record.status.state == chatapps::State::Delivered) return record.channel.text();
  }
  return {};
}

int failures = 0;

/// A test framework does this better.
void expectEqual(const std::string& got, const std::string& wanted, const char* what) {
  if (got == wanted) return;
  ++failures;
  std::cerr << what << ": got '" << got << "', wanted '" << wanted << "'\n";
}

}  // namespace

int main() {
  const auto clock = std::make_shared<FakeClock>();
  const auto sandbox = std::make_shared<Sandbox>();
  chatapps::ClientOptions options;
  options.apiKey = Sandbox::kApiKey;
  options.transport = sandbox;
  options.clock = clock;
  const chatapps::ChatAppsClient client(options);

  // A message that starts on Viber, is not delivered there, and then goes out by SMS.
  expectEqual(deliveredBy(client, Sandbox::kLiveFallbackToSms), "", "at first");
  clock->advance(10min);
  expectEqual(deliveredBy(client, Sandbox::kLiveFallbackToSms), "SMS", "ten minutes later");

  // A gateway that fails once: the client tries again by itself.
  sandbox->addFault({chatapps::Reply{chatapps::HttpResponse{503, {}, ""}}});
  expectEqual(deliveredBy(client, Sandbox::kDeliveredOnWhatsApp), "WhatsApp", "after a 503");

  if (failures == 0) std::cout << "all is well; no time has passed\n";
  return failures == 0 ? 0 : 1;
}
