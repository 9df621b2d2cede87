// Threads that are to be over before the libraries that they use are.
#pragma once

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "of_process.hpp"

namespace chatapps {

/// What `exit()`, or the unloading of what this is linked into, ends if it is still there, in this process only.
/// `Work::end()` comes on any thread, and maybe not for the first time. Thread-safe.
template <class Work>
class EndsAtExit {
 public:
  /// The end comes before that of whatever had registered its own before the first call. False: it has come already.
  static bool add(const std::shared_ptr<Work>& work) {
    static const AtExit atExit;
    EndsAtExit& mine = ofProcess<EndsAtExit>();
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
      for (const auto& work : ofProcess<EndsAtExit>().takeAll()) {
        if (const auto here = work.lock()) here->end();
      }
    }
  };

  std::vector<std::weak_ptr<Work>> takeAll() {
    const std::lock_guard<std::mutex> lock(mutex_);
    over_ = true;
    return std::exchange(works_, {});
  }

  std::mutex mutex_;
  bool over_ = false;
  std::vector<std::weak_ptr<Work>> works_;
};

}  // namespace chatapps
