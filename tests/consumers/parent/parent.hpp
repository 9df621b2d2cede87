#pragma once
#include <chatapps/message_detail.hpp>

bool reachedItsReader(const chatapps::MessageDetail& record);
