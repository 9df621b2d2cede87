#include "memory.hpp"

#include <fstream>
#include <stdexcept>
#include <string>

namespace chatapps::support {
namespace {

std::size_t kilobytesOf(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.compare(0, field.size(), field) == 0) return std::stoul(line.substr(field.size()));
  }
  throw std::runtime_error("no " + field + " in /proc/self/status");
}

}  // namespace

void forgetPeakMemory() {
  std::ofstream clear("/proc/self/clear_refs");
  if (!(clear << "5" << std::flush)) throw std::runtime_error("/proc/self/clear_refs can not be written");
}

std::size_t peakMemoryBytes() { return kilobytesOf("VmHWM:") * 1024; }
std::size_t residentMemoryBytes() { return kilobytesOf("VmRSS:") * 1024; }

}  // namespace chatapps::support
