#include "redis/at_exit.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#include "process_id.hpp"
#include "redis/worker.hpp"

namespace chatapps::redis {
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

  /// False: the end has come.
  bool add(const std::shared_ptr<Worker>& worker) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto isGone = [](const std::weak_ptr<Worker>& other) { return other.expired(); };
    workers_.erase(std::remove_if(workers_.begin(), workers_.end(), isGone), workers_.end());
    if (!over_) workers_.push_back(worker);
    return !over_;
  }

  void end() {
    std::vector<std::weak_ptr<Worker>> workers;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      over_ = true;
      workers.swap(workers_);
    }
    for (const auto& each : workers) {
      if (const auto worker = each.lock()) worker->stop();
    }
  }

 private:
  const long process_ = processId();
  std::mutex mutex_;
  bool over_ = false;
  std::vector<std::weak_ptr<Worker>> workers_;
};

/// Goes with the program or, in a library that is unloaded, with that.
struct EndsAll {
  EndsAll() = default;
  EndsAll(const EndsAll&) = delete;
  EndsAll& operator=(const EndsAll&) = delete;
  ~EndsAll() { List::ofProcess().end(); }
};

}  // namespace

void endAtExit(const std::shared_ptr<Worker>& worker) {
  // Registers OpenSSL's end, where it's asked for something; what is made later ends earlier.
  OPENSSL_init_crypto(OPENSSL_INIT_ADD_ALL_DIGESTS, nullptr);
  static const EndsAll endsAll;
  if (!List::ofProcess().add(worker)) worker->stop();
}

}  // namespace chatapps::redis
