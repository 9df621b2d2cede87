// The file of a checkpoint: lines are added to it, and now and then it is replaced as a whole.
#pragma once

#include <string>
#include <string_view>

#include "process_id.hpp"

namespace chatapps::track {

/// Throws CheckpointError. Locked against other trackers as long as it lives. Not thread-safe. A child of fork() shares
/// its parent's lock and would write over what the parent writes: there, nothing is written.
class CheckpointFile {
 public:
  /// Opens the file, or makes an empty one that only this user can read.
  explicit CheckpointFile(std::string path);
  CheckpointFile(const CheckpointFile&) = delete;
  CheckpointFile& operator=(const CheckpointFile&) = delete;
  ~CheckpointFile();

  std::string read() const;

  /// Throws in a child of the process that opened it, as `append` and `replace` do.
  void refuseInChild() const;

  /// What is behind the first `bytes` is overwritten by what is added next.
  void keep(std::size_t bytes) noexcept { size_ = bytes; }
  /// Either all of it is added or nothing. `durable`: it is on the disk when this returns.
  void append(std::string_view text, bool durable);
  /// Takes the place of all that is there, at once: whoever opens the file sees the old text or the new. Its mode stays,
  /// and a link that leads to it.
  void replace(std::string_view text);

 private:
  const std::string path_;
  std::string target_;  ///< without links
  const long process_ = processId();
  int descriptor_ = -1;
  std::size_t size_ = 0;
};

}  // namespace chatapps::track
