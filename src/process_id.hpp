// Which process this is: a child of fork() must not go on with what its parent had.
#pragma once

#ifdef _WIN32
#include <process.h>
#else
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#endif

namespace chatapps {

#ifdef _WIN32
inline long processId() noexcept { return _getpid(); }
#elif defined(MADV_WIPEONFORK)
/// The answer is kept where the system puts zeros for each child, however the child came to be: each call asks several
/// times, and each question to the system would cost as much as a part of the call itself.
struct alignas(4096) PageOfProcess {
  static constexpr std::size_t kBytes = 4096;
  std::atomic<long> id{0};
};
inline PageOfProcess pageOfProcess;
// An emulator that answers yes to everything wipes nothing. Where pages are larger it would wipe what is beside this one.
inline const bool forkWipes = sysconf(_SC_PAGESIZE) == PageOfProcess::kBytes &&
                              madvise(&pageOfProcess, PageOfProcess::kBytes, -1) != 0 &&
                              madvise(&pageOfProcess, PageOfProcess::kBytes, MADV_WIPEONFORK) == 0;

inline long processId() noexcept {
  if (!forkWipes) return getpid();
  long id = pageOfProcess.id.load(std::memory_order_relaxed);
  if (id == 0) pageOfProcess.id = id = getpid();
  return id;
}
#else
inline long processId() noexcept { return getpid(); }
#endif

}  // namespace chatapps
