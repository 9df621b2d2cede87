#include "connection_threads.hpp"

#include <system_error>
#include <thread>

namespace chatapps::sandbox {
namespace {

constexpr std::size_t kMostThreads = 1024;

}  // namespace

ConnectionThreads::Enqueued ConnectionThreads::enqueue(std::function<void()> connection) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(connection));
    if (idle_ < waiting_.size() && threads_ < kMostThreads) addThread();
  }
  work_.notify_one();
  return Enqueued(true);
}

// Where there is no room for another, those that there are take turns.
void ConnectionThreads::addThread() {
  try {
    std::thread([this] { serve(); }).detach();
    ++threads_;
  } catch (const std::system_error&) {
    if (threads_ == 0) throw;
  }
}

void ConnectionThreads::serve() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    work_.wait(lock, [this] { return !waiting_.empty(); });
    --idle_;
    const std::function<void()> connection = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    connection();
    lock.lock();
  }
}

}  // namespace chatapps::sandbox
