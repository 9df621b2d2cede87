// A thread for each connection.
#pragma once

#include <httplib.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

namespace chatapps::sandbox {

/// cpp-httplib keeps a thread for as long as a connection lives, idle ones too, so its usual eight threads are used up
/// by eight pooled connections and the ninth client waits. This starts threads on demand. They are never joined: one
/// may sit in an idle connection for as long as its client likes, and the process ends without asking it.
class ConnectionThreads final : public httplib::TaskQueue {
 public:
  // Void or bool, by the version of cpp-httplib.
  using Enqueued = decltype(std::declval<httplib::TaskQueue&>().enqueue({}));

  Enqueued enqueue(std::function<void()> connection) override;
  void shutdown() override {}

 private:
  void addThread();
  void serve();

  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<std::function<void()>> waiting_;
  std::size_t threads_ = 0;
  std::size_t idle_ = 0;
};

}  // namespace chatapps::sandbox
