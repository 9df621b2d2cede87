// Shares a rate limit among the processes of one user on one machine, through a small file.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "chatapps/pacer.hpp"

namespace chatapps::pacing {

/// No daemon, no locks: see HostSlots. Never blocks. Where the file can't be used there is no delay beyond the
/// process's own lane, and `onTrouble`, which may be empty, is told once, from whatever thread asks. `file` empty: in a
/// folder of the user's own under XDG_RUNTIME_DIR, else TMPDIR, else /tmp.
std::shared_ptr<Pacer> makeHostPacer(std::string file, std::function<void(const std::string&)> onTrouble);

}  // namespace chatapps::pacing
