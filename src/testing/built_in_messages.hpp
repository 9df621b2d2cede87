// The messages that every sandbox knows unless told otherwise.
#pragma once

#include <string>
#include <vector>

#include "chatapps/testing/sandbox.hpp"

namespace chatapps::testing {

struct BuiltInMessage {
  std::string story;
  SandboxMessage message;
};

std::vector<BuiltInMessage> builtInMessages();

}  // namespace chatapps::testing
