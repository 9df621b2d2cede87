// Reads a scenario file of the sandbox.
#pragma once

#include <string_view>

#include "chatapps/testing/sandbox.hpp"

namespace chatapps::decode {

/// The scenario with `defaults` where the file says nothing. Throws InvalidArgumentError with the JSON pointer to what
/// is not of the documented shape; whether the values make sense together is for the sandbox to say.
testing::SandboxScenario scenario(std::string_view json, testing::SandboxOptions defaults);

}  // namespace chatapps::decode
