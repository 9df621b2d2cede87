// A user's test: the testing component, without a socket.
#include <chatapps/chatapps.hpp>
#include <chatapps/testing/fake_clock.hpp>
#include <chatapps/testing/sandbox.hpp>
#include <chatapps/testing/scripted_transport.hpp>
#include <memory>

int main() {
  chatapps::ClientOptions options;
  options.apiKey = "key";
  options.clock = std::make_shared<chatapps::testing::FakeClock>();
  options.transport = std::make_shared<chatapps::testing::Sandbox>();
  try {
    chatapps::ChatAppsClient(options).getMessageDetails("demo", "00000000-0000-0000-0000-000000000000");
    return 1;
  } catch (const chatapps::ApiError&) {
    return 0;
  }
}
