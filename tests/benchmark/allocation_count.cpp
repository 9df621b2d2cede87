#include "benchmark/allocation_count.hpp"

#include <atomic>
#include <cstring>
#include <new>

namespace chatapps::testing {
namespace {

std::atomic<std::size_t> count{0};

void countOne() { count.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

std::size_t allocations() { return count.load(std::memory_order_relaxed); }

void* countedMalloc(std::size_t size) {
  countOne();
  return std::malloc(size);
}

void* countedCalloc(std::size_t number, std::size_t size) {
  countOne();
  return std::calloc(number, size);
}

void* countedRealloc(void* made, std::size_t size) {
  countOne();
  return std::realloc(made, size);
}

char* countedStrdup(const char* text) {
  const std::size_t size = std::strlen(text) + 1;
  auto* copy = static_cast<char*>(countedMalloc(size));
  if (copy) std::memcpy(copy, text, size);
  return copy;
}

}  // namespace chatapps::testing

// Not inlined: g++ would see only one half of a pair.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (void* made = chatapps::testing::countedMalloc(size)) return made;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* made) noexcept { std::free(made); }
[[gnu::noinline]] void operator delete(void* made, std::size_t) noexcept { std::free(made); }
