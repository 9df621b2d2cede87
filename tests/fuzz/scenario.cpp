// A scenario file, from its bytes to a sandbox that answers.
#include <memory>

#include "chatapps/errors.hpp"
#include "chatapps/testing/fake_clock.hpp"
#include "chatapps/testing/sandbox.hpp"
#include "fuzz_target.hpp"

namespace chatapps::fuzz {
namespace {

void run(std::string_view json) {
  try {
    testing::SandboxScenario scenario = testing::readScenario(json);
    const std::string key = scenario.options.apiKeys.empty() ? "" : scenario.options.apiKeys.front();
    const std::string umid =
        scenario.messages.empty() ? testing::Sandbox::kFallbackToSms : scenario.messages.front().umid;
    testing::Sandbox sandbox(std::move(scenario));
    const testing::FakeClock clock;
    HttpRequest request;
    request.url = "https://chatapps.8x8.com/api/v1/subaccounts/sandbox/messages/" + umid;
    request.headers = std::make_shared<const Headers>(Headers{{"Authorization", "Bearer " + key}});
    for (int i = 0; i < 3; ++i) {
      const Reply reply = sandbox.send(request, clock);
      promise(reply.after >= Clock::duration::zero(), "no answer comes before it was asked for");
    }
  } catch (const InvalidArgumentError& error) {
    promisePrintable(error.what());
  }
}

const Registered registered("scenario", run);

}  // namespace
}  // namespace chatapps::fuzz
