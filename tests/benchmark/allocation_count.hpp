// Counts what a program allocates through operator new, and what it sends through the functions below. A program that
// links allocation_count.cpp has both.
#pragma once

#include <cstddef>
#include <cstdlib>

namespace chatapps::testing {

/// So far, by all threads.
std::size_t allocations();

// For libcurl, which takes its memory where it is told to: see curl_global_init_mem.
void* countedMalloc(std::size_t size);
void* countedCalloc(std::size_t count, std::size_t size);
void* countedRealloc(void* made, std::size_t size);
char* countedStrdup(const char* text);

}  // namespace chatapps::testing
