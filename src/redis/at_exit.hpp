// The Redis thread is to be over before OpenSSL is. As call/at_exit.hpp has it, which a shared library hides.
#pragma once

#include <memory>

namespace chatapps::redis {

class Worker;

/// `exit()`, or the unloading of what this is linked into, stops `worker` if it is still there: before OpenSSL's own end,
/// which is registered first, and in this process only. At once where that has come already. Thread-safe.
void endAtExit(const std::shared_ptr<Worker>& worker);

}  // namespace chatapps::redis
