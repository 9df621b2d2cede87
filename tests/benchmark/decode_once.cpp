// Decodes a body N times, to be counted from outside:
//   valgrind --tool=callgrind decode_once N [RECORDS] [dom]     the difference of two N is what one decode costs
// It prints how many allocations one decode makes.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "benchmark/allocation_count.hpp"
#include "benchmark/bodies.hpp"
#include "decode/message_details.hpp"
#include "support/dom_decode.hpp"

int main(int argc, char** argv) {
  const long times = argc > 1 ? std::atol(argv[1]) : 1;
  const std::size_t records = argc > 2 ? static_cast<std::size_t>(std::atol(argv[2])) : 1;
  const bool dom = argc > 3 && std::strcmp(argv[3], "dom") == 0;
  const std::string body = chatapps::testing::body(records);
  std::size_t decoded = 0;
  const std::size_t before = chatapps::testing::allocations();
  for (long i = 0; i < times; ++i) {
    if (dom) {
      decoded += chatapps::testing::domDecode(body)->size();
    } else {
      decoded += std::get<chatapps::MessageDetails>(chatapps::decode::messageDetails(body)).size();
    }
  }
  const auto allocated = static_cast<double>(chatapps::testing::allocations() - before);
  std::printf("allocations %.2f\n", times > 0 ? allocated / static_cast<double>(times) : 0.0);
  return decoded == records * static_cast<std::size_t>(times) ? 0 : 1;
}
