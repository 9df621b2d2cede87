// The file through which the processes of one user on one machine share their pacing.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "pacing/host_slots.hpp"

namespace chatapps::pacing {

/// Why the file can not be used; the text says what and where.
class HostFileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A mapping of the file. It is the user's own, closed to others, of the right size and kind, or it isn't opened.
///
/// An empty file becomes a valid table by growing, and all its steps are the same whoever takes them, so any number of
/// processes may make it at once and be killed while they do.
class HostFile {
 public:
  /// Makes the file where it is missing. An empty path means the user's own place. Throws HostFileError.
  explicit HostFile(const std::string& path);
  HostFile(const HostFile&) = delete;
  HostFile& operator=(const HostFile&) = delete;
  ~HostFile();

  /// False once it was deleted or cut: others use another file then, or none.
  bool isStillThere() const noexcept;

  HostSlots& slots() noexcept { return slots_; }

 private:
  struct Unmap {
    void operator()(void* memory) const noexcept;
  };
  int descriptor_ = -1;
  std::unique_ptr<void, Unmap> memory_;
  HostSlots slots_{nullptr};
};

}  // namespace chatapps::pacing
