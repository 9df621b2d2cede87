// Threads that are to be over before the libraries that they use are.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "process_id.hpp"

namespace chatapps {

/// What `exit()`, or the unloading of what this is linked into, ends if it is still there, in this process only.
/// `Work::end()` comes on any thread, and maybe not for the first time. Thread-safe.
template <class Work>
class EndsAtExit {
 public:
  /// The end comes before that of whatever had registered its own before the first call. False: it has come already.
  static bool add(const std::shared_ptr<Work>& work) {
    static const AtExit atExit;
    EndsAtExit& mine = ofProcess();
    const std::lock_guard<std::mutex> lock(mine.mutex_);
    const auto isGone = [](const std::weak_ptr<Work>& other) { return other.expired(); };
    mine.works_.erase(std::remove_if(mine.works_.begin(), mine.works_.end(), isGone), mine.works_.end());
    if (!mine.over_) mine.works_.push_back(work);
    return !mine.over_;
  }

 private:
  struct AtExit {
    AtExit() = default;
    AtExit(const AtExit&) = delete;
    AtExit& operator=(const AtExit&) = delete;
    ~AtExit() {
      for (const auto& work : ofProcess().takeAll()) {
        if (const auto here = work.lock()) here->end();
      }
    }
  };

  // Never destroyed: who ends late must find it. A child of fork() has none of the threads.
  static EndsAtExit& ofProcess() {
    static std::atomic<EndsAtExit*> current{nullptr};
    EndsAtExit* mine = current.load();
    while (mine == nullptr || mine->process_ != processId()) {
      auto made = std::make_unique<EndsAtExit>();
      if (current.compare_exchange_strong(mine, made.get())) mine = made.release();
    }
    return *mine;
  }

  std::vector<std::weak_ptr<Work>> takeAll() {
    const std::lock_guard<std::mutex> lock(mutex_);
    over_ = true;
    return std::exchange(works_, {});
  }

  const long process_ = processId();
  std::mutex mutex_;
  bool over_ = false;
  std::vector<std::weak_ptr<Work>> works_;
};

}  // namespace chatapps
