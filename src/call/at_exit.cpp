#include "call/at_exit.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "http/wire.hpp"
#include "process_id.hpp"

namespace chatapps::call {
namespace {

class List {
 public:
  // Never destroyed: who ends late must find it. A child of fork() has none of the threads.
  static List& ofProcess() {
    static std::atomic<List*> current{nullptr};
    List* mine = current.load();
    while (mine == nullptr || mine->process_ != processId()) {
      auto made = std::make_unique<List>();
      if (current.compare_exchange_strong(mine, made.get())) mine = made.release();
    }
    return *mine;
  }

  void add(const std::shared_ptr<EndsAtExit>& work) {
    const std::lock_guard lock(mutex_);
    const auto isGone = [](const std::weak_ptr<EndsAtExit>& other) { return other.expired(); };
    works_.erase(std::remove_if(works_.begin(), works_.end(), isGone), works_.end());
    works_.push_back(work);
  }

  std::vector<std::weak_ptr<EndsAtExit>> takeAll() {
    const std::lock_guard lock(mutex_);
    return std::exchange(works_, {});
  }

 private:
  const long process_ = processId();
  std::mutex mutex_;
  std::vector<std::weak_ptr<EndsAtExit>> works_;
};

/// Goes with the program or, in a library that is unloaded, with that.
struct EndsAll {
  EndsAll() = default;
  EndsAll(const EndsAll&) = delete;
  EndsAll& operator=(const EndsAll&) = delete;
  ~EndsAll() {
    for (const auto& work : List::ofProcess().takeAll()) {
      if (const auto here = work.lock()) here->end();
    }
  }
};

}  // namespace

void endAtExit(const std::shared_ptr<EndsAtExit>& work) {
  http::Wire::startLibcurl();  // which registers OpenSSL's end; what is made later ends earlier
  static const EndsAll endsAll;
  List::ofProcess().add(work);
}

}  // namespace chatapps::call
