// An environment variable that is another one for a while.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace chatapps::support {

/// Sets the variable, or takes it away (nullopt), and puts back at its end what was there. Not beside threads that read it.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const std::optional<std::string>& value) : name_(name) {
    if (const char* const before = std::getenv(name)) before_ = before;
    set(value);
  }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;
  ~ScopedVariable() { set(before_); }

  void set(const std::optional<std::string>& value) const {
    value ? ::setenv(name_, value->c_str(), 1) : ::unsetenv(name_);
  }

 private:
  const char* const name_;
  std::optional<std::string> before_;
};

}  // namespace chatapps::support
