// The error that a piece of code ends with, as a value that a test can look into.
#pragma once

#include <gtest/gtest.h>

#include <exception>
#include <optional>
#include <string>
#include <typeinfo>
#include <utility>

namespace chatapps::support {

/// Runs `code`, which must throw exactly an `Error` (not a child of it), and returns a copy. Fails the test by an
/// exception of its own otherwise, which says what came instead.
template <class Error, class Code>
Error caught(Code&& code) {
  std::string instead = "nothing";
  try {
    std::forward<Code>(code)();
  } catch (const std::exception& error) {
    if (typeid(error) == typeid(Error)) return dynamic_cast<const Error&>(error);
    instead = std::string(typeid(error).name()) + ": " + error.what();
  }
  throw std::logic_error(std::string("expected ") + typeid(Error).name() + ", but it threw " + instead);
}

}  // namespace chatapps::support
