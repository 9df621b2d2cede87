// Decodes a body N times, to be counted from outside:
//   valgrind --tool=callgrind decode_once N [RECORDS] [dom]     the difference of two N is what one decode costs
// It says itself how many allocations one decode makes.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

#include "benchmark/bodies.hpp"
#include "decode/message_details.hpp"
#include "support/dom_decode.hpp"

namespace {
std::size_t allocations = 0;
}

// Not inlined: g++ would see only one half of a pair.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* made = std::malloc(size)) return made;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* made) noexcept { std::free(made); }
[[gnu::noinline]] void operator delete(void* made, std::size_t) noexcept { std::free(made); }

int main(int argc, char** argv) {
  const long times = argc > 1 ? std::atol(argv[1]) : 1;
  const std::size_t records = argc > 2 ? static_cast<std::size_t>(std::atol(argv[2])) : 1;
  const bool dom = argc > 3 && std::strcmp(argv[3], "dom") == 0;
  const std::string body = chatapps::testing::body(records);
  std::size_t decoded = 0;
  allocations = 0;
  for (long i = 0; i < times; ++i) {
    if (dom) {
      decoded += chatapps::testing::domDecode(body)->size();
    } else {
      decoded += std::get<chatapps::MessageDetails>(chatapps::decode::messageDetails(body)).size();
    }
  }
  std::printf("%zu bytes, %zu records, %.2f allocations a decode\n", body.size(), decoded,
              times > 0 ? static_cast<double>(allocations) / static_cast<double>(times) : 0.0);
  return decoded == records * static_cast<std::size_t>(times) ? 0 : 1;
}
