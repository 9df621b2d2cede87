// Threads that are to be over before the libraries that they use are.
#pragma once

#include <memory>

namespace chatapps::call {

class EndsAtExit {
 public:
  EndsAtExit() = default;
  EndsAtExit(const EndsAtExit&) = delete;
  EndsAtExit& operator=(const EndsAtExit&) = delete;
  virtual ~EndsAtExit() = default;

  /// Maybe not the first time, and on any thread.
  virtual void end() noexcept = 0;
};

/// `exit()`, or the unloading of this library, ends `work` if it is still there: before OpenSSL's own end, since libcurl is
/// started first, and in this process only. Thread-safe.
void endAtExit(const std::shared_ptr<EndsAtExit>& work);

}  // namespace chatapps::call
