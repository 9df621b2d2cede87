// Waiting on a loop: each look at the message is a call of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "call/engine.hpp"
#include "call/flight.hpp"
#include "wait/wait.hpp"

namespace chatapps {

/// Waits on the caller's thread.
DeliveryReport runWait(const std::shared_ptr<call::Engine>& engine, const std::string& subAccountId,
                       const std::string& umid, WaitOptions options);

/// Waits through calls that `start` starts; `onDone` is called exactly once, where those calls end.
void startWait(const std::shared_ptr<call::Engine>& engine, const std::string& subAccountId, const std::string& umid,
               WaitOptions options, const call::StartCall& start,
               const std::function<void(Outcome<DeliveryReport>)>& onDone);

}  // namespace chatapps
