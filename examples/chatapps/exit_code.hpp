/// @file exit_code.hpp
/// What the program's exit codes mean. Scripts rely on them.
#pragma once

namespace chatapps::cli {

enum ExitCode : int {
  kDone = 0,
  kOutputFailed = 1,  ///< standard output could not be written, or something that no other code covers
  kUsage = 2,
  kBadRequest = 3,
  kNotAllowed = 4,
  kNotFound = 5,
  kRateLimit = 6,
  kServer = 7,
  kTransport = 8,
  kTimeout = 9,
  kDecode = 10,
  kEndedOtherwise = 11,  ///< wait, track: undelivered, or a goal that can not be reached
  kSomeFailed = 12,
  kTls = 13,
  kInterrupted = 130,
  kReaderGone = 141,  ///< what a shell says of a program that SIGPIPE ended
};

}  // namespace chatapps::cli
