// Which process this is: a child of fork() must not go on with what its parent had.
#pragma once

#ifdef _WIN32
#include <process.h>
#else
#include <unistd.h>
#endif

namespace chatapps {

inline long processId() noexcept {
#ifdef _WIN32
  return _getpid();
#else
  return getpid();
#endif
}

}  // namespace chatapps
