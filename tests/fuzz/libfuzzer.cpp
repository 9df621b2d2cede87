// Hands what libFuzzer makes up to the target that this program was linked with.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto& target : chatapps::fuzz::targets())
    target.run(std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
