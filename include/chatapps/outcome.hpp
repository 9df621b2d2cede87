/// @file outcome.hpp
/// A value, or the error that came instead.
#pragma once

#include <exception>
#include <utility>

namespace chatapps {

/// What an asynchronous call or a bulk item ended with. A plain value: copyable, not synchronised.
template <class T>
class Outcome {
 public:
  /// A value.
  Outcome(T value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  /// An error; not null.
  Outcome(std::exception_ptr error) noexcept : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const noexcept { return error_ == nullptr; }    ///< Whether there is a value.
  explicit operator bool() const noexcept { return ok(); }  ///< The same as `ok()`.

  /// The value; throws the typed error where there is none.
  const T& value() const& {
    if (error_) std::rethrow_exception(error_);
    return value_;
  }
  /// The same, for an outcome that is not needed any more.
  T&& value() && {
    if (error_) std::rethrow_exception(error_);
    return std::move(value_);
  }

  /// The error; null when `ok()`.
  std::exception_ptr error() const noexcept { return error_; }

 private:
  T value_{};  // default where there is an error
  std::exception_ptr error_;
};

}  // namespace chatapps
