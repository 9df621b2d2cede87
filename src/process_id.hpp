// Which process this is: a child of fork() must not go on with what its parent had.
#pragma once

#ifdef _WIN32
#include <process.h>
#else
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <new>
#endif

namespace chatapps {

#ifdef _WIN32
inline long processId() noexcept { return _getpid(); }
#elif defined(MADV_WIPEONFORK)
// Each call asks several times, and each question to the system would cost as much as a part of the call itself. So the
// answer is kept where the system puts a zero for each child, however it came to be; null where the system is too old.
inline std::atomic<long>* memoryOfThisProcess() noexcept {
  void* const memory = mmap(nullptr, sizeof(long), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  if (madvise(memory, sizeof(long), MADV_WIPEONFORK) == 0) return new (memory) std::atomic<long>(0);
  munmap(memory, sizeof(long));
  return nullptr;
}
inline std::atomic<long>* const knownProcessId = memoryOfThisProcess();

inline long processId() noexcept {
  if (!knownProcessId) return getpid();
  long id = knownProcessId->load(std::memory_order_relaxed);
  if (id == 0) *knownProcessId = id = getpid();
  return id;
}
#else
inline long processId() noexcept { return getpid(); }
#endif

}  // namespace chatapps
