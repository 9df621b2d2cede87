// What a process has one of.
#pragma once

#include <atomic>
#include <memory>

#include "process_id.hpp"

namespace chatapps {

/// The process's one T, made when it is first asked for and never destroyed: who ends late must find it, and a plain
/// pointer keeps no library from being unloaded. A child of fork() gets a fresh one: threads that it does not have may
/// hold the locks of the old one.
template <class T>
T& ofProcess() {
  struct Mine {
    const long process = processId();
    T value;
  };
  static std::atomic<Mine*> current{nullptr};
  Mine* mine = current.load();
  while (mine == nullptr || mine->process != processId()) {
    auto made = std::make_unique<Mine>();
    if (current.compare_exchange_strong(mine, made.get())) mine = made.release();
  }
  return mine->value;
}

}  // namespace chatapps
