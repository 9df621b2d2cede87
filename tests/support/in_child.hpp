// Code that runs in a child of fork().
#pragma once

#include <sys/wait.h>
#include <unistd.h>

namespace chatapps::support {

/// Whether `code`, run in a child, returned true.
template <class Code>
bool inChild(Code code) {
  const pid_t child = fork();
  if (child == 0) _exit(code() ? 0 : 1);
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace chatapps::support
