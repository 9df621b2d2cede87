/// @file descriptor.hpp
/// Descriptors that others may have made non-blocking: a terminal or a pipe is shared with other programs.
#pragma once

namespace chatapps::cli {

/// After a read that failed: whether to try it again, once there is something to read.
bool waitToReadAgain(int descriptor);
/// After a write that failed: whether to try it again, once there is room.
bool waitToWriteAgain(int descriptor);

}  // namespace chatapps::cli
