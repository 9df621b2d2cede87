/// @file error_kind.hpp
/// Which error it is: the one place where the program tells the types apart.
#pragma once

#include <exception>

#include "exit_code.hpp"

namespace chatapps::cli {

/// What stands for one type of error outside C++.
struct ErrorKind {
  const char* type;  ///< the class's name
  ExitCode exitCode;
  const char* advice;  ///< what a person can do next; empty where there is nothing to say
};

ErrorKind errorKind(const std::exception& error);

}  // namespace chatapps::cli
