// The error that a piece of code ends with, as a value that a test can look into.
#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <utility>

#include "quick_client.hpp"

namespace chatapps::support {

/// Runs `code`, which must throw exactly an `Error` (no child of it) whose text does not hold the test key, and returns
/// a copy. Otherwise throws an exception that says what came instead, which fails the test.
template <class Error, class Code>
Error caught(Code&& code) {
  std::string instead = "nothing";
  try {
    std::forward<Code>(code)();
  } catch (const std::exception& error) {
    instead = std::string(typeid(error).name()) + ": " + error.what();
    if (instead.find(kCanaryKey) != std::string::npos) throw std::logic_error("the API key shows: " + instead);
    if (typeid(error) == typeid(Error)) return dynamic_cast<const Error&>(error);
  }
  throw std::logic_error(std::string("expected ") + typeid(Error).name() + ", but it threw " + instead);
}

}  // namespace chatapps::support
