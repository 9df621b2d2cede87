#include "http/inbox.hpp"

#include "http/wire.hpp"

namespace chatapps::http {

bool Inbox::post(Job job) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  jobs_.push_back(std::move(job));
  if (jobs_.size() == 1 && runner_ != std::this_thread::get_id()) wake();  // for the first; it takes all
  return true;
}

void Inbox::nudge() {
  const std::lock_guard lock(mutex_);
  if (closed_ || std::exchange(nudged_, true)) return;
  wake();
}

void Inbox::wake() {
  if (wire_) wire_->wakeUp();
  clock_->wake(sleeper_);
}

Inbox::Taken Inbox::takeAll() {
  const std::lock_guard lock(mutex_);
  runner_ = std::this_thread::get_id();
  return {std::exchange(jobs_, {}), std::exchange(nudged_, false)};
}

void Inbox::close() {
  std::vector<Job> dropped;  // destroyed after the lock is released: a job may hold the last reference to much
  const std::lock_guard lock(mutex_);
  closed_ = true;
  wire_ = nullptr;
  dropped.swap(jobs_);
}

void Inbox::listenAt(Wire* wire) {
  const std::lock_guard lock(mutex_);
  wire_ = wire;
}

}  // namespace chatapps::http
