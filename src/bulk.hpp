// Many calls on one loop, on the caller's thread.
#pragma once

#include <memory>

#include "call/engine.hpp"
#include "chatapps/bulk.hpp"

namespace chatapps {

BulkSummary runBulk(std::shared_ptr<call::Engine> engine, const MessageSource& source, const BulkSink& sink,
                    BulkOptions options);

}  // namespace chatapps
