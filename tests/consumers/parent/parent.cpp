#include "parent.hpp"

bool reachedItsReader(const chatapps::MessageDetail& record) { return record.status.state == chatapps::State::Read; }
