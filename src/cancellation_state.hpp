// What a CancellationSource and its tokens share.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "chatapps/cancellation.hpp"

namespace chatapps {

class CancellationToken::State {
 public:
  /// Runs `onCancel` on the thread that cancels, or at once where that has happened. It is quick and does not throw.
  std::uint64_t add(std::function<void()> onCancel);
  /// After it returns, the callback neither runs nor will run.
  void remove(std::uint64_t id);
  void cancel();
  bool isCancelled() const;

 private:
  mutable std::mutex mutex_;
  bool cancelled_ = false;
  std::uint64_t nextId_ = 1;
  std::map<std::uint64_t, std::function<void()>> callbacks_;
};

/// Hears of a token's cancellation for as long as it lives.
class CancellationWatch {
 public:
  CancellationWatch() = default;
  CancellationWatch(const CancellationToken& token, std::function<void()> onCancel) : state_(token.state()) {
    if (state_) id_ = state_->add(std::move(onCancel));
  }
  CancellationWatch(CancellationWatch&& other) noexcept : state_(std::move(other.state_)), id_(other.id_) {}
  CancellationWatch& operator=(CancellationWatch&& other) noexcept {
    std::swap(state_, other.state_);
    std::swap(id_, other.id_);
    return *this;
  }
  ~CancellationWatch() {
    if (state_) state_->remove(id_);
  }

 private:
  std::shared_ptr<CancellationToken::State> state_;
  std::uint64_t id_ = 0;
};

}  // namespace chatapps
