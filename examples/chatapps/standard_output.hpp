/// @file standard_output.hpp
/// Standard output, where the results go.
#pragma once

#include <exception>
#include <stdexcept>
#include <string_view>

namespace chatapps::cli {

/// Nobody reads any more (`| head`): the program ends quietly.
class ReaderGone : public std::exception {
 public:
  const char* what() const noexcept override { return "nobody reads standard output"; }
};

/// A full disk, for example.
class OutputFailed : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Writes all of it before it returns, so that what is finished is never lost. Needs SIGPIPE to be ignored.
void writeOutput(std::string_view text);

}  // namespace chatapps::cli
