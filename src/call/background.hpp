// The one thread that runs a client's asynchronous calls.
#pragma once

#include <functional>
#include <memory>

#include "call/engine.hpp"
#include "call/flight.hpp"

namespace chatapps::call {

/// Thread-safe. Destroying it ends every call under way in `CancelledError`, and waits until each was told; from within a
/// callback of its own it does not wait, and the thread ends by itself. Two that are destroyed within each other's callbacks
/// wait for good. The exit of the program ends it as well.
class Background {
 public:
  explicit Background(std::shared_ptr<Engine> engine);
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  ~Background();

  /// `onDone` is called exactly once, on this object's thread; it is taken, unless this throws. Throws CancelledError once
  /// the program exits.
  void start(CallRequest request, Flight::OnDone& onDone);

  /// The same for who may come once this object is gone: throws CancelledError then as well.
  StartCall starter() const;

  /// Runs something else there.
  void run(std::function<void()> job);

 private:
  struct Work;
  std::shared_ptr<Work> work_;
};

}  // namespace chatapps::call
