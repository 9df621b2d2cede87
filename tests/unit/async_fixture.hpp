// Asynchronous calls in virtual time.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <utility>

#include "unit/client_fixture.hpp"

namespace chatapps {

using Result = Outcome<MessageDetails>;

class AsyncFixture : public ClientFixture {
 protected:
  /// What a call's callback was given, once.
  struct Told {
    std::promise<Result> promise;
    std::atomic<int> times{0};
    std::function<void(Result)> callback() {
      return [this](Result result) {
        if (++times == 1) promise.set_value(std::move(result));
      };
    }
    Result wait() { return promise.get_future().get(); }
  };
};

}  // namespace chatapps
