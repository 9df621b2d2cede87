// A tracker in virtual time, in front of a sandbox.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chatapps/chatapps.hpp"
#include "chatapps/testing/fake_clock.hpp"
#include "chatapps/testing/sandbox.hpp"
#include "support/temporary_folder.hpp"
#include "support/umid_number.hpp"

namespace chatapps {

using namespace std::chrono_literals;
using support::umidNumber;
using testing::Sandbox;

class TrackerFixture : public ::testing::Test {
 protected:
  ChatAppsClient client() {
    ClientOptions options;
    options.apiKey = key;
    options.clock = clock;
    options.transport = sandbox;
    options.retry.random = [] { return 0.5; };
    return ChatAppsClient(options);
  }

  /// Keeps what changed in `changes`.
  TrackerOptions tracking(Goal goal = Goal::Final) {
    TrackerOptions options;
    options.goal = goal;
    options.onChange = [this](const TrackedChange& change) { changes.push_back(change); };
    return options;
  }

  /// Its time begins with the first look. Gives its umid.
  std::string add(std::vector<testing::SandboxStep> steps) {
    testing::SandboxMessage message;
    message.umid = umidNumber(++added);
    message.steps = std::move(steps);
    message.fromFirstLook = true;
    return sandbox->addMessage(std::move(message));
  }

  static DeliveryReceipt receipt(const std::string& umid, Channel channel, State state) {
    DeliveryReceipt result;
    result.umid = umid;
    result.channel = std::move(channel);
    result.status.state = std::move(state);
    return result;
  }

  Clock::duration elapsed() const { return clock->now() - began; }
  std::size_t requests() const { return sandbox->requests().size(); }
  std::vector<std::string> states() const {
    std::vector<std::string> result;
    for (const TrackedChange& change : changes) result.push_back(change.report.state.text());
    return result;
  }

  std::string key = Sandbox::kApiKey;
  std::shared_ptr<testing::FakeClock> clock = std::make_shared<testing::FakeClock>();
  std::shared_ptr<Sandbox> sandbox = std::make_shared<Sandbox>();
  Clock::time_point began = clock->now();
  std::vector<TrackedChange> changes;
  int added = 0;
};

using Strings = std::vector<std::string>;

}  // namespace chatapps
