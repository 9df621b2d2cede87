// Wait until a message was delivered, whichever channel it takes.
//
//   CHATAPPS_API_KEY=... wait SUBACCOUNT UMID
#include <chatapps/chatapps.hpp>
#include <chrono>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  const std::string subAccountId = argc > 1 ? argv[1] : "sandbox";
  const std::string umid = argc > 2 ? argv[2] : "a0000000-0000-4000-8000-000000000009";

  chatapps::WaitOptions wait;
  wait.goal = chatapps::Goal::Delivered;
  wait.timeout = std::chrono::minutes(5);
  // What the message was sent with. With it the wait knows whether a failed channel is followed by another.
  wait.plan =
      chatapps::FallbackPlan{{{chatapps::Channel::Viber, chatapps::SuccessStatus::Delivered, std::chrono::seconds(60)},
                              {chatapps::Channel::SMS}}};

  try {
    const auto report = chatapps::ChatAppsClient::fromEnvironment().waitFor(subAccountId, umid, wait);
    for (const auto& step : report.steps) {
      std::cout << "step " << step.step << ", " << chatapps::printable(step.channel.text()) << ": "
                << (step.outcome == chatapps::StepOutcome::Won ? "delivered" : step.reason) << '\n';
    }
    return report.delivered() ? 0 : 1;
  } catch (const chatapps::WaitTimeoutError& error) {
    std::cerr << error.what() << '\n';
    if (error.lastReport()) std::cerr << "last seen: " << chatapps::printable(error.lastReport()->state.text()) << '\n';
    return 2;
  } catch (const chatapps::ChatAppsError& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
