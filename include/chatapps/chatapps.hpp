/// @file chatapps.hpp
/// Everything but the optional parts (`coroutine.hpp`, `redis_pacer.hpp`, `testing/`).
#pragma once

#include "chatapps/bulk.hpp"
#include "chatapps/cancellation.hpp"
#include "chatapps/client.hpp"
#include "chatapps/clock.hpp"
#include "chatapps/delivery.hpp"
#include "chatapps/errors.hpp"
#include "chatapps/message_detail.hpp"
#include "chatapps/observer.hpp"
#include "chatapps/options.hpp"
#include "chatapps/outcome.hpp"
#include "chatapps/pacer.hpp"
#include "chatapps/pacing.hpp"
#include "chatapps/printable.hpp"
#include "chatapps/timestamp.hpp"
#include "chatapps/transport.hpp"
#include "chatapps/version.hpp"
#include "chatapps/vocabulary.hpp"
