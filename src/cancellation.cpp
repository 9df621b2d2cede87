#include "chatapps/cancellation.hpp"

#include "cancellation_state.hpp"

namespace chatapps {

std::uint64_t CancellationToken::State::add(std::function<void()> onCancel) {
  const std::lock_guard lock(mutex_);
  if (cancelled_) {
    onCancel();
    return 0;
  }
  callbacks_.emplace(nextId_, std::move(onCancel));
  return nextId_++;
}

void CancellationToken::State::remove(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  callbacks_.erase(id);
}

void CancellationToken::State::cancel() {
  // The callbacks only leave a note in the inbox of a loop, so they run under the lock: that is what lets `remove` promise
  // that none runs after it.
  const std::lock_guard lock(mutex_);
  if (cancelled_) return;
  cancelled_ = true;
  for (const auto& [id, onCancel] : callbacks_) onCancel();
  callbacks_.clear();
}

bool CancellationToken::State::isCancelled() const {
  const std::lock_guard lock(mutex_);
  return cancelled_;
}

bool CancellationToken::isCancelled() const noexcept { return state_ && state_->isCancelled(); }

CancellationToken::CancellationToken(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}

CancellationSource::CancellationSource() : state_(std::make_shared<CancellationToken::State>()) {}

CancellationToken CancellationSource::token() const noexcept { return CancellationToken(state_); }

void CancellationSource::cancel() const { state_->cancel(); }

bool CancellationSource::isCancelled() const noexcept { return state_->isCancelled(); }

}  // namespace chatapps
