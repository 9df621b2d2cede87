// The loop on which a synchronous call runs.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "http/loop.hpp"

namespace chatapps::http {

/// The loop that this thread runs already, where the call is made from within a callback or a bulk run of the same
/// client; else a loop of its own. Beside the outer loop, a second one would wait in vain for a slot whose turn belongs to
/// a call of the first.
class ThreadLoop {
 public:
  ThreadLoop(std::shared_ptr<Clock> clock, std::shared_ptr<Transport> transport, std::shared_ptr<WirePool> wires)
      : loop_(Loop::aroundThis(wires.get())) {
    if (!loop_) loop_ = &own_.emplace(std::move(clock), std::move(transport), std::move(wires));
  }

  Loop& operator*() const noexcept { return *loop_; }
  Loop* operator->() const noexcept { return loop_; }

 private:
  std::optional<Loop> own_;
  Loop* loop_;
};

}  // namespace chatapps::http
