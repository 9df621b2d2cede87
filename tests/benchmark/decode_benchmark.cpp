// How long decoding takes, the library's way and through a document tree, side by side.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>

#include "benchmark/bodies.hpp"
#include "decode/message_details.hpp"
#include "support/dom_decode.hpp"

namespace {

void decodeByTables(benchmark::State& state) {
  const std::string body = chatapps::testing::body(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(chatapps::decode::messageDetails(body));
}

void decodeByDocumentTree(benchmark::State& state) {
  const std::string body = chatapps::testing::body(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(chatapps::testing::domDecode(body));
}

BENCHMARK(decodeByTables)->Arg(1)->Arg(3)->Arg(100);
BENCHMARK(decodeByDocumentTree)->Arg(1)->Arg(3)->Arg(100);

}  // namespace

BENCHMARK_MAIN();
