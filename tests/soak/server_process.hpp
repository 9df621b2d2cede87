// The soak's server in a process of its own, so that its threads and memory are not the client's.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "fault_mix.hpp"

namespace chatapps::soak {

class ServerProcess {
 public:
  explicit ServerProcess(std::uint64_t seed);  ///< before this process has threads
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess();

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::vector<Seen> stop();  ///< all that it has seen

 private:
  pid_t child_ = -1;
  int channel_ = -1;
  int port_ = 0;
};

}  // namespace chatapps::soak
