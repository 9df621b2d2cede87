// What the tests of the sandbox share.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <variant>

#include "chatapps/testing/fake_clock.hpp"
#include "chatapps/testing/sandbox.hpp"
#include "decode/message_details.hpp"

namespace chatapps::testing {

inline HttpRequest requestFor(const std::string& subAccountId, const std::string& umid,
                              const std::string& key = Sandbox::kApiKey) {
  return {"https://chatapps.8x8.com/api/v1/subaccounts/" + subAccountId + "/messages/" + umid,
          std::make_shared<const Headers>(Headers{{"authorization", "Bearer " + key}})};
}

/// A sandbox without a limit, and the clock that it is asked with.
class SandboxFixture : public ::testing::Test {
 protected:
  static constexpr const char* kUmid = "0123abcd-0000-4000-8000-00000000000f";

  static SandboxOptions unlimited() {
    SandboxOptions options;
    options.requestsPerSecond = 0;
    return options;
  }

  /// A message with this umid: Viber from 0 s on, undelivered at 10 s; SMS from 12 s on, delivered at 20 s.
  static SandboxMessage story() {
    using namespace std::chrono_literals;
    SandboxMessage message;
    message.umid = kUmid;
    message.steps = {
        {Channel::Viber,
         {{0s, State::Queued},
          {1s, State::Sent},
          {10s, State::Undelivered, StatusDetail::RejectedByOperator, 2008, "Not a Viber user"}},
         "viber-channel"},
        {Channel::SMS, {{12s, State::Queued}, {20s, State::Delivered, StatusDetail::DeliveredToRecipient}}}};
    return message;
  }

  HttpResponse ask(Sandbox& sandbox, const HttpRequest& request) { return sandbox.send(request, clock_).response; }
  HttpResponse ask(const HttpRequest& request) { return ask(sandbox_, request); }

  MessageDetails details(Sandbox& sandbox, const std::string& umid, const std::string& subAccountId = "sandbox") {
    const HttpResponse response = ask(sandbox, requestFor(subAccountId, umid));
    EXPECT_EQ(response.status, 200) << response.body;
    return std::get<MessageDetails>(decode::messageDetails(response.body));
  }
  MessageDetails details(const std::string& umid) { return details(sandbox_, umid); }

  std::string stateOf(Sandbox& sandbox, const std::string& umid) {
    return details(sandbox, umid).back().status.state.text();
  }
  std::string stateOf(const std::string& umid) { return stateOf(sandbox_, umid); }

  FakeClock clock_;
  Sandbox sandbox_{unlimited()};
};

}  // namespace chatapps::testing
