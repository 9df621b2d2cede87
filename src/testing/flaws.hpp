// What can not work in a sandbox's set-up.
#pragma once

#include <optional>
#include <string>

#include "chatapps/testing/sandbox.hpp"

namespace chatapps::testing {

/// What is wrong, what is allowed, and where: a JSON pointer into the checked value, as the scenario file spells it.
struct Flaw {
  std::string where;
  std::string problem;
};

// The first flaw of each, if there is one.
std::optional<Flaw> flawOf(const SandboxOptions& options);
std::optional<Flaw> flawOf(const SandboxStep& step);
std::optional<Flaw> flawOf(const SandboxMessage& message);
std::optional<Flaw> flawOf(const SandboxFault& fault);
std::optional<Flaw> flawOf(const SandboxScenario& scenario);

/// Throws InvalidArgumentError where there is a flaw. `argument` names the checked value.
void rejectFlaw(const std::optional<Flaw>& flaw, const std::string& argument);

}  // namespace chatapps::testing
